"""Judging records one after the other, as the worker would, with the state in memory and a clock that stands still."""

from collections.abc import Iterable, Iterator

from policy.core import LEFT
from streams.assessing.lines import Line, read, write
from streams.heart.ports import OutputRecord, SourceRecord, Verdict
from streams.judging.judge import PolicyJudge
from streams.judging.memory import owner_and_part

PARTITION = 0
"""There is one partition here, so nothing ever takes a detour."""


class MemoryState:
    """A partition's state as a dict."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value under a key, or None."""
        return self.values.get(key)

    def apply(self, verdict: Verdict) -> None:
        """Remember what a verdict changed."""
        for group in verdict.changes:
            for change in group:
                if change.value is None:
                    self.values.pop(change.key, None)
                else:
                    self.values[change.key] = change.value


class Assessor:
    """One run. `judge` must have one partition; `now` in milliseconds since the epoch is the arrival of every record."""

    def __init__(self, judge: PolicyJudge, now: int) -> None:
        self._judge = judge
        self._now = now
        self._state = MemoryState()
        self._offsets: dict[str, int] = {}

    def lines(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Lines in, lines out. Raises `LineError` at the first line that is no record, after what came before it was judged."""
        for number, text in enumerate(lines, 1):
            if text.strip():
                line = read(number, text)
                yield from (write(record, line) for record in self._one(line))
        yield from (write(record, None) for record in self._end())

    def _one(self, line: Line) -> list[OutputRecord]:
        topic = line.topic
        offset = self._offsets[topic] = self._offsets.get(topic, -1) + 1
        record = SourceRecord(topic, PARTITION, offset, self._now, line.key, line.value, line.headers)
        verdict = self._judge.judge(PARTITION, [record], self._state, self._now)
        return [*self._keep(verdict), *self._rest(verdict)]

    def _rest(self, verdict: Verdict) -> Iterator[OutputRecord]:
        """What a step left to the next ones, so that it holds up nobody; here nobody waits."""
        while left := dict(_left(verdict)):
            verdict = self._judge.lapse(PARTITION, left, self._state, self._now)
            yield from self._keep(verdict)

    def _end(self) -> list[OutputRecord]:
        """No record comes any more: what was counted is told."""
        return self._keep(self._judge.close_counts(PARTITION, list(self._state.values), self._state, self._now))

    def _keep(self, verdict: Verdict) -> list[OutputRecord]:
        self._state.apply(verdict)
        return list(verdict.outputs)


def _left(verdict: Verdict) -> Iterator[tuple[bytes, int]]:
    for change in (change for group in verdict.changes for change in group):
        if change.value is not None and change.due is not None and owner_and_part(change.key)[1] == LEFT:
            yield change.key, change.due
