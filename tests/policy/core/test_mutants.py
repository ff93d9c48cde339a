from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

import msgspec
import pytest

from policy.rulebook.missing import ASKED_WHEN
from policy.rulebook.rule import Recipient, Rule
from policy.versions.version import Version
from tests.policy.core.driver import RULES
from tests.policy.core.stories import Story, differences, stories

MERGED = RULES.versions["merged"]
BEFORE = RULES.versions["pre-merger"]
RECIPIENTS = get_args(Recipient)
STORIES = stories()
OUTCOMES = ("emergency", "non_emergency", "review")
CHOICES = {
    "person": ("anyone", "minor", "under_16", "child_of_12_or_under"),
    "adult_at_risk": ("applies", "review", "never"),
    "support_needs": ("review", "never"),
    "assurance": ("all", "incomplete", "none"),
    "asked_when": (None, *ASKED_WHEN),
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
            yield from _recipients(place, rule, name)
    yield from _thresholds()


def _recipients(place: int, rule: Rule, name: str) -> Iterator[Mutant]:
    """Each recipient left out, and each other one told too. A review goes to the supervisor whatever its rule says."""
    for one in RECIPIENTS:
        left = tuple(other for other in rule.recipients if other != one)
        names = left if one in rule.recipients else (*rule.recipients, one)
        word = "not to" if one in rule.recipients else "also to"
        yield Mutant(f"{name} {word} {one}", rule.clause, with_rule(place, msgspec.structs.replace(rule, recipients=names)))


def _choices(place: int, rule: Rule, name: str) -> Iterator[Mutant]:
    for field, values in CHOICES.items():
        for value in values:
            if value != getattr(rule, field) and _matters(rule, field) and not _is_the_same(rule, field, value):
                yield Mutant(f"{name} with {field} {value}", rule.clause, with_rule(place, msgspec.structs.replace(rule, **{field: value})))


def _matters(rule: Rule, field: str) -> bool:
    """Whether a choice says anything of a rule: protections only of those for minors, the rest not where there is nothing to choose."""
    if field in ("adult_at_risk", "support_needs"):
        return rule.person in ("minor", "under_16")
    if field == "asked_when":
        return rule.asked_when is not None or rule.clause in ("E0", "N0", "N4")
    if field == "assurance":
        return rule.outcome != "review"
    if field == "looks_at":
        return rule.kind not in ("any", "none")
    return rule.kind != "none"


def _is_the_same(rule: Rule, field: str, value: object) -> bool:
    """Changes that change nothing, each with its reason."""
    if field == "adult_at_risk":  # a review applies as a review
        return rule.outcome == "review" and {value, rule.adult_at_risk} == {"applies", "review"}
    if field == "assurance":  # none ever holds back all four criteria (A2), and what never asks is never incomplete
        return (rule.clause == "E1" and value == "all") or (rule.asked_when is None and value == "incomplete")
    return field == "asked_when" and _asks_the_same(rule, value)


def _asks_the_same(rule: Rule, value: object) -> bool:
    """A condition on facts of another kind never holds; a finding is a yes or a no; a timeframe within 30 days is a no to E1 either way."""
    if rule.asked_when is None:
        return value != "raised" or "_found" in rule.facts[-1]
    return rule.clause == "E1" and value == "thoughts_and_another_or_two_others_30d"


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


@pytest.mark.parametrize("fact", BEFORE.rules[0].facts)
def test_a_fact_dropped_from_the_weaker_e1_breaks_a_scenario(fact: str) -> None:
    """What is kept to compare with is held to its scenarios too: E1 in its weaker form needs each of its three facts."""
    weaker = BEFORE.rules[0]
    assert (weaker.clause, weaker.form) == ("E1", "weaker")
    rule = msgspec.structs.replace(weaker, facts=tuple(one for one in weaker.facts if one != fact))
    version = Version(BEFORE.name, BEFORE.sha256, (rule, *BEFORE.rules[1:]), BEFORE.thresholds, BEFORE.in_force)
    rules = replace(RULES, versions={**RULES.versions, BEFORE.name: version})
    told = [story for story in STORIES if story.body.get("policy") == BEFORE.name]
    assert any(differences(story, rules) for story in told), f"the weaker E1 without {fact} breaks no scenario"


def test_what_leads_to_review_goes_to_the_supervisor_alone() -> None:
    """Reviews are routed to the supervisor, so a rule that leads to one may name nobody else."""
    assert {rule.recipients for rule in MERGED.rules if rule.outcome == "review"} == {("supervisor",)}
