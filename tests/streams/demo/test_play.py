import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from rich.console import Console

from streams.demo.lines import JsonShow, PlainShow
from streams.demo.live import LiveShow
from streams.demo.play import Cast, Play
from streams.demo.show import Moment, Show
from streams.demo.world import Place, Seen
from streams.errors import VigilError
from streams.sample import stream
from streams.sample.line import Line
from streams.sample.tale import Span

REASON = "E4 applies: took more medication than prescribed; known: it was taken"


class Hours:
    """A clock that a world advances."""

    def __init__(self) -> None:
        self.now = int(stream.START.timestamp() * 1000)

    def __call__(self) -> int:
        """The moment, in milliseconds since the epoch."""
        return self.now


class Judged:
    """A world that decides `none` on every event at once, alerts on one, and loses those it is told to lose."""

    def __init__(self, hours: Hours, lost: Sequence[str] = ()) -> None:
        self._hours, self._lost = hours, lost
        self._out: list[Seen] = []
        self._placed: list[tuple[str, Place]] = []
        self.published: list[Line] = []

    def publish(self, line: Line, trace: str) -> None:
        """Judge a record in the moment it is published."""
        self.published.append(line)
        self._placed.append((trace, (line.topic, 0, len(self.published))))
        value = line.value if isinstance(line.value, dict) else {}
        event = value.get("event_id")
        if line.topic == "responses" or event in self._lost:
            return
        if event is None and line.topic != "profiles":
            self._write("dead-letters", None, len(self.published))
        elif event is not None:
            self._write("decisions", {"person_id": line.key, "event_id": event, "outcome": "none", "findings": ()})
            if "concerns" in value:
                self._write("emergency-alerts", _alert(line.key, event, trace))

    def _write(self, topic: str, value: Mapping[str, Any] | None, offset: int = 0) -> None:
        place = {"vigil.error.topic": "posts", "vigil.error.partition": "0", "vigil.error.offset": str(offset)}
        headers = {"ce_id": f"{len(self.published)}-{len(self._out)}", **place, "vigil.error.reason": "not_json"}
        self._out.append(Seen(topic, value, headers, self._hours.now + 7))

    def placed(self) -> Sequence[tuple[str, Place]]:
        """All at once."""
        placed, self._placed = self._placed, []
        return placed

    def seen(self, seconds: float) -> Sequence[Seen]:
        """All at once; waiting is time going on."""
        self._hours.now += int(seconds * 1000)
        out, self._out = self._out, []
        return out

    def behind(self) -> Mapping[str, int]:
        """Nothing is ever left behind."""
        return {"posts": 0}

    def check(self) -> None:
        """All is well."""


class Ended(Judged):
    """A world whose worker has died."""

    def check(self) -> None:
        """Say so."""
        raise VigilError("the worker ended with status `1`; run `vigil doctor`")


def _alert(person: str, event: str, trace: str) -> dict[str, Any]:
    told = {"alert_id": f"alert-{event}", "person_id": person, "event_id": event, "change": "opened", "sequence": 1, "trace": trace}
    return {**told, "clauses": ["E4"], "recipients": ["999"], "reasons": [REASON]}


def _cast() -> Cast:
    span = Span(stream.START, timedelta(seconds=5), stream.MERGER_AT)
    return Cast(stream.sample(60, 4, span), 60, 4)


@pytest.fixture
def hours() -> Iterator[Hours]:
    """A clock that stands still but for waiting."""
    return Hours()


def _json() -> tuple[Show, list[str]]:
    said: list[str] = []
    return JsonShow(said.append, lambda _: None), said


def test_all_is_published_answered_and_accounted_for(hours: Hours) -> None:
    """Every line is published once, alerts are answered, and the books close with nothing missing."""
    world, cast = Judged(hours), _cast()
    summary = Play(world, cast, _json()[0], hours).run()
    said = [line.value["state"] for line in world.published if line.topic == "responses" and isinstance(line.value, dict)]
    assert [line for line in world.published if line.topic != "responses"] == list(cast.lines)
    assert {"acknowledged", "reported", "not_reported"} == set(said)
    assert (summary.conserved, summary.unaccounted) == (True, [])
    assert summary.alert_milliseconds == {"p50": 7, "p99": 7}


def test_a_lost_event_is_waited_for_and_then_named(hours: Hours) -> None:
    """An event that never comes out ends the play after its patience, and the summary names it."""
    cast = _cast()
    lost = next(line.value["event_id"] for line in cast.lines if line.topic == "messages" and isinstance(line.value, dict))
    summary = Play(Judged(hours, [lost]), cast, _json()[0], hours).run()
    assert summary.unaccounted == [f"messages {lost}"]
    assert not summary.conserved


def test_a_worker_that_ends_ends_the_play(hours: Hours) -> None:
    """The play doesn't wait for a worker that is no more."""
    with pytest.raises(VigilError, match="ended with status"):
        Play(Ended(hours), _cast(), _json()[0], hours).run()


def test_json_is_an_object_a_line_and_ends_with_the_summary(hours: Hours) -> None:
    """A script reads progress, outputs and at last the summary, and nobody's words."""
    show, said = _json()
    show.finish(Play(Judged(hours), _cast(), show, hours).run())
    objects = [json.loads(line) for line in said]
    assert {thing["type"] for thing in objects} == {"progress", "output", "summary"}
    assert objects[-1]["type"] == "summary"
    assert not [line for line in said if '"text"' in line or "stepdad" in line]


def test_lines_say_outcome_clause_reason_and_recipient(hours: Hours) -> None:
    """Without a terminal, each output is a line that says what and why."""
    said: list[str] = []
    show = PlainShow(said.append, said.append)
    show.finish(Play(Judged(hours), _cast(), show, hours).run())
    assert "emergency      E4         to 999: took more medication than prescribed" in said
    assert any(line.startswith("note: embedded broker") for line in said)


def test_the_screen_is_left_as_it_was_found_when_interrupted(hours: Hours) -> None:
    """Whatever ends the demo, the alternate screen is left and the cursor is shown again."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, height=40)
    with pytest.raises(VigilError):
        _interrupt(LiveShow(console), hours)
    assert screen.getvalue().index("\x1b[?1049h") < screen.getvalue().index("\x1b[?1049l")
    assert screen.getvalue().rindex("\x1b[?25h") > screen.getvalue().rindex("\x1b[?25l")


def _interrupt(show: Show, hours: Hours) -> None:
    with show:
        play = Play(Ended(hours), _cast(), show, hours)
        show.tick(Moment(1.0, 0.5, 60, play.ledger, {}, {}))
        play.run()
