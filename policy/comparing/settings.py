"""What two versions differ in before any situation is looked at: numbers, dates, and clauses, each with what of it is written otherwise."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from policy.printing.rulebook import dates
from policy.printing.words import ABOUT, MEANWHILE, OUTCOMES, RECIPIENTS, listed
from policy.rulebook.missing import ASKED_WHEN
from policy.rulebook.questions import QUESTIONS
from policy.rulebook.rule import Rule
from policy.versions.version import Version

THRESHOLDS: Mapping[str, str] = {
    "adult_from_age": "Somebody is an adult from {} on",
    "pregnancy_under_age": "N5 is about those under {}",
    "child_up_to_age": "N7 is about children of {} or under",
    "window_days": "Facts add up over {} days",
    "immediate_hours": "An immediate timeframe lapses after {} hours",
    "case_closes_after_days": "A case closes {} days after its last event",
    "skew_minutes": "Clocks may differ by {} minutes",
}
_HELD = {"all": "whatever it finds is held back", "incomplete": "what is incomplete is held back", "none": "nothing is held back"}
_LOOKS = {"person_at_risk": "the person at risk", "author": "the author, whoever the other person is"}


def settings(one: Version, other: Version) -> Iterator[str]:
    """A sentence each; nothing where both are the same."""
    before, after = (msgspec.structs.asdict(version.thresholds) for version in (one, other))
    for name, says in THRESHOLDS.items():
        if before[name] != after[name]:
            yield f"{says.format(after[name])}, where it was {before[name]} (`{name}`)."
    if one.in_force != other.in_force:
        yield f"`{one.name}`: {dates(one.in_force)} `{other.name}`: {dates(other.in_force)}"
    yield from _clauses(one, other)


def _clauses(one: Version, other: Version) -> Iterator[str]:
    """Clauses that only one of them has, a sentence for each side, and those that are written otherwise, a sentence each."""
    before, after = _by_clause(one), _by_clause(other)
    for said, missing in (("Gone", [c for c in before if c not in after]), ("New", [c for c in after if c not in before])):
        if missing:
            yield f"{said}: {listed(missing, 'and')}."
    for clause in before:
        if before[clause] != after.get(clause, before[clause]):
            yield f"{clause} is written otherwise: {'; '.join(_otherwise(before[clause], after[clause]))}."


def _by_clause(version: Version) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in version.rules:
        found[rule.clause].append(rule)
    return dict(found)


def _otherwise(before: Sequence[Rule], after: Sequence[Rule]) -> list[str]:
    if len(before) != len(after):
        return [f"{len(after)} rules, where there were {len(before)}"]
    said = [change for one, other in zip(before, after, strict=True) for change in _changes(one, other)]
    return said or ["in its words alone"]


def _changes(one: Rule, other: Rule) -> Iterator[str]:
    new, gone = (
        [QUESTIONS[fact].says for fact in ours if fact not in theirs]
        for ours, theirs in ((other.facts, one.facts), (one.facts, other.facts))
    )
    if new:
        yield f"it also needs that {listed(new, 'and')}"
    if gone:
        yield f"it no longer needs that {listed(gone, 'and')}"
    for field, words in _FIELDS.items():
        before, after = getattr(one, field), getattr(other, field)
        if before != after:
            yield f"{words[0]} {_said(words[1], after)} (before: {_said(words[1], before)})"


def _said(words: Mapping[str, str], value: str | Collection[str] | None) -> str:
    if value is None:
        return "never"
    if not value:
        return "nobody"
    text = words.get(value, value) if isinstance(value, str) else listed((words.get(each, each) for each in value), "and")
    return text.replace("**", "")


_FIELDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "kind": ("it looks at", {}),
    "outcome": ("it is", OUTCOMES),
    "recipients": ("it goes to", RECIPIENTS),
    "person": ("it is about", ABOUT),
    "adult_at_risk": ("for an adult at risk,", MEANWHILE),
    "support_needs": ("for an adult of unknown status whose words speak of support needs,", MEANWHILE),
    "asked_when": ("what is unknown is asked", {name: f"once {asking.says}" for name, asking in ASKED_WHEN.items()}),
    "assurance": ("where the author says that they are safe,", _HELD),
    "looks_at": ("it looks at", _LOOKS),
}
