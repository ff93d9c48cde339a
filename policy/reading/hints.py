"""Hints: expressions that say nothing alone, and together that somebody thinks of ending their life."""

from collections.abc import Iterator

from policy.reading.finding import Found
from policy.reading.patterns_file import HINT
from policy.reading.persons import AUTHOR, Who

_ENOUGH = 2  # different hints about one person


def thoughts_hinted(found: list[Found]) -> Iterator[Found]:
    """Thoughts of suicide where one text holds two different hints about the same person."""
    hints: dict[Who, dict[str, Found]] = {}
    for item in found:
        for kind, fact, value in item.facts:
            if kind == HINT and value == "yes":
                hints.setdefault(item.who or AUTHOR, {}).setdefault(fact, item)
    for who, by_fact in hints.items():
        if len(by_fact) >= _ENOUGH:
            for item in by_fact.values():
                yield Found((("suicide", "thoughts", "yes"),), who, item.start, item.end, pattern=item.pattern)


def without_hints(found: list[Found]) -> list[Found]:
    """What was found, less the hints."""
    return [item for item in found if not any(kind == HINT for kind, _, _ in item.facts)]
