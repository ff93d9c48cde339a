"""Where one chunk is judged: its partition, its moment, its working memory."""

from typing import TypeGuard

from policy.core import Step
from streams.heart.ports import OutputRecord, State
from streams.judging.memory import Chunk, Recent
from streams.judging.outputs import render, stamp
from streams.partitioner import home

LONGEST_KEY = 512
"""Bytes of the longest id of a person: 128 characters of at most four bytes."""


def can_be_a_person(key: bytes | None) -> TypeGuard[bytes]:
    """Whether a key may have a home. A longer one is nobody's, and would take seconds to find one for."""
    return key is not None and len(key) <= LONGEST_KEY


class Desk:
    """One chunk's surroundings. `now` in milliseconds since the epoch."""

    __slots__ = ("chunk", "now", "partition", "partitions", "time")

    def __init__(self, partition: int, partitions: int, state: State, recent: Recent, now: int) -> None:
        self.partition = partition
        self.partitions = partitions
        self.chunk = Chunk(partition, state, recent)
        self.now = now
        self.time = stamp(now)

    def is_home(self, key: bytes) -> bool:
        """Whether a key's state is kept here."""
        return home(key, self.partitions) == self.partition

    def keep(self, owner: str, done: Step, trace: str | None, key: bytes | None = None) -> list[OutputRecord]:
        """Render a step's outputs and, only when all of them could be, remember its changes. `key`: of the outputs, if not the owner."""
        own = owner.encode() if key is None else key
        outputs = [
            render(output, own if output.key is None else output.key.encode(), self.partition, self.time, trace) for output in done.outputs
        ]
        self.chunk.remember(owner, done.changes)
        return outputs
