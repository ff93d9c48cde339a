"""Differences as sentences, each with the conditions that its words state."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from policy.comparing.boxes import Box, holds
from policy.comparing.names import Person
from policy.comparing.people import Named, described
from policy.comparing.table import Cell, Field, Table, judged, name
from policy.comparing.told import Claim, Difference
from policy.printing.words import listed
from policy.rulebook.questions import QUESTIONS
from policy.rulebook.rule import Rule
from policy.rulebook.then import RANK
from policy.situation import Situation
from policy.versions.version import Version

_OUTCOMES = {"emergency": "an emergency", "non_emergency": "a non-emergency", "review": "a review", "none": "nothing"}
_VALUES = {"within_30_days": "within 30 days", "none": "no timeframe"}
_FLAGS = {
    "taken back": ("not taken back", "taken back"),
    "they say that they are safe": ("they don't say that they are safe", "they say that they are safe"),
    "about another person": ("about the author", "about another person"),
}
Where = Callable[[Cell], bool]
Part = tuple[str, frozenset[int], frozenset[int], frozenset[str], bool]


def by_facts(
    table: Table,
    field: Field,
    where: tuple[list[Box], list[int]],
    becomes: tuple[Mapping[int, str], Mapping[str, frozenset[int]]],
    tier: frozenset[str],
) -> Difference:
    """Such as: Suicide (means no): an emergency (E1) becomes, of a minor, a review (U3); of an adult, nothing."""
    (boxes, members), (claims, optional) = where, becomes
    boxes = [_narrowed(field, box, members) for box in boxes]
    cases = [(who, both) for cell in members for who in claims if (both := field.both.get((who, cell))) and both.before.outcome in tier]
    befores = frozenset(both.before.outcome for who, both in cases if both.before.rank > RANK[claims[who]])
    was = _was(befores, _common(_names(table.one, both.before) for who, both in cases if both.before.rank > RANK[claims[who]]))
    after, told = [], []
    for level, who in _by_level(table, claims, optional):
        mine = [both for one, both in cases if claims[one] == level and both.before.rank > RANK[level]]
        after.append(f"of {who.says}, {_was([level], _common(_names(table.other, both.after) for both in mine))}")
        told.append(Claim(who, _above(tier, level), level, at_least=False, where=_inside(field.kind, boxes)))
    return Difference(f"{_kind(field.kind)}{_facts(field, boxes)}: {was} becomes, {'; '.join(after)}.", tuple(told))


def _by_level(table: Table, claims: Mapping[int, str], optional: Mapping[str, frozenset[int]]) -> Iterator[tuple[str, Named]]:
    """Whom each outcome is said of, the highest first; the last are anybody else, where that is true."""
    everybody, said = frozenset(_members(table, range(len(table.classes)))), frozenset[Person]()
    levels = sorted(set(claims.values()), key=RANK.__getitem__, reverse=True)
    for level in levels:
        mine = [who for who in claims if claims[who] == level]
        rest = everybody - said
        if said and level == levels[-1] and rest <= {*_members(table, mine), *_members(table, optional[level])}:
            yield level, Named("anybody else", rest)
            return
        who = _named(table, mine, optional[level])
        said |= who.members
        yield level, who


def by_rules(
    table: Table, rules: frozenset[int], becomes: tuple[Mapping[int, str], Mapping[str, frozenset[int]]], tier: frozenset[str]
) -> Difference:
    """Such as: What only N7 found: a review becomes, of a minor of 12, nothing."""
    claims, optional = becomes
    cases = [(who, both) for field in table.fields for (who, _), both in field.both.items() if both.before.top <= rules and who in claims]
    of_tier = [(who, both) for who, both in cases if both.before.outcome in tier and both.before.rank > RANK[claims[who]]]
    levels = list(_by_level(table, claims, optional))
    told = [Claim(who, _above(tier, level), level, at_least=False, where=lambda _: True, only=rules) for level, who in levels]
    more = any(table.or_more(both, claims[who], table.clauses(rules)) != claims[who] for who, both in of_tier)
    also = " (or what other clauses find, if that is more)" if more else ""
    found, after = (
        _rules(table.one, table.other, sorted(rules), "or"),
        "; ".join(f"of {who.says}, {_OUTCOMES[level]}" for level, who in levels),
    )
    was = _was({both.before.outcome for _, both in of_tier}, ())
    return Difference(f"What only {found} found: {was} becomes{also}, {after}.", tuple(told))


def by_gain(table: Table, places: Sequence[int], parts: Sequence[Part]) -> Difference:
    """Such as: Where N4 (they are homeless) is found: of a minor, nothing becomes a non-emergency."""
    told, says = [], []
    for level, persons, optional, befores, more in parts:
        who = _named(table, persons, optional)
        full = all(table.other.rules[place].outcome == level for place in places)
        also = "" if full and level != "review" else _also(table, places)
        says.append(f"of {who.says}, {_was(befores, ())} becomes {'at least ' if more else ''}{_OUTCOMES[level]}{also}")
        rules = [table.other.rules[place] for place in places]
        told.append(Claim(who, befores, level, at_least=True, where=_finding(table.other, rules, only_full=full and level != "review")))
    return Difference(f"Where {_rules(table.other, table.one, places, 'or')} is found: {'; '.join(says)}.", tuple(told))


def _also(table: Table, places: Sequence[int]) -> str:
    """Which findings that are not a full one count too."""
    found = {
        status
        for field in table.fields
        for both in field.both.values()
        for place, status, _ in both.after.found
        if place in places and status != "applies"
    }
    return f", also where it is {listed(sorted(found), 'or')}" if found else ""


def _finding(version: Version, rules: Sequence[Rule], *, only_full: bool) -> Where:
    """Whether one of some rules finds something of whomever it is about; `only_full`: whether it applies."""
    alone = replace(version, rules=tuple(replace(rule, person="anyone", looks_at="author") for rule in rules))
    author = Situation()

    def finds(cell: Cell) -> bool:
        found = judged(alone, author, cell).found
        return any(status == "applies" or not only_full for _, status, _ in found)

    return finds


def _rules(version: Version, beside: Version, places: Iterable[int], last: str) -> str:
    """Clauses, with what they look at where the other version has not got the very same."""
    chosen = [version.rules[place] for place in places]
    return listed(dict.fromkeys(rule.clause if rule in beside.rules else _in_full(rule) for rule in chosen), last)


def _in_full(rule: Rule) -> str:
    return f"{rule.clause} ({listed((QUESTIONS[fact].says for fact in rule.facts), 'and')})" if rule.facts else rule.clause


def _named(table: Table, classes: Iterable[int], optional: Iterable[int]) -> Named:
    everybody = [who for members in table.classes for who in members]
    return described(_members(table, classes), _members(table, optional), everybody, table.one.thresholds.ages)


def _members(table: Table, classes: Iterable[int]) -> list[Person]:
    return [who for number in classes for who in table.classes[number]]


def _names(version: Version, side: Any) -> list[str]:
    rules = version.rules
    return list(dict.fromkeys(name(rules[place], status, outcome) for place, status, outcome in side.found if outcome == side.outcome))


def _common(clauses: Iterable[list[str]]) -> list[str]:
    """Those that are behind every one of them."""
    first, *others = [*clauses] or [[]]
    return [clause for clause in first if all(clause in one for one in others)]


def _above(tier: frozenset[str], level: str) -> frozenset[str]:
    return frozenset(one for one in tier if RANK[one] > RANK[level])


def _was(befores: Iterable[str], clauses: Collection[str]) -> str:
    was = listed((_OUTCOMES[one] for one in sorted(befores, key=lambda one: -RANK[one])), "or")
    return was + (f" ({', '.join(clauses)})" if clauses else "")


def _kind(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def _inside(kind: str, boxes: Iterable[Box]) -> Where:
    held = tuple(boxes)
    return lambda cell: cell.concern.kind == kind and any(holds(box, cell.point) for box in held)


def _narrowed(field: Field, box: Box, members: Iterable[int]) -> Box:
    """A box with what all that it speaks of has, where that is one value: shorter is not always plainer."""
    inside = [field.cells[cell].point for cell in members if holds(box, field.cells[cell].point)]
    seen = [frozenset(values) for values in zip(*inside, strict=True)]
    return tuple(
        one if len(one) == 1 and column not in _FLAGS else values for column, values, one in zip(field.columns, box, seen, strict=True)
    )


def _facts(field: Field, boxes: Sequence[Box]) -> str:
    """What boxes ask for: what all of them do first, then each by itself."""
    shown = [
        [_fact(column, values) for (column, whole), values in zip(field.columns.items(), box, strict=True) if len(values) < len(whole)]
        for box in boxes
    ]
    shared = [said for said in shown[0] if all(said in one for one in shown)]
    own = [" and ".join(said for said in one if said not in shared) for one in shown]
    said = ", ".join([*shared, *([listed(own, "or")] if all(own) else [])])
    return f" ({said})" if said else ""


def _fact(column: str, values: Iterable[Any]) -> str:
    if column in _FLAGS:
        return _FLAGS[column][True in values]
    if column == "found by a trained person":
        said = (f"{' and '.join(sorted(facts))} found by a trained person" if facts else "found by no trained person" for facts in values)
        return listed(sorted(said), "or")
    words = sorted(_VALUES.get(str(value), str(value)) for value in values)
    return f"{column.replace('_', ' ')} {listed(words, 'or')}"
