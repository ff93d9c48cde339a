"""Outputs made by hand, for tests of what is done with them."""

from typing import Any


def alert(**changes: Any) -> dict[str, Any]:
    """An alert as JSON."""
    alert = {
        "schema": "alert/1",
        "alert_id": "a1",
        "case_id": "k1",
        "sequence": 1,
        "change": "opened",
        "person_id": "u1",
        "event_id": "e1",
        "occurred_at": "2026-11-03T17:00:00Z",
        "raised_at": "2026-11-03T17:00:01Z",
        "respond_by": "2026-11-03T17:05:01Z",
        "late_by_seconds": 0,
        "clauses": ["E1"],
        "reasons": ["E1 applies: a plan"],
        "recipients": ["999"],
        "service": "text_line",
        "conversation_id": "c1",
        "post_id": None,
        "thread_id": None,
        "evidence": [],
        "person_at_risk": "author",
        "age": 15,
        "trace": None,
    }
    return {**alert, **changes}
