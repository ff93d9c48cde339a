"""Canaries: made-up emergencies that pass through all of the pipeline, and reach nobody.

What makes a record a canary is the topic that it was read from and nothing that it says, so that nobody's words can be taken for one; what
comes of it goes to a topic of its own, so that none can alarm anybody, whoever wrote it. It is judged by the same rules as a message of
somebody of whom nothing is known, and leaves one part of state in its partition, in the place of the one before it.
"""

from collections.abc import Sequence

from policy.core import Rules, Step, step
from schemas.events import Message
from schemas.wire import Refusal, parse_with_digest
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging.desk import Desk
from streams.judging.memory import StateUnavailableError
from streams.judging.outputs import moment

TOPIC = "canary"
DECISIONS = "canary-decisions"
MARK = "\x02"
"""The owner of what canaries leave: no person's id begins so."""
KEPT = "id/"
"""The one part that stays: what the policy keeps of an event, under a name that no event has, since no id is empty."""
TOLD, REASON, FIELD = "vigil.canary.told", "vigil.canary.reason", "vigil.canary.field"
"""Headers of an answer: the topics that would have been written to; or why the record could not be judged."""


def answer(record: SourceRecord, desk: Desk, rules: Rules, max_record_bytes: int) -> Sequence[OutputRecord]:
    """What a canary's sender is told: its decision, or why there is none. Nobody else is told anything.

    Raises only what stops the worker for any record: the state does not answer, or memory is out.
    """
    if record.value is not None and len(record.value) > max_record_bytes:
        return [_refused(record, Refusal("too_large"), desk)]
    try:
        done = _judged(record, desk, rules)
    except (StateUnavailableError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - as for any record (U2); but it is told to the canary's sender, and to no supervisor
        done = Refusal("internal")
    return [_refused(record, done, desk)] if isinstance(done, Refusal) else done


def _judged(record: SourceRecord, desk: Desk, rules: Rules) -> Sequence[OutputRecord] | Refusal:
    parsed, digest = parse_with_digest("messages", record.key, record.value)
    if not isinstance(parsed, Message):
        return parsed if isinstance(parsed, Refusal) else Refusal("unknown_schema")
    at = moment(record, desk.now)
    done = step(desk.chunk.view(MARK), parsed, digest, at, rules)
    if isinstance(done, Refusal):
        return done
    written = desk.keep(parsed.person_id, Step({}, done.outputs), at.trace)
    desk.chunk.remember(MARK, {KEPT: done.changes[f"{KEPT}{parsed.event_id}"]})
    told = (TOLD, ",".join(sorted({output.topic for output in written})).encode())
    return [output._replace(topic=DECISIONS, headers=(*output.headers, told)) for output in written if output.topic == "decisions"]


def _refused(record: SourceRecord, refusal: Refusal, desk: Desk) -> OutputRecord:
    why = ((REASON, refusal.reason.encode()), (FIELD, (refusal.field or "").encode()))
    return OutputRecord(DECISIONS, desk.partition, record.key, None, why)
