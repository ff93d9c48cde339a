"""A chunk: consecutive records of one topic and partition, the unit in which everything is judged, written and marked done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from streams.heart.ports import SourceRecord


class Source(NamedTuple):
    """One partition of one topic that is read. `topic` has no prefix."""

    topic: str
    partition: int


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Records of `source`, all that there are in `[begin, end)`; `epoch` counts the hand-overs and tells a stale chunk from a live one."""

    source: Source
    records: Sequence[SourceRecord]
    begin: int
    end: int
    epoch: int


def weight(record: SourceRecord) -> int:
    """Roughly what a record takes in memory, in bytes."""
    return 100 + len(record.key or b"") + len(record.value or b"")
