"""The past under another policy version: the same records judged twice, nothing emitted, and what became of each event."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from streams.assessing.assess import Assessor
from streams.judging.build import build_judge, forced_rules
from streams.judging.judge import PolicyJudge
from streams.settings import Settings

IN_FORCE = "in force"
"""Stands for no single version: each event is judged by the one in force at its time."""
_EMERGENCY = "emergency"


class _Finding(msgspec.Struct):
    clause: str


class _Decision(msgspec.Struct):
    event_id: str
    person_id: str
    outcome: str
    findings: tuple[_Finding, ...] = ()


class _Written(msgspec.Struct):
    topic: str
    value: msgspec.Raw = msgspec.Raw()


class Past(msgspec.Struct, frozen=True):
    """What one version made of the records: the outcome and clauses of each event's last decision, and which ever were emergencies."""

    version: str
    outcomes: Mapping[tuple[str, str], str]
    clauses: Mapping[tuple[str, str], frozenset[str]]
    emergencies: frozenset[tuple[str, str]]

    @property
    def by_outcome(self) -> Counter[str]:
        """How many events came to each outcome."""
        return Counter(self.outcomes.values())

    @property
    def by_clause(self) -> Counter[str]:
        """In how many events each clause was found, to whatever outcome."""
        return Counter(clause for found in self.clauses.values() for clause in found)

    @property
    def reports(self) -> int:
        """How many events would be reported to somebody outside the service."""
        return self.by_outcome[_EMERGENCY] + self.by_outcome["non_emergency"]


class Replay(msgspec.Struct, frozen=True):
    """Two pasts of the same records. An emergency is lost where the first had one for an event at any time, and the second never."""

    before: Past
    after: Past

    @property
    def lost(self) -> list[str]:
        """The ids of events whose emergency would be lost, in their order. An event without any decision is lost too."""
        return [event for person, event in self.before.outcomes if (person, event) in self.before.emergencies - self.after.emergencies]

    def outcome_after(self, event: str) -> str:
        """What becomes of an event under the second version; `not decided` where nothing does."""
        return next((outcome for (_, its), outcome in self.after.outcomes.items() if its == event), "not decided")


def replay(lines: Iterable[bytes], settings: Settings, names: tuple[str, str], now: int) -> Replay:
    """Judge records by two versions, from first to second (`IN_FORCE`, a name, or a file). `now`: arrival, in ms since the epoch.

    Raises `SettingsError` for a version that isn't there, `LineError` for a line that is no record.
    """
    kept = list(lines)
    before, after = (_past(name, settings, kept, now) for name in names)
    return Replay(before, after)


def _past(name: str, settings: Settings, lines: list[bytes], now: int) -> Past:
    outcomes: dict[tuple[str, str], str] = {}
    clauses: dict[tuple[str, str], frozenset[str]] = {}
    emergencies = set()
    for decision in _decisions(Assessor(_judge(name, settings), now).lines(lines)):
        event = decision.person_id, decision.event_id
        outcomes[event] = decision.outcome
        clauses[event] = frozenset(finding.clause for finding in decision.findings)
        if decision.outcome == _EMERGENCY:
            emergencies.add(event)
    return Past(name, outcomes, clauses, frozenset(emergencies))


def _decisions(lines: Iterable[bytes]) -> Iterator[_Decision]:
    for line in lines:
        written = msgspec.json.decode(line, type=_Written)
        if written.topic == "decisions":
            yield msgspec.json.decode(written.value, type=_Decision)


def _judge(name: str, settings: Settings) -> PolicyJudge:
    return build_judge(settings, partitions=1, rules=None if name == IN_FORCE else forced_rules(settings, name))
