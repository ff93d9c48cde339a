"""The stories of `data/stories/`: what a few people go through, each written to show some clauses of the policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from streams.sample.words import data

# The share of all people who live through a story of each file; every story is told once before any is told twice. The share of
# emergencies is set so that one decision in a hundred is an emergency: what a real line sees, by the decisions that its events end in.
SHARES = {"emergencies": 0.03, "non_emergencies": 0.03, "reviews": 0.03, "support": 0.05, "scope": 0.01}


@dataclass(frozen=True)
class Story:
    """One story. `shows`: clauses of the policy; `expect`: the highest outcome of its decisions and the clauses found on the way."""

    name: str
    shows: tuple[str, ...]
    where: str
    who: Mapping[str, Any]
    turns: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]


@cache
def stories(kind: str) -> tuple[Story, ...]:
    """The stories of one file, in the order in which they stand there."""
    return tuple(Story(**{**told, "shows": tuple(told["shows"]), "turns": tuple(told["turns"])}) for told in data(f"stories/{kind}"))


def every_story() -> tuple[Story, ...]:
    """All stories of all files."""
    return tuple(story for kind in SHARES for story in stories(kind))


def told(people: int) -> list[Story]:
    """The stories that so many people live through: each at least once, then by the shares.

    Fewer people than stories live through the first of them.
    """
    chosen: list[Story] = []
    for kind, share in SHARES.items():
        known = stories(kind)
        count = max(len(known), round(people * share))
        chosen += [known[number % len(known)] for number in range(count)]
    return chosen[:people]
