"""The past under another policy version: the same records judged twice, nothing emitted, and what became of each event."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from streams.assessing.assess import PARTITION, MemoryState
from streams.assessing.lines import read
from streams.heart.ports import OutputRecord, SourceRecord, Verdict
from streams.judging.build import build_judge, build_rules, forced_rules
from streams.judging.judge import PolicyJudge
from streams.settings import Settings

IN_FORCE = "in force"
"""Stands for no single version: each event is judged by the one in force at its time."""
_EMERGENCY = "emergency"
Event = tuple[str, str]
"""A person and an event of theirs."""


class _Finding(msgspec.Struct):
    clause: str


class _Decision(msgspec.Struct):
    event_id: str
    person_id: str
    outcome: str
    findings: tuple[_Finding, ...] = ()


class Told(msgspec.Struct, frozen=True):
    """An event's last decision."""

    outcome: str
    clauses: tuple[str, ...]


class Past(msgspec.Struct, frozen=True):
    """What one version made of the records: each event's last decision, and which ever were emergencies."""

    version: str
    told: dict[Event, Told]
    emergencies: dict[Event, tuple[str, ...]]

    @property
    def by_outcome(self) -> Counter[str]:
        """How many events came to each outcome."""
        return Counter(told.outcome for told in self.told.values())

    @property
    def by_clause(self) -> Counter[str]:
        """In how many events each clause was found, to whatever outcome."""
        return Counter(clause for told in self.told.values() for clause in told.clauses)

    @property
    def reports(self) -> int:
        """How many events would be reported to somebody outside the service."""
        return self.by_outcome[_EMERGENCY] + self.by_outcome["non_emergency"]


class Lost(msgspec.Struct, frozen=True):
    """An event that was an emergency, by which clauses, and what becomes of it: an outcome and clauses, or `not decided`."""

    event_id: str
    clauses: tuple[str, ...]
    after: Told


class Replay(msgspec.Struct, frozen=True):
    """Two pasts of the same records. An emergency is lost where the first had one for an event at any time, and the second never."""

    before: Past
    after: Past

    @property
    def lost(self) -> list[Lost]:
        """Emergencies that would be lost, in their order. An event without any decision is lost too."""
        gone = [event for event in self.before.emergencies if event not in self.after.emergencies]
        return [Lost(event[1], self.before.emergencies[event], self.after.told.get(event, Told("not decided", ()))) for event in gone]


def replay(records: Iterable[SourceRecord], settings: Settings, names: tuple[str, str]) -> Replay:
    """Judge records in one pass by two versions, from first to second (`IN_FORCE`, a name, or a file), each at its own timestamp.

    What falls due between two records is looked at as a worker would. Raises `SettingsError` for a version that isn't there.
    """
    benches = [_Bench(name, settings) for name in names]
    for record in records:
        for bench in benches:
            bench.take(record)
    before, after = (bench.past for bench in benches)
    return Replay(before, after)


def recorded(lines: Iterable[bytes], now: int) -> Iterator[SourceRecord]:
    """Records of lines as `vigil assess` reads them, all arriving `now` (milliseconds). Raises `LineError` for a line that is none."""
    offsets: Counter[str] = Counter()
    for number, text in enumerate(lines, 1):
        if text.strip():
            line = read(number, text)
            yield SourceRecord(line.topic, PARTITION, offsets[line.topic], now, line.key, line.value, line.headers)
            offsets[line.topic] += 1


class _Bench:
    """One version at work, all people in one partition: so nothing takes a detour, wherever a record lay."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._judge, self._state = _judge(name, settings), MemoryState()
        self._due: dict[bytes, int] = {}
        self._queue: list[tuple[int, bytes]] = []
        self.past = Past(name, {}, {})

    def take(self, record: SourceRecord) -> None:
        """Look at what has come due, judge a record, and finish what that left to later steps."""
        self._lapse(record.timestamp)
        self._keep(self._judge.judge(PARTITION, [record], self._state, record.timestamp))
        self._lapse(record.timestamp)

    def _lapse(self, now: int) -> None:
        while due := dict(self._come(now // 1000)):
            self._keep(self._judge.lapse(PARTITION, due, self._state, now))

    def _come(self, now: int) -> Iterator[tuple[bytes, int]]:
        while self._queue and self._queue[0][0] <= now:
            moment, key = heapq.heappop(self._queue)
            if self._due.get(key) == moment:
                yield key, moment

    def _keep(self, verdict: Verdict) -> None:
        self._state.apply(verdict)
        for change in (change for group in verdict.changes for change in group):
            self._due.pop(change.key, None)
            if change.value is not None and change.due is not None:
                self._due[change.key] = change.due
                heapq.heappush(self._queue, (change.due, change.key))
        for decision in _decisions(verdict.outputs):
            self._note(decision)

    def _note(self, decision: _Decision) -> None:
        event = decision.person_id, decision.event_id
        told = Told(decision.outcome, tuple(dict.fromkeys(finding.clause for finding in decision.findings)))
        self.past.told[event] = told
        if told.outcome == _EMERGENCY:
            self.past.emergencies[event] = told.clauses


def _decisions(outputs: Iterable[OutputRecord]) -> Iterator[_Decision]:
    return (msgspec.json.decode(one.value, type=_Decision) for one in outputs if one.topic == "decisions" and one.value is not None)


def _judge(name: str, settings: Settings) -> PolicyJudge:
    rules = build_rules(settings) if name == IN_FORCE else forced_rules(settings, name)
    return build_judge(settings, partitions=1, rules=rules)
