"""A box of situations in a sentence: only what matters is said."""

from collections.abc import Collection, Iterable
from typing import Any

from policy.comparing.boxes import Box
from policy.comparing.points import WHO, Change, Field
from policy.printing.words import listed

_OUTCOMES = {"emergency": "an emergency", "non_emergency": "a non-emergency", "review": "a review", "none": "nothing"}
_VALUES = {"within_30_days": "within 30 days", "none": "no timeframe"}


def sentence(change: Change, field: Field, box: Box) -> str:
    """Such as: Suicide (thoughts yes, plan yes) of a minor: an emergency (E1) becomes a review (E1 incomplete)."""
    named = list(zip(field.attributes.items(), box, strict=True))
    who = _who({name: values for (name, _), values in named if name in WHO}, field)
    facts = [_fact(name, values) for (name, whole), values in named if name not in WHO and len(values) < len(whole)]
    about = f" ({', '.join(filter(None, facts))})" if any(facts) else ""
    before, after = _outcome(change.before, change.clauses_before), _outcome(change.after, change.clauses_after)
    return f"{field.kind.replace('_', ' ').capitalize()}{about} of {who}: {before} becomes {after}."


def _outcome(outcome: str, clauses: Collection[str]) -> str:
    return _OUTCOMES[outcome] + (f" ({', '.join(clauses)})" if clauses else "")


def _fact(name: str, values: Iterable[Any]) -> str:
    if name == "taken back":
        return "taken back" if True in values else "not taken back"
    if name == "found by a trained person":
        return listed(sorted(f"{' and '.join(facts)} found by a trained person" if facts else "found by none" for facts in values), "or")
    words = sorted(_VALUES.get(str(value), str(value)) for value in values)
    return f"{name.replace('_', ' ')} {listed(words, 'or')}"


def _who(values: dict[str, frozenset[Any]], field: Field) -> str:
    whole = {name: frozenset(all_of) for name, all_of in field.attributes.items()}
    said = [_age(values["age"], whole["age"])]
    if values["who"] != whole["who"]:
        said.append("who is the author" if True in values["who"] else "who is not the author")
    if values["words say"] != whole["words say"]:
        said.append(
            f"whose words say {listed((str(age) if age is not None else 'no age' for age in sorted(values['words say'], key=str)), 'or')}"
        )
    if values["at risk"] != whole["at risk"]:
        said.append(f"of whom being at risk is {listed(sorted(map(str, values['at risk'])), 'or')}")
    if values["support needs"] != whole["support needs"]:
        said.append(f"of whom support needs are {listed(sorted(map(str, values['support needs'])), 'or')}")
    return ", ".join(said)


def _age(ages: frozenset[Any], whole: frozenset[Any]) -> str:
    if ages == whole:
        return "anybody"
    parts = [_stage(stage, {age for its, age in ages if its == stage}, {age for its, age in whole if its == stage}) for stage in _STAGES]
    return listed(filter(None, parts), "or")


_STAGES = {"minor": "a minor", "adult": "an adult", "unknown": "somebody of unknown age", "disputed": "somebody of disputed age"}


def _stage(stage: str, ages: set[int | None], whole: set[int | None]) -> str | None:
    if not ages:
        return None
    if ages == whole:
        return _STAGES[stage]
    known = sorted(age for age in ages if age is not None)
    said = [f"{_STAGES[stage]} of {listed(map(str, known), 'or')}"] if known else []
    return listed([*said, *([f"{_STAGES[stage]} of unknown age"] if None in ages else [])], "or")
