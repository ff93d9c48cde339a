"""Proving a version: every law over the whole space, and every rule reachable and not shadowed."""

from collections.abc import Iterator

import msgspec

from policy.judging import judge
from policy.proving.laws import LAWS
from policy.proving.outcomes import Outcomes
from policy.proving.space import concerns, persons
from policy.proving.words import describe
from policy.rulebook import then
from policy.rulebook.rule import Rule
from policy.situation import Concern, Situation
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
    outcomes, broken, count = Outcomes(version), dict[str, str](), 0
    reached: dict[int, bool] = {}
    for who in persons(version.thresholds.ages):
        for concern in concerns():
            count += 1
            _hold(outcomes, who, concern, broken)
            _reach(outcomes, who, concern, reached)
        outcomes.forget()
    laws = (Proof(law.name, law.says, count, broken.get(law.name)) for law in LAWS)
    return (*laws, *_reachable(version, reached, count))


def _hold(outcomes: Outcomes, who: Situation, concern: Concern, broken: dict[str, str]) -> None:
    for law in LAWS:
        if law.name not in broken:
            found = law.broken(outcomes, who, concern)
            if found is not None:
                broken[law.name] = f"{describe(who, concern)}: {found}"


def _reach(outcomes: Outcomes, who: Situation, concern: Concern, reached: dict[int, bool]) -> None:
    """For every rule: whether it was ever found, and whether it was ever the one that decided."""
    found = outcomes.findings(who, concern)
    for finding in found:
        others = then.highest(other.outcome for other in found if other is not finding)
        decided = then.RANK[finding.outcome] > then.RANK[others]
        reached[id(finding.rule)] = reached.get(id(finding.rule), False) or decided


def _reachable(version: Version, reached: dict[int, bool], count: int) -> Iterator[Proof]:
    reached = reached | {id(found.rule): True for found in judge(Situation(ahead=True), version)}
    never = [rule for rule in version.rules if id(rule) not in reached]
    shadowed = [rule for rule in version.rules if reached.get(id(rule)) is False]
    yield Proof("reachable", "Every clause applies, or asks, in at least one combination.", count, _named(never, "is never found"))
    yield Proof("not_shadowed", "Every clause decides the outcome of at least one combination.", count, _named(shadowed, "never decides"))


def _named(rules: list[Rule], fault: str) -> str | None:
    return f"{rules[0].clause} ({rules[0].says}) {fault}" if rules else None
