import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from streams.console.course import Course
from streams.console.feed import Feed
from streams.console.guard import Guard
from streams.console.held import Came, Held
from streams.console.pages import Views, build
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare
from tests.support.outputs import alert as told

NOW = 1_793_740_000.0
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
        self.course = Course()
        self.feed = Feed({}, dict, "vigil.", Held(), lambda: self.now)
        self.app = Guard(build(Views(self.feed, self.course, lambda: self.now)), None, None)
        self.client = TestClient(self.app, base_url="http://localhost:9180")

    def read(self, *records: Came) -> None:
        """Everything that there is has been read: these."""
        for record in records:
            self.feed.held.take(record)
        self.feed.current_at = self.now

    def sample(self) -> None:
        """One poll of the lag: one place of which nothing is known."""
        self.course.take(Poll(compare({}, {Place("vigil", "vigil.posts", 0): Reading(at=NOW)})), NOW)

    def page(self, path: str) -> str:
        """The page's HTML."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text


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
def alert() -> Callable[..., Came]:
    """Makes an alert's record."""
    return lambda **changes: came("emergency-alerts", told(**changes))


@pytest.fixture
def mark() -> str:
    """What the dead letter holds."""
    return MARK
