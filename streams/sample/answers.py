"""Responders for the sample: they answer what comes out, as people would, so that notices become due and cases close.

The ids of alerts follow from events and policy, and are known once the events are judged; so answers are made afterwards.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from streams.sample.line import Line, stamp

IDS = {"emergency-alerts": "alert_id", "non-emergency-referrals": "referral_id", "reviews": "review_id"}
PACE = timedelta(seconds=20)
_HELD = "the phone may be one that somebody else reads"
_DECLINED = "spoke with them; not what it seemed"


def _answer(told: Mapping[str, Any], alert_id: str, state: str, at: datetime, **more: object) -> Line:
    event_id = f"r-{state}-{alert_id}"[:128]
    said = {"schema": "response/1", "event_id": event_id, "person_id": told["person_id"], "alert_id": alert_id, "responder_id": "s-1"}
    return Line(at, "responses", told["person_id"], {**said, "state": state, "occurred_at": stamp(at), **more})


def _shared(topic: str, told: Mapping[str, Any], number: int) -> tuple[str, dict[str, object]]:
    """What the responder did: mostly report; at times hold the notice, or not report at all."""
    if number % 5 == 4:  # noqa: PLR2004  one in five
        return "not_reported", {"reason": _DECLINED}
    whom = ["999"] if topic == "emergency-alerts" else list(told["recipients"])
    held = {"hold_notice": True, "reason": _HELD} if number % 5 == 2 else {}  # noqa: PLR2004  one in five
    return "reported", {"what": [f"clause {clause}" for clause in told["clauses"]], "with_whom": whom, **held}


def answers(topic: str, told: Mapping[str, Any], number: int, at: datetime) -> list[Line]:
    """The answers to the `number`-th alert, referral or review, at this moment; none where it is left waiting (every third review)."""
    if topic not in IDS or told.get("person_id") is None or told["change"] == "escalated":
        return []
    alert_id = told[IDS[topic]]
    if topic == "reviews":
        return [] if number % 3 == 0 else [_answer(told, alert_id, "acknowledged", at), _answer(told, alert_id, "resolved", at)]
    state, more = _shared(topic, told, number)
    return [_answer(told, alert_id, "acknowledged", at), _answer(told, alert_id, state, at, **more)]


def all_answers(judged: Iterable[Mapping[str, Any]], after: datetime) -> list[Line]:
    """The answers to all that `vigil assess` wrote, one after the other from a moment on."""
    said: list[Line] = []
    number = 0
    for output in judged:
        found = answers(output["topic"], output["value"], number, after + PACE * (number + 1)) if output["topic"] in IDS else []
        number += bool(found)
        said += found
    return said
