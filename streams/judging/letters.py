"""Dead letters: a record that could not be judged, as it came, with the reason in headers (U2)."""

import msgspec

from schemas.wire import Reason, Refusal
from streams.heart.ports import Headers, OutputRecord, SourceRecord
from streams.judging.headers import header
from streams.tracing import carried

TOPIC = "dead-letters"
ATTEMPTS = "vigil.error.attempts"
OURS = ("vigil.error.reason", "vigil.error.field", "vigil.error.topic", "vigil.error.partition", "vigil.error.offset", ATTEMPTS)


class Letter(msgspec.Struct, frozen=True, array_like=True):
    """What is told of a dead letter to those who raise its review: where it lies and why, nothing of what it says.

    `arrival`, in milliseconds since the epoch, is when it came this time: of one that was sent back not its first.
    """

    topic: str
    partition: int
    offset: int
    reason: Reason
    field: str | None
    arrival: int
    trace: str | None

    @property
    def origin(self) -> tuple[str, int, int]:
        """Where the record lies."""
        return self.topic, self.partition, self.offset


def letter(record: SourceRecord, refusal: Refusal) -> Letter:
    """What to tell of a refused record."""
    trace = carried(record.headers)
    return Letter(record.topic, record.partition, record.offset, refusal.reason, refusal.field, record.timestamp, trace)


def dead_letter(record: SourceRecord, refusal: Refusal, partition: int) -> OutputRecord:
    """The record unchanged: key, value, timestamp, headers; its reason, origin and count of attempts added.

    A record that was sent back and failed again carries the newest reason alone.
    """
    before = header(record.headers, ATTEMPTS)
    attempts = int(before) + 1 if before is not None and before.isdecimal() and len(before) < 6 else 1  # noqa: PLR2004 - a count, not a flood
    contents = (refusal.reason, refusal.field or "", record.topic, str(record.partition), str(record.offset), str(attempts))
    added: Headers = tuple((name, content.encode()) for name, content in zip(OURS, contents, strict=True) if content)
    kept = tuple(pair for pair in record.headers if pair[0] not in OURS)
    return OutputRecord(TOPIC, partition, record.key, record.value, (*kept, *added), record.timestamp)
