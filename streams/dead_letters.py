"""Dead letters, looked at and sent back. Pure: what each says of itself, and what becomes of it when it is sent back."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.audit import Audit
from schemas.catalogue import READ
from schemas.review import Source
from streams.heart.ports import Headers, SourceRecord
from streams.judging.headers import header
from streams.judging.letters import ATTEMPTS, OURS, TOPIC
from streams.judging.outputs import ARRIVED, arrival, stamp
from streams.topic_reading import Found

ERROR = "vigil.error."
BLOCK = 256
Place = tuple[int, int]
"""Partition and offset of a dead letter."""
SHOWN = frozenset({*OURS, ARRIVED})
"""Headers whose values are ours; what a publisher puts into others may be anything, a name among it."""
NAMED = SHOWN | {"ce_id", "ce_source", "ce_specversion", "ce_time", "ce_type", "content-type", "traceparent", "tracestate"}
"""Headers whose names are shown: a publisher's own may be called anything."""
OTHER = "(the publisher's own)"


class Fate(StrEnum):
    """What becomes of a dead letter that is selected."""

    SEND = "send"
    DONE = "redriven"
    QUARANTINE = "quarantine"
    FOREIGN = "foreign"
    TOO_LARGE = "too large"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One dead letter: the record found, why it was set aside, where from (topic without prefix), and how often."""

    found: Found
    reason: str | None
    field: str | None
    origin: tuple[str, int, int] | None
    attempts: int

    @property
    def place(self) -> Source:
        """Where it lies."""
        return Source(topic=TOPIC, partition=self.found.partition, offset=self.found.offset)

    @property
    def arrived(self) -> int:
        """When its record first came, in milliseconds since the epoch."""
        return self.record.timestamp if self.origin is None else arrival(self.record)

    @property
    def record(self) -> SourceRecord:
        """What was found, as the judge sees records."""
        found = self.found
        return SourceRecord(found.topic, found.partition, found.offset, max(found.timestamp, 0), found.key, found.value, found.headers)


def read(found: Found) -> DeadLetter:
    """What a record on the topic says of itself; a record that no worker of ours wrote says nothing."""
    topic, partition, offset = (header(found.headers, ERROR + name) for name in ("topic", "partition", "offset"))
    place = (_number(partition), _number(offset))
    origin = None if topic is None or place[0] is None or place[1] is None else (topic, place[0], place[1])
    reason, field = (header(found.headers, ERROR + name) for name in ("reason", "field"))
    return DeadLetter(found, reason, field, origin, _number(header(found.headers, ATTEMPTS)) or 1)


class Places:
    """A set of places, for a topic's worth of them: a bit each, where most of their neighbours are in it too."""

    def __init__(self) -> None:
        self._blocks: dict[Place, int] = {}

    def add(self, partition: int, offset: int) -> None:
        """Put one in."""
        block = (partition, offset // BLOCK)
        self._blocks[block] = self._blocks.get(block, 0) | 1 << offset % BLOCK

    def __contains__(self, place: object) -> bool:
        match place:
            case (int(partition), int(offset)):
                return bool(self._blocks.get((partition, offset // BLOCK), 0) >> offset % BLOCK & 1)
        return False


def done(audits: Iterable[Audit]) -> Container[Place]:
    """The places of the dead letters that were sent back."""
    places = Places()
    for each in audits:
        if each.action == "redriven" and each.source is not None and each.source.topic == TOPIC:
            places.add(each.source.partition, each.source.offset)
    return places


def fate(letter: DeadLetter, redriven: Container[Place], rounds: int) -> Fate:
    """What to do with a dead letter. `rounds`: how often a record may be sent back in all.

    One that was sent back is not sent again: if it failed again it lies here a second time, with a count one higher.
    """
    if letter.origin is None or letter.origin[0] not in READ:
        return Fate.FOREIGN
    if (letter.found.partition, letter.found.offset) in redriven:
        return Fate.DONE
    return Fate.QUARANTINE if letter.attempts > rounds else Fate.SEND


def returning(letter: DeadLetter) -> Headers:
    """The headers with which a record goes back: its own, its first arrival, and how often it was set aside."""
    own = tuple(pair for pair in letter.found.headers if pair[0] not in SHOWN)
    return (*own, (ARRIVED, str(letter.arrived).encode()), (ATTEMPTS, str(letter.attempts).encode()))


def summary(letter: DeadLetter, redriven: Container[Place]) -> dict[str, Any]:
    """One dead letter as a plain object: nothing of what it says, nor whose it is."""
    topic, partition, offset = letter.origin or (None, None, None)
    value = letter.found.value
    return {
        "place": f"{TOPIC}/{letter.found.partition}/{letter.found.offset}",
        "reason": letter.reason,
        "field": letter.field,
        "topic": topic,
        "partition": partition,
        "offset": offset,
        "attempts": letter.attempts,
        "arrived": stamp(letter.arrived).decode(),
        "bytes": None if value is None else len(value),
        "redriven": (letter.found.partition, letter.found.offset) in redriven,
    }


def detail(letter: DeadLetter, redriven: Container[Place], *, text: bool) -> dict[str, Any]:
    """One dead letter in full: headers and sizes. `text`: key, value and all headers too, which are somebody's words."""
    key, value = letter.found.key, letter.found.value
    headers = [
        {
            "name": name if text or name in NAMED else OTHER,
            "bytes": len(content or b""),
            "value": _text(content) if text or name in SHOWN else None,
        }
        for name, content in letter.found.headers
    ]
    shown = summary(letter, redriven) | {"key_bytes": None if key is None else len(key), "headers": headers}
    return shown | ({"key": _text(key), "value": _text(value)} if text else {})


def _text(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8", "backslashreplace")


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 - what a 64-bit offset has
