"""Who is in the sample: pseudonyms, ages, and what the services know about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from streams.sample.dice import Dice
from streams.sample.stories import Story, told
from streams.sample.words import VOICES

_AGES = range(11, 26)
_AGE_WEIGHTS = (1, 2, 4, 6, 8, 9, 9, 8, 7, 6, 5, 4, 3, 3, 2)


@dataclass(frozen=True)
class Person:
    """One made-up person. `profile` is None where the services know nothing; `late` tells that it comes only in the course of the story."""

    person_id: str
    where: str
    voice: str
    story: Story | None
    profile: Mapping[str, Any] | None
    late: bool = False


def _born(age: int, start: datetime, dice: Dice) -> str:
    """A date of birth that gives this age for a month around `start`: nobody has a birthday in the middle of a story."""
    return (start.date().replace(year=start.year - age, day=min(start.day, 28)) - timedelta(days=dice.whole(40, 320))).isoformat()


def _everyday(dice: Dice) -> dict[str, Any]:
    age = dice.weighted(_AGES, _AGE_WEIGHTS)
    at_risk = dice.weighted(("unknown", "no", "yes"), (5, 5, 1)) if age >= 18 else "unknown"  # noqa: PLR2004  adulthood, policy: "Words"
    known = dice.weighted(("full", "none", "no_birth_date"), (86, 8, 6))
    return {"age": (age, age), "at_risk": at_risk, "profile": known, "social_worker": dice.chance(0.06), "reachable": dice.chance(0.85)}


def _profile(person_id: str, who: Mapping[str, Any], start: datetime, dice: Dice) -> dict[str, Any]:
    born = _born(dice.whole(*who["age"]), start, dice)
    return {
        "schema": "profile/1",
        "person_id": person_id,
        "date_of_birth": None if who.get("profile") == "no_birth_date" else born,
        "adult_at_risk": who["at_risk"],
        "social_worker": who.get("social_worker", False),
        "reachable": who.get("reachable", True),
    }


def person(seed: int, number: int, story: Story | None, start: datetime) -> Person:
    """The person of this number: the same for the same seed, whatever the others do."""
    dice = Dice(seed, "person", number)
    person_id = f"u-{dice.token(10)}"
    where = story.where if story else dice.weighted(("community", "text_line"), (3, 1))
    who = story.who if story else _everyday(dice)
    profile = None if who.get("profile") == "none" else _profile(person_id, who, start, dice)
    return Person(person_id, where, dice.pick(VOICES), story, profile, late=who.get("profile") == "late")


def cast(people: int, seed: int, start: datetime) -> list[Person]:
    """Everybody, with the stories spread over them by chance."""
    chosen: list[Story | None] = [*told(people)]
    chosen += [None] * (people - len(chosen))
    return [person(seed, number, story, start) for number, story in enumerate(Dice(seed, "cast").shuffled(chosen))]
