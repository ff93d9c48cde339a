"""What is judged lower by the second version: few sentences that each say exactly what becomes of what.

Two forms: by facts (`suicide (means no): an emergency becomes ...`) for one kind of concern, and by rules (`what only N7 found ...`) over
all kinds. Of the two, the shorter one is taken.
"""

from collections.abc import Iterable, Iterator, Mapping

from policy.comparing.boxes import cover, holds
from policy.comparing.sentences import by_facts, by_rules
from policy.comparing.table import Both, Field, Table
from policy.comparing.told import Difference
from policy.rulebook.then import RANK

TIERS = (frozenset({"emergency"}), frozenset({"non_emergency", "review"}))
"""Lost emergencies have sentences of their own."""
Claims = Mapping[int, str]
"""What becomes of each class of persons."""
Lost = frozenset[tuple[str, int, int]]
"""Kind, cell and class."""


def losses(table: Table) -> list[Difference]:
    """All sentences about what is lost."""
    return [sentence for tier in TIERS for sentence in _of_tier(table, tier)]


def _of_tier(table: Table, tier: frozenset[str]) -> list[Difference]:
    all_by_facts = [one for field in table.fields for one in _by_facts(table, field, tier, frozenset())]
    grouped = list(_by_rules(table, tier))
    told = frozenset(point for _, _, points in grouped for point in points)
    rest = [one for field in table.fields for one in _by_facts(table, field, tier, told)]
    by_rule = [*(by_rules(table, rules, _with_optional(table, rules, claims, tier), tier) for rules, claims, _ in grouped), *rest]
    return by_rule if _length(by_rule, tier) < _length(all_by_facts, tier) else all_by_facts


def _length(said: list[Difference], tier: frozenset[str]) -> tuple[int, int]:
    """How many sentences, and of as many how long. Lost emergencies are said by facts all the same: what is lost must be plain."""
    return len(said), 0 if "emergency" in tier else sum(len(one.says) for one in said)


def is_lost(both: Both, tier: frozenset[str]) -> bool:
    """Whether what lay in a tier is judged lower."""
    return both.before.outcome in tier and both.after.rank < both.before.rank


def is_true(both: Both | None, after: str, tier: frozenset[str]) -> bool:
    """Whether `what lay in the tier and was more becomes that` holds here, were it only because nothing such was there."""
    return both is None or both.before.outcome not in tier or both.before.rank <= RANK[after] or both.after.outcome == after


def _by_facts(table: Table, field: Field, tier: frozenset[str], told: Lost) -> Iterator[Difference]:
    lost: dict[int, dict[int, str]] = {}
    for who, cell, both in field.differing():
        if is_lost(both, tier) and (field.kind, cell, who) not in told:
            lost.setdefault(cell, {})[who] = both.after.outcome
    for claims, members in _alike(field, lost, tier):
        fits = [cell for cell in range(len(field.cells)) if _fits(field, cell, claims, tier)]
        points = [field.cells[cell].point for cell in range(len(field.cells))]
        wanted, allowed = (frozenset(points[cell] for cell in chosen) for chosen in (members, fits))
        boxes = cover(wanted, allowed, frozenset(points), list(field.columns.values()))
        inside = [cell for cell, point in enumerate(points) if any(holds(box, point) for box in boxes)]
        optional = {after: _optional(table, [(field, inside)], after, tier) for after in set(claims.values())}
        yield by_facts(table, field, (boxes, members), (claims, optional), tier)


def _alike(field: Field, lost: Mapping[int, Claims], tier: frozenset[str]) -> list[tuple[dict[int, str], list[int]]]:
    """Cells of which the same can be said, person by person."""
    groups: list[tuple[dict[int, str], list[int]]] = []
    for cell in sorted(lost, key=lambda one: (-len(lost[one]), one)):
        for claims, members in groups:
            joined = {**claims, **lost[cell]}
            agree = all(claims.get(who, after) == after for who, after in lost[cell].items())
            if agree and all(_fits(field, one, joined, tier) for one in (*members, cell)):
                claims.update(joined)
                members.append(cell)
                break
        else:
            groups.append((dict(lost[cell]), [cell]))
    return groups


def _fits(field: Field, cell: int, claims: Claims, tier: frozenset[str]) -> bool:
    return all(is_true(field.both.get((who, cell)), after, tier) for who, after in claims.items())


def _optional(table: Table, where: Iterable[tuple[Field, Iterable[int]]], after: str, tier: frozenset[str]) -> frozenset[int]:
    """Classes of whom it may be said all the same, if that is shorter."""
    places = [(field, list(inside)) for field, inside in where]
    return frozenset(
        who
        for who in range(len(table.classes))
        if all(is_true(field.both.get((who, cell)), after, tier) for field, inside in places for cell in inside)
    )


def _by_rules(table: Table, tier: frozenset[str]) -> Iterator[tuple[frozenset[int], Claims, Lost]]:
    """Rules of which the same can be said of whatever they alone decided, with what is told by it."""
    groups: list[tuple[frozenset[int], dict[int, str]]] = []
    for rule, claims in _own(table, tier).items():
        groups = _joined(table, groups, rule, claims, tier)
    for rules, said in groups:
        yield (
            rules,
            said,
            frozenset(
                (field.kind, cell, who)
                for field in table.fields
                for who, cell, both in field.differing()
                if who in said and is_lost(both, tier) and both.before.top <= rules
            ),
        )


def _with_optional(
    table: Table, rules: frozenset[int], claims: Claims, tier: frozenset[str]
) -> tuple[Claims, Mapping[str, frozenset[int]]]:
    everybody = range(len(table.classes))
    return claims, {
        after: frozenset(who for who in everybody if _holds(table, rules, {who: after}, tier)) for after in set(claims.values())
    }


def _own(table: Table, tier: frozenset[str]) -> Mapping[int, Claims]:
    """For each rule that decided what is lost: what its clause comes to now, person by person; only where that is always the same."""
    found: dict[int, dict[int, str]] = {}
    mixed: set[int] = set()
    for field in table.fields:
        for who, _, both in field.differing():
            for rule in both.before.top if is_lost(both, tier) else ():
                now = table.finds(both, frozenset({table.one.rules[rule].clause}))
                if found.setdefault(rule, {}).setdefault(who, now) != now:
                    mixed.add(rule)
    return {rule: claims for rule, claims in found.items() if rule not in mixed}


def _joined(
    table: Table, groups: list[tuple[frozenset[int], dict[int, str]]], rule: int, claims: Claims, tier: frozenset[str]
) -> list[tuple[frozenset[int], dict[int, str]]]:
    for place, (rules, said) in enumerate(groups):
        both_say = {**said, **claims}
        if all(said.get(who, after) == after for who, after in claims.items()) and _holds(table, rules | {rule}, both_say, tier):
            return [*groups[:place], (rules | {rule}, both_say), *groups[place + 1 :]]
    alone = frozenset({rule})
    return [*groups, (alone, dict(claims))] if _holds(table, alone, claims, tier) else groups


def _holds(table: Table, rules: frozenset[int], claims: Claims, tier: frozenset[str]) -> bool:
    """Whether what rules alone decided always becomes what is claimed, or what other clauses find, if that is more."""
    clauses = table.clauses(rules)
    return all(
        not both.before.top <= rules or who not in claims or is_true(both, table.or_more(both, claims[who], clauses), tier)
        for field in table.fields
        for (who, _), both in field.both.items()
    )
