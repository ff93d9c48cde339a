"""What a trained person found: about the person, or about one event, whose facts it then tells at that event's time (O3, O5, O6)."""

from msgspec.structs import replace

from policy.picture.adding import tells
from policy.state.parts import Assessed, EventPart, Seen
from policy.state.traces import Awaited
from policy.steps.compiling import in_order, mentions_of
from policy.steps.events import role_of, take_in
from policy.steps.replaying import Changed, rejudge_all
from policy.steps.work import Work
from policy.times import micros
from schemas.events import Assessment

TELLERS = frozenset({"author", "early"})
"""Roles of events that a finding can be about. Whatever is found about another's turn is told at the finding's own time."""


def judge(work: Work, record: Assessment, digest: bytes) -> None:
    """Take in an assessment. One about an event that is not known (yet) counts at its own time until that event comes."""
    at = micros(record.occurred_at)
    _at_risk(work, record, at)
    about = _about(work, record)
    own = EventPart(
        digest=digest,
        at=at,
        arrival=work.arrival,
        role=role_of(work, at),
        due=work.due,
        about=record.about_event_id,
        person=() if about else mentions_of(record),
    )
    if about:
        return take_in(work, record.event_id, own, _found(record, about, at))
    if record.about_event_id is not None:
        _await(work, record.about_event_id, record.event_id)
    return take_in(work, record.event_id, own)


def _found(record: Assessment, about: EventPart, at: int) -> tuple[Changed, ...]:
    found = mentions_of(record, source=record.event_id, at=at)
    if not found or record.about_event_id is None:
        return ()
    after = replace(about, person=in_order((*about.person, *found)))
    return (Changed(Seen(about.at, record.about_event_id, tells(after)), about, after),)


def _about(work: Work, record: Assessment) -> EventPart | None:
    if record.about_event_id is None:
        return None
    part = work.draft.get(f"id/{record.about_event_id}", EventPart)
    return part if part is not None and part.role in TELLERS else None


def _await(work: Work, event: str, assessment: str) -> None:
    name = f"awaited/{event}"
    awaited = work.draft.get(name, Awaited) or Awaited()
    work.draft.put(name, Awaited(assessments=(*awaited.assessments, assessment)[-64:], due=work.due))
    work.draft.put("head", replace(work.draft.head, awaits=True))


def _at_risk(work: Work, record: Assessment, at: int) -> None:
    """A trained person's word on the at-risk status has all judged again whose findings it changes (O5)."""
    before = work.draft.head
    word = Assessed(at, record.event_id, record.adult_at_risk)
    newer = before.assessed is None or (before.assessed.at, before.assessed.event) < (at, record.event_id)
    if record.adult_at_risk != "unknown" and newer:
        work.draft.put("head", replace(before, assessed=word))
        rejudge_all(work, before)
