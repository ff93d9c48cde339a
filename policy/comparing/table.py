"""The whole space judged by two versions: persons whom all their rules treat alike are one class, so that little has to be looked at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from policy.answers import UNKNOWN
from policy.comparing.boxes import Point
from policy.comparing.names import Person
from policy.comparing.raw import everybody
from policy.judging import judge
from policy.proving.space import FACTS, concerns
from policy.rulebook import then
from policy.rulebook.rule import Rule
from policy.rulebook.then import RANK
from policy.rulebook.who import standing
from policy.situation import Concern, Situation
from policy.versions.version import Version

BESIDE = ("taken back", "found by a trained person", "they say that they are safe", "about another person")


class Cell(msgspec.Struct, frozen=True):
    """One concern, and whether the author's word that they are safe covers it. `point`: its facts in order, and then `BESIDE`."""

    concern: Concern
    assured: bool
    point: Point


class Side(msgspec.Struct, frozen=True):
    """What one version makes of one class and cell: the outcome, and what each rule comes to, by its place in the version."""

    outcome: str
    rank: int
    found: tuple[tuple[int, str, str], ...]

    @property
    def top(self) -> frozenset[int]:
        """The rules that decide the outcome."""
        return frozenset(place for place, _, outcome in self.found if outcome == self.outcome)


class Both(msgspec.Struct, frozen=True):
    """One class and cell by both versions."""

    before: Side
    after: Side


class Field(msgspec.Struct, frozen=True):
    """One kind of concern: its columns with all their values, its cells, and what becomes of each class and cell there is."""

    kind: str
    columns: Mapping[str, tuple[Any, ...]]
    cells: tuple[Cell, ...]
    both: Mapping[tuple[int, int], Both]

    def differing(self) -> Iterator[tuple[int, int, Both]]:
        """Class, cell and what becomes of it, where the outcome differs."""
        return ((who, cell, both) for (who, cell), both in self.both.items() if both.before.outcome != both.after.outcome)


class Table(msgspec.Struct, frozen=True):
    """Everything: the versions, classes of persons, and a field for each kind."""

    one: Version
    other: Version
    classes: tuple[frozenset[Person], ...]
    fields: tuple[Field, ...]

    def clauses(self, rules: frozenset[int]) -> frozenset[str]:
        """The clauses of some rules of the first version."""
        return frozenset(self.one.rules[place].clause for place in rules)

    def finds(self, both: Both, clauses: frozenset[str]) -> str:
        """The highest outcome that some clauses come to in the second version."""
        return then.highest(outcome for place, _, outcome in both.after.found if self.other.rules[place].clause in clauses)

    def or_more(self, both: Both, outcome: str, clauses: frozenset[str]) -> str:
        """An outcome, or what clauses other than these find in the second version, if that is higher."""
        others = (found for place, _, found in both.after.found if self.other.rules[place].clause not in clauses)
        return then.highest((outcome, *others))


def table(one: Version, other: Version) -> Table:
    """Judge the whole space by both versions. Ages are those of the first version's bands and the second's. Takes a second or two."""
    grouped: dict[tuple[object, ...], list[tuple[Person, Situation, Situation]]] = defaultdict(list)
    for known, first, second in everybody(one.thresholds.ages, other.thresholds.ages):
        grouped[first.author, *_stands(one, first), *_stands(other, second)].append((known, first, second))
    seen = [members[0][1:] for members in grouped.values()]
    fields = tuple(_field(kind, (one, other), seen) for kind in FACTS)
    return Table(one, other, tuple(frozenset(known for known, _, _ in members) for members in grouped.values()), fields)


def cells(kind: str, versions: tuple[Version, ...]) -> Iterator[Cell]:
    """Every concern of a kind, with and without an assurance where a rule asks for one."""
    asked = any(rule.kind == kind and rule.assurance != "none" for version in versions for rule in version.rules)
    for concern in concerns():
        if concern.kind == kind:
            facts = tuple(concern.facts.get(fact, UNKNOWN) for fact in FACTS[kind])
            for assured in (False, True) if asked else (False,):
                beside = (concern.taken_back, tuple(sorted(concern.found)), assured, concern.elsewhere)
                yield Cell(concern, assured, (*facts, *beside))


def is_there(who: Situation, cell: Cell) -> bool:
    """Whether there can be such a person and cell: an assurance and E5's look at others are the author's."""
    return who.author or not (cell.assured or cell.concern.elsewhere)


def judged(version: Version, who: Situation, cell: Cell) -> Side:
    """What a version makes of a person and a cell."""
    found = judge(replace(who, concerns=(cell.concern,), assured=cell.assured), version)
    places = {id(rule): place for place, rule in enumerate(version.rules)} if found else {}
    outcome = then.highest(one.outcome for one in found)
    return Side(outcome, RANK[outcome], tuple((places[id(one.rule)], one.status, one.outcome) for one in found))


def name(rule: Rule, status: str, outcome: str) -> str:
    """A finding's short name: `E1 incomplete`, `N1 (review)`, `N2`."""
    if status != "applies":
        return f"{rule.clause} {status}"
    return f"{rule.clause} (review)" if outcome == "review" != rule.outcome else rule.clause


def _stands(version: Version, who: Situation) -> tuple[str, ...]:
    return tuple(standing(rule, who, version.thresholds.ages).comes_to for rule in version.rules)


def _field(kind: str, versions: tuple[Version, Version], seen: Sequence[tuple[Situation, ...]]) -> Field:
    made = tuple(cells(kind, versions))
    both = {
        (number, place): Both(*(judged(version, who, cell) for version, who in zip(versions, whos, strict=True)))
        for number, whos in enumerate(seen)
        for place, cell in enumerate(made)
        if is_there(whos[0], cell)
    }
    values = (tuple(dict.fromkeys(column)) for column in zip(*(cell.point for cell in made), strict=True))
    return Field(kind, dict(zip((*FACTS[kind], *BESIDE), values, strict=True)), made, both)
