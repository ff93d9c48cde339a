import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.review import Review
from streams.answering import assessment, response
from streams.errors import SettingsError
from streams.inbox import Asked

RAISED = datetime(2026, 11, 1, 12, tzinfo=UTC)
NOW = RAISED + timedelta(minutes=1)
SAID: dict[str, Any] = {"responder_id": "s-1", "what": (), "with_whom": (), "reason": None, "hold_notice": False}


def asked(**fields: Any) -> Asked:
    """A review that asks for the means and the plan."""
    base: dict[str, Any] = {
        "review_id": "r1",
        "case_id": "c1",
        "sequence": 1,
        "change": "opened",
        "person_id": "u1",
        "event_id": "e1",
        "occurred_at": RAISED,
        "raised_at": RAISED,
        "respond_by": RAISED,
        "late_by_seconds": 0,
        "reasons": ("E1 incomplete",),
        "person_at_risk": "author",
        "question": ("suicide.means", "suicide.plan"),
        "urgency": "now",
    }
    return Asked(Review(**(base | fields)), "u1")


def test_an_answer_becomes_an_assessment_of_the_event() -> None:
    """The facts answered stand in one concern of their kind, about the review's event; what was not answered is left out."""
    made = json.loads(assessment(asked(), "a1", NOW, "s-1", ["means=no", "suicide.plan=yes"]))
    assert made["about_event_id"] == "e1"
    assert made["assessor_id"] == "s-1"
    assert made["concerns"] == [{"kind": "suicide", "means": "no", "plan": "yes"}]


@pytest.mark.parametrize(
    ("fields", "answers", "why"),
    [
        ({}, ["taken=yes"], "not one thing that this review asks"),
        ({}, ["means=never"], "no answer to `suicide.means`: choose from `yes`, `no`, `unknown`"),
        ({}, ["means"], "no answer to `suicide.means`"),
        ({}, ["means=no", "means=yes"], "answered twice"),
        ({"person_at_risk": "sibling"}, ["means=no"], "has no `ref`"),
        ({"event_id": None}, ["means=no"], "about an event"),
    ],
)
def test_what_cannot_be_an_answer_is_refused(fields: dict[str, Any], answers: list[str], why: str) -> None:
    """An answer to another question, with another value, twice, or about nobody known writes nothing."""
    with pytest.raises(SettingsError, match=why):
        assessment(asked(**fields), "a1", NOW, "s-1", answers)


def test_an_answer_about_another_person_keeps_who_it_is() -> None:
    """A person at risk with a ref is named by it."""
    (concern,) = json.loads(assessment(asked(person_at_risk="sibling:s1"), "a1", NOW, "s-1", ["means=no"]))["concerns"]
    assert concern["person_at_risk"] == {"relation": "sibling", "ref": "s1"}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"state": "reported"}, "--what and --with-whom"),
        ({"state": "not_reported"}, "--reason"),
        ({"state": "resolved", "hold_notice": True}, "--reason"),
        ({"state": "resolved", "responder_id": ""}, "--as"),
    ],
)
def test_a_response_that_says_too_little_is_refused(said: dict[str, Any], why: str) -> None:
    """What was reported and to whom, and why not, must be said."""
    with pytest.raises(SettingsError, match=why):
        response(asked(), "r1", NOW, SAID | said)


def test_a_clock_behind_the_alert_is_refused() -> None:
    """A response dated before its alert would answer nothing, silently: it is not written."""
    with pytest.raises(SettingsError, match="clock is behind"):
        response(asked(), "r1", RAISED - timedelta(seconds=1), SAID | {"state": "resolved"})
