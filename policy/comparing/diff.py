"""The difference of two versions: thresholds, dates, clauses, and every situation whose outcome differs, lost emergencies first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from policy.comparing.boxes import Box, Point, cover, holds
from policy.comparing.people import Person, described
from policy.comparing.points import WHO, Change, Field, fields
from policy.comparing.sentences import outcome, sentence
from policy.printing.rulebook import dates
from policy.rulebook.rule import Rule
from policy.rulebook.then import RANK
from policy.rulebook.who import Ages
from policy.versions.version import Version

_PERSON = len(WHO)


class Difference(msgspec.Struct, frozen=True):
    """One sentence about situations whose outcome differs. `lost_emergency`: what was one is less.

    `persons` and `facts` are the box that it speaks of: each person in it, and for each fact (in the space's order) its values.
    """

    kind: str
    before: str
    after: str
    lost_emergency: bool
    says: str
    persons: frozenset[Person]
    facts: Box

    def holds(self, point: Point) -> bool:
        """Whether a point of the space lies in it."""
        return point[:_PERSON] in self.persons and holds(self.facts, point[_PERSON:])


class Diff(msgspec.Struct, frozen=True):
    """All differences. `settings`: thresholds, dates and clauses, a sentence each; `situations`: complete over the space of facts."""

    settings: tuple[str, ...]
    situations: tuple[Difference, ...]


def diff(one: Version, other: Version) -> Diff:
    """What the second version judges differently from the first. Takes some ten seconds."""
    if one.rules == other.rules and one.thresholds == other.thresholds:
        return Diff(tuple(_settings(one, other)), ())
    found = [item for field in fields(one, other) for item in _of_field(field, one.thresholds.ages)]
    found.sort(key=lambda item: (Change(item.before, item.after, (), ()).weight, item.kind))
    return Diff(tuple(_settings(one, other)), tuple(found))


def _of_field(field: Field, ages: Ages) -> Iterator[Difference]:
    """Persons treated alike are one value of one attribute, so that what matters about them is found, not listed."""
    treated: dict[Person, set[tuple[Point, str, str]]] = {point[:_PERSON]: set() for point in field.points}
    for point, change in field.differing.items():
        if change.before != change.after:
            treated[point[:_PERSON]].add((point[_PERSON:], change.before, change.after))
    groups: dict[frozenset[tuple[Point, str, str]], list[Person]] = defaultdict(list)
    for person in sorted(treated, key=repr):
        groups[frozenset(treated[person])].append(person)
    changed: dict[tuple[str, str], set[Point]] = defaultdict(set)
    for number, alike in enumerate(groups):
        for facts, before, after in alike:
            changed[before, after].add((number, *facts))
    points = frozenset((number, *facts) for number in range(len(groups)) for facts in {point[_PERSON:] for point in field.points})
    columns = [range(len(groups)), *list(field.attributes.values())[_PERSON:]]
    members = list(groups.values())
    for becomes, wanted in changed.items():
        for box in cover(frozenset(wanted), _as_much(becomes, changed), points, columns):
            persons = frozenset(person for number in box[0] for person in members[number])
            yield _difference(field, ages, becomes, (persons, box[1:]))


def _as_much(becomes: tuple[str, str], changed: Mapping[tuple[str, str], set[Point]]) -> frozenset[Point]:
    """What a sentence may also hold: of a gain what gains still more, which has a sentence of its own; of a loss nothing else."""
    before, after = becomes
    if RANK[after] < RANK[before]:
        return frozenset(changed[becomes])
    return frozenset(point for (was, now), some in changed.items() if was == before and RANK[now] >= RANK[after] for point in some)


def _difference(field: Field, ages: Ages, becomes: tuple[str, str], box: tuple[frozenset[Person], Box]) -> Difference:
    persons, facts = box
    before, after = becomes
    everybody = {point[:_PERSON] for point in field.points}
    named = [(name, values, whole) for (name, whole), values in zip(list(field.attributes.items())[_PERSON:], facts, strict=True)]
    inside = [change for point, change in field.differing.items() if point[:_PERSON] in persons and holds(facts, point[_PERSON:])]
    behind = [_common([change.clauses_before for change in inside]), _common([change.clauses_after for change in inside])]
    more = "at least " if any(change.after != after for change in inside) else ""
    words = outcome(before, behind[0]), more + outcome(after, behind[1])
    says = sentence(field.kind, described(persons, everybody, ages), named, words)
    return Difference(field.kind, before, after, before == "emergency", says, persons, facts)


def _common(clauses: list[tuple[str, ...]]) -> list[str]:
    """Those that are behind every one of them."""
    return [clause for clause in clauses[0] if all(clause in others for others in clauses)]


def _settings(one: Version, other: Version) -> list[str]:
    before, after = (msgspec.structs.asdict(version.thresholds) for version in (one, other))
    changed = [
        f"`{name}` is {before[name]} in `{one.name}` and {after[name]} in `{other.name}`." for name in before if before[name] != after[name]
    ]
    if one.in_force != other.in_force:
        changed.append(f"`{one.name}`: {dates(one.in_force)} `{other.name}`: {dates(other.in_force)}")
    return [*changed, *_clauses(one, other)]


def _clauses(one: Version, other: Version) -> list[str]:
    """Clauses that only one of them has, a sentence for each side, and those that are written otherwise, a sentence each."""
    before, after = _by_clause(one), _by_clause(other)
    only = [
        f"Only `{version.name}` has {', '.join(missing)}."
        for version, missing in ((one, [c for c in before if c not in after]), (other, [c for c in after if c not in before]))
        if missing
    ]
    return only + [
        f"{clause} is written otherwise in `{other.name}`." for clause in before if before[clause] != after.get(clause, before[clause])
    ]


def _by_clause(version: Version) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in version.rules:
        found[rule.clause].append(rule)
    return dict(found)
