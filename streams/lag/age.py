"""When the oldest uncommitted record was appended, found by asking only "which record came first at or after this instant?".

The broker's answer never falls as the instant rises, so the append time of an offset can be bisected without reading a record. Under
`LogAppendTime` the result is at most `PRECISION` milliseconds early and never late; under `CreateTime` it is the highest timestamp up to
the offset, so that a publisher whose clock runs ahead makes the wait look shorter. Where compaction has removed the record itself, the
one before it is taken, so that the wait looks longer. Compared with our clock it carries the two clocks' difference. Over a week of
retention it takes some 23 questions, each for all partitions of a group at once; what is known from the last poll (an offset that has
not moved, or a lower bound) makes it none or fewer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from streams.lag.port import Found, TopicPartition

PRECISION = 100
"""Milliseconds that the found append time may be early by."""
ROUNDS = 50
"""More questions than bisecting any span of time to `PRECISION` takes; a broker whose answers don't narrow is given up on."""

LookUp = Callable[[Mapping[TopicPartition, int]], Mapping[TopicPartition, Found | None]]


@dataclass(frozen=True, slots=True)
class Span:
    """The append time of `offset` lies in [low, high), milliseconds since the epoch; `asked` is the next instant to ask about."""

    offset: int
    low: int
    high: int

    @property
    def done(self) -> bool:
        """The span is as narrow as it needs to be."""
        return self.high - self.low <= PRECISION

    @property
    def asked(self) -> int:
        """The instant that halves what is left."""
        return self.low if self.low == 0 else (self.low + self.high + 1) // 2

    def narrowed(self, asked: int, found: Found | None) -> "Span":
        """What the answer to `asked` leaves of the span."""
        oldest_of_all = asked == 0 and found is not None and found.offset > self.offset
        if found is not None and (found.offset == self.offset or oldest_of_all):
            return replace(self, low=found.at, high=found.at)
        if found is None or found.offset > self.offset:
            return replace(self, high=min(self.high, asked))
        return replace(self, low=max(self.low, found.at), high=max(self.high, found.at))


def append_times(spans: Mapping[TopicPartition, Span], look_up: LookUp) -> dict[TopicPartition, Span]:
    """The spans, narrowed to `PRECISION`; left out is a partition that the broker doesn't answer for, or whose log is empty by now."""
    narrowed = dict(spans)
    for _ in range(ROUNDS):
        instants = {place: span.asked for place, span in narrowed.items() if not span.done}
        if not instants:
            break
        narrowed = _round(narrowed, instants, look_up(instants))
    return {place: span for place, span in narrowed.items() if span.done and span.low > 0}


def _round(
    spans: Mapping[TopicPartition, Span], instants: Mapping[TopicPartition, int], answers: Mapping[TopicPartition, Found | None]
) -> dict[TopicPartition, Span]:
    kept = {place: span for place, span in spans.items() if place not in instants}
    heard = {place: spans[place].narrowed(asked, answers[place]) for place, asked in instants.items() if place in answers}
    return kept | heard
