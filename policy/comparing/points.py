"""Where two versions differ: every person and concern of the space, as points with named attributes."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from policy.answers import UNKNOWN
from policy.proving.outcomes import findings, outcomes
from policy.proving.space import FACTS, concerns, persons
from policy.rulebook.then import RANK
from policy.situation import Concern, Situation
from policy.versions.version import Version

Point = tuple[Any, ...]
"""A value for each of a kind's attributes, in their order."""
WHO = ("who", "age", "words say", "at risk", "support needs")


class Change(msgspec.Struct, frozen=True):
    """What becomes of a point: its outcome and clauses under one version, and under the other."""

    before: str
    after: str
    clauses_before: tuple[str, ...]
    clauses_after: tuple[str, ...]

    @property
    def weight(self) -> tuple[bool, int, int]:
        """For sorting: lost emergencies first, then what is lost by how much, then what is gained."""
        lost = RANK[self.before] - RANK[self.after]
        return not (self.before == "emergency" and lost > 0), -lost, -RANK[self.before]


class Field(msgspec.Struct, frozen=True):
    """One kind's points: its attributes with all their values, where versions differ (by point), and every point that there is."""

    kind: str
    attributes: Mapping[str, tuple[Any, ...]]
    differing: Mapping[Point, Change]
    points: frozenset[Point]


def fields(one: Version, other: Version) -> list[Field]:
    """The whole space, kind by kind. Ages are those of the first version's bands and the second's."""
    everybody = list(dict.fromkeys((*persons(one.thresholds.ages), *persons(other.thresholds.ages))))
    points: dict[str, dict[Point, Change | None]] = defaultdict(dict)
    for who in everybody:
        for concern, before, after in zip(concerns(), *(_judged(version, who) for version in (one, other)), strict=True):
            change = None if before == after else Change(before[0], after[0], before[1], after[1])
            points[concern.kind][_point(who, concern)] = change
    return [_field(kind, found) for kind, found in points.items()]


def _judged(version: Version, who: Situation) -> list[tuple[str, tuple[str, ...]]]:
    found = findings(version, who)
    shown = [tuple(dict.fromkeys(_name(one.clause, one.status, one.outcome) for one in each)) for each in found]
    return list(zip(outcomes(found), shown, strict=True))


def _name(clause: str, status: str, outcome: str) -> str:
    if status != "applies":
        return f"{clause} {status}"
    return f"{clause} (review)" if outcome == "review" and clause[0] in "EN" else clause


def _point(who: Situation, concern: Concern) -> Point:
    age = (who.stage, who.age)
    facts = (concern.facts.get(fact, UNKNOWN) for fact in FACTS[concern.kind])
    found = tuple(sorted(concern.found))
    return (who.author, age, who.stated, who.at_risk, who.support_needs, *facts, concern.taken_back, found)


def _field(kind: str, found: Mapping[Point, Change | None]) -> Field:
    names = (*WHO, *FACTS[kind], "taken back", "found by a trained person")
    values = (tuple(dict.fromkeys(column)) for column in zip(*found, strict=True))
    differing = {point: change for point, change in found.items() if change is not None}
    return Field(kind, dict(zip(names, values, strict=True)), differing, frozenset(found))
