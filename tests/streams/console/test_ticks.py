import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.console import ticks
from streams.console.held import Came

if TYPE_CHECKING:
    from tests.streams.console.conftest import Desk

ALERT = Callable[..., Came]


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "TICK_SECONDS", 0.0)


def told(desk: "Desk", heard: str | None, *steps: Callable[[], object]) -> list[tuple[int, int]]:
    """How many emergencies each tick tells of, new and again: the first tick, and one after each step."""

    async def listen() -> list[tuple[int, int]]:
        stream, found = ticks.ticks(desk.feed, ticks.read(heard)), []
        for step in (lambda: None, *steps):
            step()
            tick = json.loads((await anext(stream))["data"])
            found.append((tick["new"], tick["again"]))
        await stream.aclose()  # type: ignore[attr-defined]  # it is a generator
        return found

    return asyncio.run(listen())


def test_a_new_emergency_is_told_once(desk: "Desk", alert: ALERT) -> None:
    """The stream tells of an emergency that came since it began, once; not of those that were there, nor of one written twice."""
    desk.read(alert())
    new = alert(alert_id="a2", case_id="k2")

    assert told(desk, None, lambda: desk.read(alert(), new), lambda: None) == [(0, 0), (1, 0), (0, 0)]


def test_an_escalation_is_no_new_emergency(desk: "Desk", alert: ALERT) -> None:
    """What is told again of a case is counted apart."""
    again = alert(alert_id="a2", sequence=2, change="escalated")

    assert told(desk, "-", lambda: desk.read(alert()), lambda: desk.read(again)) == [(0, 0), (1, 0), (0, 1)]


def test_what_came_while_a_browser_was_away_is_told(desk: "Desk", alert: ALERT) -> None:
    """A browser that says what it heard last is told of all that came later, once, and of nothing before."""
    desk.read(alert(), alert(alert_id="a2", case_id="k2"))

    assert told(desk, "0:0", lambda: None) == [(1, 0), (0, 0)]
    assert told(desk, "0:1") == [(0, 0)]


def test_nothing_is_new_while_all_is_being_read(desk: "Desk", alert: ALERT) -> None:
    """After a restart the backlog is not told as news, but what the browser has not heard of is, once all is read."""
    desk.read(alert(), alert(alert_id="a2", case_id="k2"))
    desk.feed.current_at = None

    assert told(desk, "0:0", lambda: None, desk.read) == [(0, 0), (0, 0), (1, 0)]
    desk.feed.current_at = None
    assert told(desk, "", desk.read, lambda: None) == [(0, 0), (0, 0), (0, 0)]


def test_a_topic_made_anew_is_heard(desk: "Desk", alert: ALERT) -> None:
    """A browser that heard more than there is hears what comes next."""
    desk.read()

    assert told(desk, "0:99,3:7", lambda: desk.read(alert())) == [(0, 0), (1, 0)]


@given(st.dictionaries(st.integers(0, 1000), st.integers(0, 2**60)))
def test_what_was_heard_travels_whole(heard: dict[int, int]) -> None:
    """What is written is read again as it was."""
    assert ticks.read(ticks.written(heard)) == heard


@pytest.mark.parametrize("text", [None, "", "x", "1", "1:2:3", "1:", ",", "<script>"])
def test_what_cannot_be_read_was_not_heard(text: str | None) -> None:
    """Anything else is from now on."""
    assert ticks.read(text) is None
