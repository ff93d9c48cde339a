"""A box of situations in a sentence: only what matters is said."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from policy.printing.words import listed

_OUTCOMES = {"emergency": "an emergency", "non_emergency": "a non-emergency", "review": "a review", "none": "nothing"}
_VALUES = {"within_30_days": "within 30 days", "none": "no timeframe"}


def sentence(kind: str, who: str, facts: Sequence[tuple[str, Collection[Any], Collection[Any]]], becomes: tuple[str, str]) -> str:
    """Such as: Suicide (thoughts yes, plan yes) of a minor: an emergency becomes a review (E1 incomplete).

    `facts`: each by name, with the values it may have here and all there are. `becomes`: what it was and is, in words.
    """
    said = [_fact(name, values) for name, values, whole in facts if len(values) < len(whole)]
    about = f" ({', '.join(said)})" if said else ""
    return f"{kind.replace('_', ' ').capitalize()}{about} of {who}: {becomes[0]} becomes {becomes[1]}."


def outcome(name: str, clauses: Iterable[str]) -> str:
    """An outcome in words, with the clauses behind it."""
    behind = ", ".join(clauses)
    return _OUTCOMES[name] + (f" ({behind})" if behind else "")


def _fact(name: str, values: Iterable[Any]) -> str:
    if name == "taken back":
        return "taken back" if True in values else "not taken back"
    if name == "found by a trained person":
        return listed(
            sorted(f"{' and '.join(sorted(facts))} found by a trained person" if facts else "found by none" for facts in values), "or"
        )
    words = sorted(_VALUES.get(str(value), str(value)) for value in values)
    return f"{name.replace('_', ' ')} {listed(words, 'or')}"
