from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec
import pytest

from policy.rulebook.rule import Rule
from policy.versions.version import Version
from tests.policy.core.driver import RULES
from tests.policy.core.stories import Story, differences, stories

MERGED = RULES.versions["merged"]
STORIES = stories()
OUTCOMES = ("emergency", "non_emergency", "review")
CHOICES = {
    "person": ("anyone", "minor", "under_16", "child_of_12_or_under"),
    "adult_at_risk": ("applies", "review", "never"),
    "support_needs": ("review", "never"),
    "assurance": ("all", "incomplete", "none"),
    "asked_when": (None, "raised"),
    "looks_at": ("person_at_risk", "author"),
}


@dataclass(frozen=True)
class Mutant:
    """A rulebook with one fault, and what the fault is."""

    name: str
    clause: str
    version: Version

    def __str__(self) -> str:
        """As a failing test names it."""
        return self.name


def with_rule(place: int, rule: Rule) -> Version:
    """The version with another rule in a place."""
    rules = (*MERGED.rules[:place], rule, *MERGED.rules[place + 1 :])
    return Version(MERGED.name, MERGED.sha256, rules, MERGED.thresholds, MERGED.in_force)


def mutants() -> Iterator[Mutant]:
    """Each fact dropped, each outcome swapped, each choice about whom and when changed, each rule gone, each threshold moved by one."""
    for place, rule in enumerate(MERGED.rules):
        name = f"{rule.clause}#{place}"
        for fact in rule.facts if rule.kind != "none" else ():
            left = tuple(one for one in rule.facts if one != fact)
            yield Mutant(f"{name} without {fact}", rule.clause, with_rule(place, msgspec.structs.replace(rule, facts=left)))
        for outcome in OUTCOMES:
            if outcome != rule.outcome:
                yield Mutant(f"{name} as {outcome}", rule.clause, with_rule(place, msgspec.structs.replace(rule, outcome=outcome)))
        yield from _choices(place, rule, name)
        if rule.outcome != "review":
            elsewhere = msgspec.structs.replace(rule, recipients=("supervisor",))
            yield Mutant(f"{name} to somebody else", rule.clause, with_rule(place, elsewhere))
    yield from _thresholds()


def _choices(place: int, rule: Rule, name: str) -> Iterator[Mutant]:
    for field, values in CHOICES.items():
        for value in values:
            if value != getattr(rule, field) and _matters(rule, field) and not _is_the_same(rule, field, value):
                yield Mutant(f"{name} with {field} {value}", rule.clause, with_rule(place, msgspec.structs.replace(rule, **{field: value})))


def _matters(rule: Rule, field: str) -> bool:
    """Whether a choice says anything of a rule: protections only of those for minors, the rest not where there is nothing to choose."""
    if field in ("adult_at_risk", "support_needs"):
        return rule.person in ("minor", "under_16")
    if field == "assurance":
        return rule.kind == "suicide" and rule.asked_when is not None
    if field == "asked_when":
        return rule.asked_when is not None
    if field == "looks_at":
        return rule.kind not in ("any", "none")
    return rule.kind != "none"


def _is_the_same(rule: Rule, field: str, value: object) -> bool:
    """Changes that change nothing: a review applies as a review, and no assurance ever holds back all four criteria (A2)."""
    if field == "adult_at_risk":
        return rule.outcome == "review" and {value, rule.adult_at_risk} == {"applies", "review"}
    return field == "assurance" and rule.clause == "E1" and value == "all"


def _thresholds() -> Iterator[Mutant]:
    for name, value in msgspec.structs.asdict(MERGED.thresholds).items():
        for moved in (value - 1, value + 1):
            thresholds = msgspec.structs.replace(MERGED.thresholds, **{name: moved})
            yield Mutant(f"{name} {moved}", "", Version(MERGED.name, MERGED.sha256, MERGED.rules, thresholds, MERGED.in_force))


def near(clause: str) -> list[Story]:
    """All stories, those that speak of a clause first."""
    return sorted(STORIES, key=lambda story: clause not in str(story.body))


@pytest.mark.parametrize("mutant", list(mutants()), ids=str)
def test_a_fault_planted_in_the_rulebook_breaks_a_scenario(mutant: Mutant) -> None:
    """No fact, outcome, threshold or choice of the rulebook can change without a scenario that a lead wrote saying so."""
    rules = replace(RULES, versions={**RULES.versions, "merged": mutant.version})
    assert any(differences(story, rules) for story in near(mutant.clause)), f"{mutant} breaks no scenario"
