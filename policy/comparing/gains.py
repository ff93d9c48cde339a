"""What is judged higher by the second version: by the rules that bring it, each said once, with all to whom it happens.

A rule that finds something makes the outcome at least that, whatever else there is. So "at least" is always true, and it is exact where
no other sentence says more: the highest that is said of a case is what becomes of it.
"""

from collections.abc import Iterable

import msgspec

from policy.comparing.sentences import by_gain
from policy.comparing.table import Both, Field, Table
from policy.comparing.told import Difference
from policy.rulebook.then import RANK

Point = tuple[str, int, int]
"""Kind, cell and class."""


class Gain(msgspec.Struct, frozen=True):
    """A rule (its place in the second version) that brings cases to a level: those that come to just that, and whom else it is true of."""

    rule: int
    level: str
    exact: frozenset[Point]
    optional: frozenset[int]

    @property
    def persons(self) -> frozenset[int]:
        """The classes of persons to whom it happens."""
        return frozenset(who for _, _, who in self.exact)


def gains(table: Table) -> list[Difference]:
    """All sentences about what is gained."""
    chosen = _chosen([gain for place in range(len(table.other.rules)) for gain in _of_rule(table, place)])
    by_rule: dict[int, dict[str, Gain]] = {}
    for gain in chosen:
        by_rule.setdefault(gain.rule, {})[gain.level] = gain
    groups: list[list[dict[str, Gain]]] = []
    for levels in by_rule.values():
        group = next((one for one in groups if _agree([*one, levels])), None)
        if group is None:
            groups.append([levels])
        else:
            group.append(levels)
    return [by_gain(table, [next(iter(one.values())).rule for one in group], _parts(table, group)) for group in groups]


def _of_rule(table: Table, place: int) -> Iterable[Gain]:
    rule = table.other.rules[place]
    for level in dict.fromkeys((rule.outcome, "review")):
        exact = _points(table, place, level)
        if exact:
            yield Gain(rule=place, level=level, exact=exact, optional=_optional(table, place, level))


def _is_gained(both: Both, level: str) -> bool:
    return both.before.rank < RANK[level] <= both.after.rank


def _points(table: Table, place: int, level: str) -> frozenset[Point]:
    return frozenset(
        (field.kind, cell, who)
        for field in table.fields
        for (who, cell), both in field.both.items()
        if _is_gained(both, level)
        and both.after.outcome == level
        and any(rule == place and RANK[outcome] >= RANK[level] for rule, _, outcome in both.after.found)
    )


def _optional(table: Table, place: int, level: str) -> frozenset[int]:
    """Classes of whom it is true, were it only because nothing was less: of every case where the rule has such a status."""
    found = [(field, _status_cells(field, place, only_full=level == table.other.rules[place].outcome)) for field in table.fields]
    return frozenset(
        who
        for who in range(len(table.classes))
        if all(_is_true(field.both.get((who, cell)), level) for field, inside in found for cell in inside)
    )


def _status_cells(field: Field, place: int, *, only_full: bool) -> frozenset[int]:
    """Cells where a rule finds something of somebody; `only_full`: where it applies."""
    return frozenset(
        cell
        for (_, cell), both in field.both.items()
        if any(rule == place and (status == "applies" or not only_full) for rule, status, _ in both.after.found)
    )


def _is_true(both: Both | None, level: str) -> bool:
    return both is None or both.before.rank >= RANK[level] or both.after.rank >= RANK[level]


def _chosen(found: list[Gain]) -> list[Gain]:
    """As few as tell everything, in the rulebook's order."""
    left = {point for gain in found for point in gain.exact}
    chosen: list[Gain] = []
    while left:
        best = max(found, key=lambda gain: len(gain.exact & left))
        chosen.append(best)
        left -= best.exact
    for gain in list(chosen):
        others = frozenset(point for one in chosen if one is not gain for point in one.exact)
        if gain.exact <= others:
            chosen.remove(gain)
    return sorted(chosen, key=lambda gain: gain.rule)


def _agree(rules: list[dict[str, Gain]]) -> bool:
    """Whether of several rules the same can be said: the same levels, of the same persons."""
    if any(set(one) != set(rules[0]) for one in rules):
        return False
    return all(_everybody(rules, level) <= gain[level].persons | gain[level].optional for gain in rules for level in gain)


def _everybody(rules: list[dict[str, Gain]], level: str) -> frozenset[int]:
    return frozenset(who for one in rules for who in one[level].persons)


def _parts(table: Table, group: list[dict[str, Gain]]) -> list[tuple[str, frozenset[int], frozenset[int], frozenset[str], bool]]:
    """By level: who, who else it may be said of, what it was, and whether more may come of it."""
    parts = []
    for level in sorted(group[0], key=RANK.__getitem__, reverse=True):
        who = _everybody(group, level)
        optional = frozenset.intersection(*(one[level].optional for one in group))
        places = [one[level].rule for one in group]
        cases = [both for field in table.fields for (one, _), both in field.both.items() if one in who and _finds(both, places, level)]
        befores = frozenset(both.before.outcome for both in cases if _is_gained(both, level))
        more = any(both.after.rank > RANK[level] for both in cases if _is_gained(both, level))
        parts.append((level, who, optional, befores, more))
    return parts


def _finds(both: Both, places: list[int], level: str) -> bool:
    return any(rule in places and RANK[outcome] >= RANK[level] for rule, _, outcome in both.after.found)
