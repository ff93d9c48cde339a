"""Hints: expressions that say nothing alone, and together that somebody thinks of ending their life."""

from collections.abc import Iterator
from itertools import pairwise

from policy.reading.finding import Found
from policy.reading.patterns_file import HINT
from policy.reading.persons import AUTHOR, Who

_TELLING = frozenset({"means", "plan"})  # told without thoughts, they hint at them
_NEAR = 60  # words between two hints that belong together


def thoughts_hinted(found: list[Found]) -> Iterator[Found]:
    """Thoughts of suicide where two different hints about the same person stand near each other."""
    hints: dict[Who, list[tuple[str, Found]]] = {}
    for item in found:
        for kind, fact, value in item.facts:
            hint = fact if kind == HINT else "means" if kind == "suicide" and fact in _TELLING and not item.topic else ""
            if hint and value == "yes":
                hints.setdefault(item.who or AUTHOR, []).append((hint, item))
    for who, told in hints.items():
        told.sort(key=lambda one: one[1].start)
        for (fact, item), (other, following) in pairwise(told):
            if fact != other and item.end <= following.start <= item.end + _NEAR:
                yield from (
                    Found((("suicide", "thoughts", "yes"),), who, one.start, one.end, pattern=one.pattern) for one in (item, following)
                )


def without_hints(found: list[Found]) -> list[Found]:
    """What was found, less the hints."""
    return [item for item in found if not any(kind == HINT for kind, _, _ in item.facts)]
