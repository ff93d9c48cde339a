"""What a canary says, and what must be said of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

import msgspec

from schemas.events import Message
from schemas.wire import Reason, write
from streams.judging.canary import REASON, TOLD
from streams.metrics.catalogue import OUTCOMES

WORDS: Final = "I have just taken far too many of my tablets"
"""An emergency at any age by the words alone, so that the way leads through the reader too."""
OUTCOME, CLAUSE, ALERTS = "emergency", "E4", "emergency-alerts"
REASONS = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said about one canary, by its name. `wrong`: what is wrong with it, in words of our own; None where it is right."""

    name: str
    partition: int
    wrong: str | None


class _Finding(msgspec.Struct):
    clause: str
    status: str


class _Decision(msgspec.Struct):
    event_id: str
    outcome: str
    findings: list[_Finding]


_decision = msgspec.json.Decoder(_Decision)


def event(name: str, at: datetime) -> bytes:
    """One canary: a message of a texter that there is not, whose every id is its name."""
    fields = {"schema": "message/1", "event_id": name, "person_id": name, "conversation_id": name, "sender": "texter", "text": WORDS}
    return write(Message.model_validate({**fields, "occurred_at": at.isoformat()}))


def read(key: bytes | None, partition: int, value: bytes | None, headers: Mapping[str, bytes]) -> Answer:
    """An answer as a worker wrote it. Whatever can't be read is wrong, and never right."""
    name = (key or b"").decode(errors="replace")
    return Answer(name, partition, _refused(headers) if value is None else _wrong(name, value, headers))


def _refused(headers: Mapping[str, bytes]) -> str:
    reason = headers.get(REASON, b"").decode(errors="replace")
    return f"it could not be judged: {reason if reason in REASONS else 'no reason is given'}"


def _wrong(name: str, value: bytes, headers: Mapping[str, bytes]) -> str | None:
    try:
        decision = _decision.decode(value)
    except msgspec.MsgspecError:
        return "its decision can't be read"
    if decision.event_id != name:
        return "its decision is about another event"
    if decision.outcome != OUTCOME:
        return f"its outcome is {decision.outcome if decision.outcome in OUTCOMES else 'unknown'} and not {OUTCOME}"
    if not any((found.clause, found.status) == (CLAUSE, "applies") for found in decision.findings):
        return f"{CLAUSE} does not apply"
    if ALERTS not in headers.get(TOLD, b"").decode(errors="replace").split(","):
        return "no alert would have been raised"
    return None
