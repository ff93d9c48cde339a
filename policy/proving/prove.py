"""Proving a version: every law over the whole space, and every rule reachable and not shadowed."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from policy.judging import judge
from policy.proving.laws import LAWS
from policy.proving.moments import assurance_moments, pre_merger
from policy.proving.outcomes import Known, Row
from policy.proving.space import concerns, persons
from policy.proving.words import describe
from policy.rulebook import then
from policy.rulebook.rule import Rule
from policy.situation import Situation
from policy.versions.version import Version


class Proof(msgspec.Struct, frozen=True):
    """One law, over so many combinations: it holds, or `counterexample` is the smallest one, in words."""

    law: str
    says: str
    combinations: int
    counterexample: str | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.counterexample is None


def prove(version: Version) -> tuple[Proof, ...]:
    """All proofs of a version. Takes seconds, not minutes."""
    broken: dict[str, str] = {}
    reached: dict[Rule, bool] = {}
    count = 0
    known, other_way = Known(version), Known(replace(version, rules=version.rules[::-1]))
    for who in persons(version.thresholds.ages):
        row = Row(known, other_way, who)
        count += len(row.found)
        for place in range(len(row.found)):
            _hold(row, place, broken)
        _reach(row, reached)
    laws = (Proof(law.name, law.says, count, broken.get(law.name)) for law in LAWS)
    return (*laws, *_of_moments(version), *_reachable(version, reached, count))


def _of_moments(version: Version) -> Iterator[Proof]:
    """What the merger and an assurance's moment do, through the whole core."""
    count, broken = pre_merger(version)
    yield Proof(
        "pre_merger",
        "Nothing that was written before the merger escalates, and from the merger on everything is judged (S1).",
        count,
        broken,
    )
    count, broken = assurance_moments(version)
    yield Proof(
        "assurance_moments", "An assurance covers what was said before it and with it, and nothing said after it (A3).", count, broken
    )


def _hold(row: Row, place: int, broken: dict[str, str]) -> None:
    for law in LAWS:
        found = None if law.name in broken else law.broken(row, place)
        if found is not None:
            broken[law.name] = f"{describe(row.who, concerns()[place])}: {found}"


def _reach(row: Row, reached: dict[Rule, bool]) -> None:
    """For every rule: whether it was ever found, and whether it was ever the one that decided."""
    for found in row.found:
        for finding in found:
            others = then.highest(other.outcome for other in found if other is not finding)
            decided = then.RANK[finding.outcome] > then.RANK[others]
            reached[finding.rule] = reached.get(finding.rule, False) or decided


def _reachable(version: Version, reached: dict[Rule, bool], count: int) -> Iterator[Proof]:
    reached = reached | {found.rule: True for found in judge(Situation(ahead=True), version)}
    never = [rule for rule in version.rules if rule not in reached]
    shadowed = [rule for rule in version.rules if reached.get(rule) is False]
    yield Proof("reachable", "Every clause applies, or asks, in at least one combination.", count, _named(never, "is never found"))
    yield Proof("not_shadowed", "Every clause decides the outcome of at least one combination.", count, _named(shadowed, "never decides"))


def _named(rules: list[Rule], fault: str) -> str | None:
    return f"{rules[0].clause} ({rules[0].says}) {fault}" if rules else None
