"""Who the author is at an event: age, life stage, at-risk status, and where the event lies beside the merger (P4, S1)."""

from datetime import date
from functools import lru_cache

import msgspec

from policy.rulebook.who import Ages
from policy.situation import LifeStage
from policy.state.parts import Head, Other
from policy.times import age_at, moment


class Author(msgspec.Struct, frozen=True):
    """What the profile and trained people say of the author at one moment. `age` is by the date of birth."""

    age: int | None = None
    at_risk: str = "unknown"


class Aged(msgspec.Struct, frozen=True):
    """An age as it is taken, on what basis, and the life stage that follows."""

    age: int | None
    basis: str | None
    stage: LifeStage


_UNKNOWN = Aged(None, None, "unknown")
NOBODY = Author()
_born = lru_cache(maxsize=4096)(date.fromisoformat)


def author_at(head: Head | None, at: int) -> Author:
    """The author as known now, at the moment of an event (O5: whatever was learnt later counts)."""
    if head is None or (head.profile is None and head.assessed is None):
        return NOBODY
    born = head.profile.born if head.profile else None
    return Author(age_at(_born(born), moment(at)) if born else None, at_risk(head))


def newest_update(head: Head) -> int | None:
    """The newest `updated_at` that was ever seen, before an erasure too; None where there was no profile."""
    known = (head.erased, head.profile.updated if head.profile else None)
    return max((moment for moment in known if moment is not None), default=None)


def at_risk(head: Head) -> str:
    """The newest word on the at-risk status, the profile's or a trained person's; unknown never overwrites."""
    profile, assessed = head.profile, head.assessed
    if profile is None or profile.at_risk == "unknown":
        return assessed.value if assessed else "unknown"
    return assessed.value if assessed and assessed.at > profile.updated else profile.at_risk


def aged(age: int | None, stated: int | None, ages: Ages) -> Aged:
    """The author's age and life stage (P4): a date of birth, or words under 18 where there is none; disputed where they differ."""
    if age is not None:
        adult = age >= ages.adult
        disputed = adult and stated is not None and stated < ages.adult
        return Aged(age, "date_of_birth", "disputed" if disputed else "adult" if adult else "minor")
    if stated is not None and stated < ages.adult:
        return Aged(stated, "stated", "minor")
    return _UNKNOWN


def told_age(who: Other, stated: int | None, ages: Ages) -> tuple[int | None, LifeStage]:
    """Another person's age and life stage, from the words of whoever tells (P3); disputed where those contradict each other."""
    age = who.age if who.age is not None else stated
    if age is None:
        return None, {"yes": "minor", "no": "adult"}.get(who.minor, "unknown")  # type: ignore[return-value]  # the three keys are stages
    minor = "yes" if age < ages.adult else "no"
    if who.minor not in (minor, "unknown") or (stated is not None and stated < ages.adult <= age):
        return age, "disputed"
    return age, "minor" if minor == "yes" else "adult"
