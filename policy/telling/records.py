"""Alerts, referrals and reviews as they travel, made of what they share."""

from typing import Any

from policy.rules import RespondWithin
from policy.state.cases import Shared
from policy.telling.decisions import evidence
from policy.times import SECOND, moment
from schemas.alert import Alert, Referral
from schemas.review import Review, Source

ALERTS = "emergency-alerts"
REFERRALS = "non-emergency-referrals"
REVIEWS = "reviews"
TOPICS = (ALERTS, REFERRALS, REVIEWS)


def wait(topic: str, urgency: str | None, within: RespondWithin) -> int:
    """How long somebody may take to answer, in microseconds."""
    seconds = {
        ALERTS: within.emergency,
        REFERRALS: within.referral,
        REVIEWS: {"now": within.review_now, "today": within.review_today}.get(urgency or "", within.review_routine),
    }[topic]
    return seconds * SECOND


def record(  # noqa: PLR0913 - one argument for each thing that the three records share
    topic: str,
    said: Shared,
    *,
    output_id: str,
    case_id: str | None,
    sequence: int,
    change: str,
    person_id: str | None,
    raised: int,
    respond_by: int,
    source: tuple[str, int, int] | None = None,
    count: int | None = None,
) -> Alert | Referral | Review:
    """One output on a topic. `raised` and `respond_by` in microseconds."""
    shared: dict[str, Any] = {
        "case_id": case_id,
        "sequence": sequence,
        "change": change,
        "person_id": person_id,
        "event_id": said.event,
        "occurred_at": None if said.occurred is None else moment(said.occurred),
        "raised_at": moment(raised),
        "respond_by": moment(respond_by),
        "late_by_seconds": said.late,
        "clauses": said.clauses,
        "reasons": said.reasons,
        "recipients": said.recipients,
        "service": said.place.service,
        "conversation_id": said.place.conversation_id,
        "post_id": said.place.post_id,
        "thread_id": said.place.thread_id,
        "evidence": evidence(said.evidence),
        "person_at_risk": said.person_at_risk,
        "age": said.age,
        "trace": said.trace,
    }
    if topic == ALERTS:
        return Alert(alert_id=output_id, **shared)
    if topic == REFERRALS:
        return Referral(referral_id=output_id, **shared)
    where = None if source is None else Source(topic=source[0], partition=source[1], offset=source[2])
    return Review(review_id=output_id, question=said.question, urgency=said.urgency or "now", source=where, count=count, **shared)
