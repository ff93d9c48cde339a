"""Chance from a seed: the same seed gives the same stream on any machine, so that two people can talk about one event."""

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """One independent run of chance for each seed. Built on `random.random` alone, whose sequence Python keeps from version to version."""

    def __init__(self, *seed: object) -> None:
        self._random = random.Random("/".join(map(str, seed)))  # noqa: S311  a sample must be repeatable; no secret comes from it

    def share(self) -> float:
        """A number in `[0, 1)`."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number in `[low, high)`."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True as often as `probability` says."""
        return self.share() < probability

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things, each as likely as the next."""
        return things[int(self.share() * len(things))]

    def weighted(self, things: Sequence[Thing], weights: Sequence[float]) -> Thing:
        """One of the things, as likely as its weight says."""
        mark = self.share() * sum(weights)
        for thing, weight in zip(things, weights, strict=True):
            mark -= weight
            if mark < 0:
                return thing
        return things[-1]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """The things in a new order."""
        return sorted(things, key=lambda _: self.share())

    def token(self, length: int) -> str:
        """So many hexadecimal digits."""
        return "".join(f"{int(self.share() * 16):x}" for _ in range(length))
