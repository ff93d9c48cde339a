"""An answer to an alert, a referral or a review, made and checked before anything is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec
from pydantic import ValidationError

from schemas.base import Answer
from schemas.concerns import FACTS, KINDS
from schemas.review import Review
from schemas.wire import Refusal, parse
from streams.errors import SettingsError
from streams.inbox import Asked
from streams.waiting import identity

AUTHOR = "author"


def response(asked: Asked, event_id: str, now: datetime, said: dict[str, Any]) -> bytes:
    """A `response/1`. `said`: its own fields. Raises SettingsError where it would be refused, or would answer nothing."""
    if now < asked.told.raised_at:
        raise SettingsError("this machine's clock is behind the alert, so the answer would not count: set the clock, then try again")
    needs = {"reported": ("what", "with_whom"), "not_reported": ("reason",)}.get(said["state"], ())
    missing = [f"--{name.replace('_', '-')}" for name in needs + (("reason",) if said["hold_notice"] else ()) if not said[name]]
    if missing:
        raise SettingsError(f"`{said['state']}` says too little: give {' and '.join(dict.fromkeys(missing))}")
    shared = {"schema": "response/1", "event_id": event_id, "person_id": asked.key, "occurred_at": now.isoformat()}
    return _checked("responses", asked.key, shared | {"alert_id": identity(asked.told)} | said)


def assessment(asked: Asked, event_id: str, now: datetime, assessor: str, answers: Sequence[str]) -> bytes:
    """An `assessment/1` about a review's event, from `fact=value` or `kind.fact=value`. Raises SettingsError where it can't be made."""
    review = asked.told
    if not isinstance(review, Review) or review.person_id is None or review.event_id is None:
        raise SettingsError("`--answer` answers a review about an event, which this is not: leave it out")
    facts: dict[str, dict[str, str]] = {}
    for answer in answers:
        kind, fact, value = _split(answer, review.question)
        if facts.setdefault(kind, {}).setdefault(fact, value) != value:
            raise SettingsError(f"`{kind}.{fact}` is answered twice, differently: give it once")
    about = _about(review.person_at_risk)
    made = {"schema": "assessment/1", "event_id": event_id, "person_id": asked.key, "assessor_id": assessor, "occurred_at": now.isoformat()}
    concerns = [{"kind": kind} | about | known for kind, known in facts.items()]
    return _checked("assessments", asked.key, made | {"about_event_id": review.event_id, "concerns": concerns})


def _split(answer: str, question: Sequence[str]) -> tuple[str, str, str]:
    name, _, value = answer.partition("=")
    asked = [one for one in question if name in (one, one.partition(".")[2])]
    if len(asked) != 1:
        raise SettingsError(f"`{name}` is not one thing that this review asks: choose from {_listed(question)}")
    kind, _, fact = asked[0].partition(".")
    if kind not in KINDS or fact not in FACTS[kind]:
        raise SettingsError(f"`{asked[0]}` can't be answered from here: write an assessment where you usually do")
    try:
        KINDS[kind].model_validate({"kind": kind, fact: value or "?"})
    except ValidationError:
        raise SettingsError(f"`{value}` is no answer to `{asked[0]}`: choose from {_listed(_answers(kind, fact))}") from None
    return kind, fact, value


def _answers(kind: str, fact: str) -> Sequence[str]:
    """What a fact can be."""
    annotation = KINDS[kind].model_fields[fact].annotation
    return get_args(annotation) or get_args(Answer)


def _about(person: str | None) -> dict[str, Any]:
    """Whom it is about. Without a ref another person can't be told from a third one: an answer might go to somebody else."""
    if person is None or person == AUTHOR:
        return {}
    relation, _, ref = person.partition(":")
    if not ref:
        raise SettingsError("this review is about somebody who has no `ref`: write an assessment where you usually do")
    return {"person_at_risk": {"relation": relation, "ref": ref}}


def _checked(topic: Any, key: str, made: dict[str, Any]) -> bytes:
    value = msgspec.json.encode(made)
    refused = parse(topic, key.encode(), value)
    if isinstance(refused, Refusal):
        given = "`--as`" if refused.field in {"responder_id", "assessor_id"} else f"`{refused.field or topic}`"
        raise SettingsError(f"{given} would be refused as `{refused.reason}`: correct what was given")
    return value


def _listed(question: Sequence[str]) -> str:
    return ", ".join(f"`{one}`" for one in question) or "nothing, for it asks none"
