"""Everybody, by what is said of them, and as whom each of two versions sees them: it is a version's thresholds that make a minor."""

from collections.abc import Iterator, Mapping
from itertools import product

from msgspec.structs import replace

from policy.answers import NO, UNKNOWN, YES, Answer
from policy.comparing.names import Person
from policy.people import aged, told_age
from policy.rulebook.who import Ages
from policy.situation import Situation
from policy.state.parts import Other

STATED = "by their words alone"
TOLD: Mapping[Answer, str] = {YES: "said to be a minor", NO: "said to be an adult", UNKNOWN: ""}
"""Beside an age, what else tells a life stage: told apart only where the versions differ in whom they take for an adult."""
ANSWERS: tuple[Answer, ...] = (UNKNOWN, YES, NO)


def everybody(one: Ages, other: Ages) -> Iterator[tuple[Person, Situation, Situation]]:
    """Each person as descriptions know them (the life stage by the first version), and as the situation that each version makes of them."""
    years, said = _years(one, other), _said(one, other)
    for age, stated, at_risk, needs in product(years, said, ANSWERS, ANSWERS):
        first, second = (replace(_author(age, stated, ages), at_risk=at_risk, support_needs=needs) for ages in (one, other))
        basis = "" if one.adult == other.adult or age is not None or first.age is None else STATED
        yield (True, (first.stage, first.age, basis), stated, at_risk, needs), first, second
    for age, stated, minor, needs in product(years, said, ANSWERS, (UNKNOWN, YES)):
        who = Other("other", minor, age)
        first, second = (replace(_other(who, stated, ages), support_needs=needs) for ages in (one, other))
        basis = "" if one.adult == other.adult or (age is None and stated is None) else TOLD[minor]
        yield (False, (first.stage, first.age, basis), stated, UNKNOWN, needs), first, second


def _years(one: Ages, other: Ages) -> list[int | None]:
    """Every year from below the lowest threshold, which stands for all that are younger, to above the highest."""
    edges = [edge for ages in (one, other) for edge in (ages.child, ages.pregnancy, ages.adult)]
    return [None, *range(min(edges) - 1, max(edges) + 2)]


def _said(one: Ages, other: Ages) -> list[int | None]:
    """Ages in the words: those that either version takes for a minor's, the lowest for all that are younger."""
    return [None, *range(min(one.child, other.child), max(one.adult, other.adult))]


def _author(age: int | None, stated: int | None, ages: Ages) -> Situation:
    known = aged(age, stated, ages)
    return Situation(age=known.age, stage=known.stage, stated=_minors(stated, ages))


def _other(who: Other, stated: int | None, ages: Ages) -> Situation:
    age, stage = told_age(who, stated, ages)
    return Situation(author=False, age=age, stage=stage, stated=_minors(stated, ages))


def _minors(stated: int | None, ages: Ages) -> int | None:
    return stated if stated is not None and stated < ages.adult else None
