"""The difference of two versions is complete, sound and short: each sentence's condition is looked at on the whole space."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy.comparing.diff import Diff, diff
from policy.comparing.raw import everybody
from policy.comparing.table import Both, Cell, cells, is_there, judged
from policy.comparing.told import Claim
from policy.proving.space import FACTS
from policy.rulebook.then import RANK, highest
from policy.rulebook.who import standing
from policy.situation import Situation
from policy.versions.library import shipped
from policy.versions.version import Version

pytestmark = pytest.mark.timeout(300)
BEFORE, AFTER = shipped()["pre-merger"], shipped()["merged"]
AGES = AFTER.thresholds.ages
ALL_CELLS = [cell for kind in FACTS for cell in cells(kind, (AFTER,))]


def with_threshold(**thresholds: int) -> Version:
    """The merged version with a number of it changed."""
    return replace(AFTER, name="planted", thresholds=replace(AFTER.thresholds, **thresholds))


def with_rule(clause: str, **change: object) -> Version:
    """The merged version with one clause written otherwise."""
    rules = tuple(replace(rule, **change) if rule.clause == clause else rule for rule in AFTER.rules)
    return replace(AFTER, name="planted", rules=rules)


def without(clause: str) -> Version:
    """The merged version without a clause."""
    return replace(AFTER, name="planted", rules=tuple(rule for rule in AFTER.rules if rule.clause != clause))


PAIRS: dict[str, Callable[[], tuple[Version, Version]]] = {
    "the merger": lambda: (BEFORE, AFTER),
    "the merger undone": lambda: (AFTER, BEFORE),
    "a year less for N5": lambda: (AFTER, with_threshold(pregnancy_under_age=15)),
    "a year more for N5": lambda: (AFTER, with_threshold(pregnancy_under_age=17)),
    "a year less for N7": lambda: (AFTER, with_threshold(child_up_to_age=11)),
    "a year more for N7": lambda: (AFTER, with_threshold(child_up_to_age=13)),
    "minors to 17": lambda: (AFTER, with_threshold(adult_from_age=17)),
    "minors to 19": lambda: (AFTER, with_threshold(adult_from_age=19)),
    "E1 without means": lambda: (AFTER, with_rule("E1", facts=("suicide.thoughts", "suicide.plan", "suicide.timeframe<=48h"))),
    "N5 without its second fact": lambda: (AFTER, with_rule("N5", facts=("pregnancy.pregnant",))),
    "E4 a non-emergency": lambda: (AFTER, with_rule("E4", outcome="non_emergency")),
    "N4 an emergency": lambda: (AFTER, with_rule("N4", outcome="emergency")),
    "N4 a review": lambda: (AFTER, with_rule("N4", outcome="review")),
    "E4 gone": lambda: (AFTER, without("E4")),
    "N7 gone": lambda: (AFTER, without("N7")),
    "N2 without its protection": lambda: (AFTER, with_rule("N2", adult_at_risk="review")),
    "N1 whatever they say": lambda: (AFTER, with_rule("N1", assurance="none")),
    "E5 of the other": lambda: (AFTER, with_rule("E5", looks_at="person_at_risk")),
    "E4 never asked": lambda: (AFTER, with_rule("E4", asked_when=None)),
}
MOST = {"the merger": 15, "the merger undone": 5, "minors to 17": 5, "minors to 19": 5, "E5 of the other": 4}
"""Sentences on situations; of a single change of anything else, two."""


@cache
def found(name: str) -> Diff:
    """What such a change makes different."""
    return diff(*PAIRS[name]())


def points(name: str, claims: list[Claim]) -> Iterator[tuple[list[Claim], Cell, Both]]:
    """Every cell with everybody, once of those whom both versions' rules and all sentences take alike; with the sentences about them."""
    one, other = PAIRS[name]()
    made = [cell for kind in FACTS for cell in cells(kind, (one, other))]
    alike: dict[object, tuple[Situation, Situation, list[Claim]]] = {}
    for known, first, second in everybody(one.thresholds.ages, other.thresholds.ages):
        about = [place for place, claim in enumerate(claims) if known in claim.who.members]
        alike[first.author, stands(one, first), stands(other, second), tuple(about)] = first, second, [claims[place] for place in about]
    for first, second, about_them in alike.values():
        for cell in made:
            if is_there(first, cell):
                yield about_them, cell, Both(judged(one, first, cell), judged(other, second, cell))


def stands(version: Version, who: Situation) -> tuple[object, ...]:
    """How each rule of a version stands to somebody."""
    return tuple(standing(rule, who, version.thresholds.ages).comes_to for rule in version.rules)


@cache
def alike() -> list[list[Situation]]:
    """Everybody under the merged version, by how all its rules stand to them."""
    grouped: dict[object, list[Situation]] = {}
    for _, who, _ in everybody(AGES, AGES):
        grouped.setdefault((who.author, stands(AFTER, who)), []).append(who)
    return list(grouped.values())


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(alike()).flatmap(lambda group: st.tuples(st.sampled_from(group), st.sampled_from(group))), st.sampled_from(ALL_CELLS)
)
def test_persons_to_whom_all_rules_stand_alike_are_judged_alike(two: tuple[Situation, Situation], cell: Cell) -> None:
    """It is by how rules stand to somebody, and whether they are the author, that who they are matters: nothing is lost by classes."""
    if is_there(two[0], cell):
        assert judged(AFTER, two[0], cell) == judged(AFTER, two[1], cell)


def means(claim: Claim, both: Both, one: Version, other: Version) -> str:
    """What a sentence says becomes of a case."""
    if claim.only is None:
        return claim.after
    clauses = {one.rules[place].clause for place in claim.only}
    return highest((claim.after, *(outcome for place, _, outcome in both.after.found if other.rules[place].clause not in clauses)))


@pytest.mark.parametrize("name", PAIRS)
def test_the_sentences_tell_everything_and_nothing_that_is_not_so(name: str) -> None:
    """On every point: what a sentence says of it is true, none speaks of what is judged alike, and together they say what becomes of it."""
    one, other = PAIRS[name]()
    claims = [claim for item in found(name).situations for claim in item.claims]
    for about_them, cell, both in points(name, claims):
        told = [claim for claim in about_them if claim.speaks_of(cell, both)]
        said = {means(claim, both, one, other) for claim in told if not claim.at_least} - {both.before.outcome}
        least = {claim.after for claim in told if claim.at_least}
        assert all(both.before.rank < RANK[level] <= both.after.rank for level in least)
        assert not said or said == {both.after.outcome}
        assert highest((*said, *least) or (both.before.outcome,)) == both.after.outcome


@pytest.mark.parametrize("name", PAIRS)
def test_it_is_short_and_lost_emergencies_come_first(name: str) -> None:
    """Few enough to be read, and whoever reads only the top sees every lost emergency."""
    lost = [one.lost_emergency for one in found(name).situations]
    assert len(lost) <= MOST.get(name, 2)
    assert lost == sorted(lost, reverse=True)


def test_a_version_does_not_differ_from_itself() -> None:
    """No sentence where nothing changed."""
    assert diff(AFTER, AFTER) == Diff((), ())
