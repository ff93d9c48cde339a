import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from streams.console import ticks
from streams.console.course import Course
from streams.console.feed import Feed
from streams.console.guard import Guard
from streams.console.held import Came, Held
from streams.console.pages import Views, build
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare
from tests.support.outputs import alert as told
from tests.support.ports import free_ports

NOW = 1_793_740_000.0
PLACE = Place("vigil", "vigil.posts", 0)
MARK = "zebra-words-of-somebody"


def decided() -> dict[str, Any]:
    """A decision as JSON."""
    return {
        "schema": "decision/1",
        "decision_id": "d1",
        "event_id": "e1",
        "person_id": "u1",
        "occurred_at": "2026-11-03T17:00:00Z",
        "decided_at": "2026-11-03T17:00:01Z",
        "outcome": "review",
        "findings": [
            {
                "clause": "E1",
                "outcome": "review",
                "status": "incomplete",
                "because": ["suicide.thoughts"],
                "missing": ["suicide.means"],
                "evidence": [{"event_id": "e1", "start": 4, "end": 31, "fact": "suicide.thoughts", "by": "text"}],
                "person_at_risk": "author",
            }
        ],
        "review": {"reasons": ["E1 incomplete"], "missing": ["suicide.means"]},
        "enrichment": {
            "age": 15,
            "age_basis": "stated",
            "life_stage": "minor",
            "adult_at_risk": "unknown",
            "merger": "post",
            "seconds_since_merger": 5,
            "late_by_seconds": 0,
        },
        "picture": [{"person_at_risk": "author", "kind": "suicide", "ref": None, "facts": {"thoughts": "yes"}}],
        "policy": {"version": "merged", "sha256": "a" * 64},
        "reader": {"version": "one", "sha256": "b" * 64},
        "support": ["text_line"],
    }


def came(topic: str, value: dict[str, Any]) -> Came:
    """A record of a topic."""
    return Came(topic, str(value.get("person_id", "")).encode(), json.dumps(value).encode(), (), int(NOW * 1000))


def letter() -> Came:
    """A dead letter whose value and own header say something that must be shown nowhere."""
    headers = [("vigil.error.reason", b"invalid"), ("vigil.error.topic", b"posts"), ("vigil.error.offset", b"7"), ("x-own", MARK.encode())]
    return Came("dead-letters", MARK.encode(), MARK.encode(), headers, int(NOW * 1000))


class Desk:
    """A page whose feed the test fills by hand."""

    def __init__(self) -> None:
        self.now = NOW
        self.feed = Feed({}, dict, "vigil.", Held(), lambda: self.now)
        self.views = Views(self.feed, Course("vigil", 10.0), lambda: self.now)
        self.app = Guard(build(self.views), None, None)
        self.client = TestClient(self.app, base_url="http://localhost:9180")
        self._offset = 0

    def read(self, *records: Came) -> None:
        """Everything that there is has been read: these."""
        for record in records:
            self.feed.held.take(replace(record, offset=self._offset))
            self._offset += 1
        self.feed.changed += len(records)
        self.feed.current_at = self.now

    def sample(self, **values: Any) -> None:
        """One poll of the lag: one place of which this is known, now and ten seconds before; nothing where nothing is said."""
        before = Reading(at=self.now - 10, **values)
        last = replace(before, at=self.now)
        self.take(Poll(compare({PLACE: before}, {PLACE: last}) if values else compare({}, {PLACE: last})))

    def take(self, poll: Poll) -> None:
        """A poll of the lag ended."""
        self.views.course = self.views.course.taken(poll, self.now)

    def page(self, path: str) -> str:
        """The page's HTML."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text


class Served:
    """A desk on a port of its own, which can be taken away and given back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        (self._port,) = free_ports(1)
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        """Answer, with what is on the desk now."""
        config = uvicorn.Config(self.desk.app, port=self._port, log_config=None, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def stop(self) -> None:
        """End all connections."""
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def desk() -> Desk:
    """A page with nothing read yet."""
    return Desk()


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A page with one of everything."""
    desk.read(came("emergency-alerts", told()), came("decisions", decided()), letter())
    desk.sample()
    return desk


@pytest.fixture
def served(full: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The full page for browsers; its stream ticks ten times a second."""
    monkeypatch.setattr(ticks, "TICK_SECONDS", 0.1)
    page = Served(full)
    yield page
    page.stop()


@pytest.fixture
def decision() -> Callable[..., Came]:
    """Makes a decision's record."""
    return lambda **changes: came("decisions", {**decided(), **changes})


@pytest.fixture
def alert() -> Callable[..., Came]:
    """Makes an alert's record."""
    return lambda **changes: came("emergency-alerts", told(**changes))


@pytest.fixture
def mark() -> str:
    """What the dead letter holds."""
    return MARK
