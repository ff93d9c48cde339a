"""Persons that two versions treat alike, in words: few names, each for a class of persons that somebody can picture."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from policy.answers import UNKNOWN, YES
from policy.printing.words import listed
from policy.rulebook.who import Ages

Person = tuple[Any, ...]
"""Whether the author, (life stage, age), the age that the words say, at-risk status, support needs."""
_Test = Callable[[Person], bool]


def names(ages: Ages) -> Mapping[str, _Test]:
    """Classes of persons by their names, those that are easily said first."""
    stages: dict[str, _Test] = {"anybody": bool}
    stages |= {f"{said}": _stage(stage) for said, stage in _STAGES.items()}
    stages |= {
        f"a child of {ages.child} or under": lambda who: _under(who, ages.child + 1),
        f"somebody known to be under {ages.pregnancy}": lambda who: _under(who, ages.pregnancy),
        f"a minor of {ages.child + 1} or over or of unknown age": lambda who: who[1][0] == "minor" and not _under(who, ages.child + 1),
        f"a minor of {ages.pregnancy} or over": lambda who: _known_minor(who) and not _under(who, ages.pregnancy),
        "a minor of unknown age": lambda who: who[1] == ("minor", None),
        "an adult at risk": lambda who: who[1][0] == "adult" and who[3] == YES,
        "an adult of unknown status with support needs": _needs,
        "any other adult": lambda who: who[1][0] == "adult" and who[3] != YES and not _needs(who),
        "somebody of unknown or disputed age": _unclear,
        "somebody at risk of unknown or disputed age": lambda who: _unclear(who) and who[3] == YES,
        "somebody not known to be at risk of unknown or disputed age": lambda who: _unclear(who) and who[3] != YES,
    }
    return stages | _by_words(ages) | _by_year(ages)


_STAGES = {"a minor": "minor", "an adult": "adult", "somebody of unknown age": "unknown", "somebody of disputed age": "disputed"}


def _stage(stage: str) -> _Test:
    return lambda who: bool(who[1][0] == stage)


def _by_words(ages: Ages) -> dict[str, _Test]:
    """Ages in the words that are younger than what is known."""
    child, under = ages.child + 1, ages.pregnancy
    return {
        f"a minor whose words say under {child}": lambda who: who[1][0] == "minor" and _says(who, child),
        f"a minor of {child} or over whose words say under {child}": lambda who: (
            _known_minor(who) and not _under(who, child) and _says(who, child)
        ),
        f"a minor of {under} or over whose words say under {under}": lambda who: (
            _known_minor(who) and not _under(who, under) and _says(who, under)
        ),
        f"a minor of {under} or over whose words don't say under {under}": lambda who: (
            _known_minor(who) and not _under(who, under) and not _says(who, under)
        ),
        f"somebody of disputed age whose words say under {child}": lambda who: who[1][0] == "disputed" and _says(who, child),
        f"somebody of disputed age whose words don't say under {child}": lambda who: who[1][0] == "disputed" and not _says(who, child),
    }


def _by_year(ages: Ages) -> dict[str, _Test]:
    """Single years, for versions that differ by one."""
    years = range(ages.child - 1, ages.adult)
    made = {f"a minor of {year}": _aged(year) for year in years}
    for under in (ages.child + 1, ages.pregnancy - 1, ages.pregnancy):
        for year in years:
            made[f"a minor of {year} whose words say under {under}"] = _aged(year, under, says=True)
            made[f"a minor of {year} whose words don't say under {under}"] = _aged(year, under, says=False)
    return made | {f"a minor of {said + 1} or over whose words say {said}": _saying(said) for said in years}


def _aged(year: int, under: int = 0, *, says: bool = False) -> _Test:
    return lambda who: bool(who[1] == ("minor", year)) and _says(who, under) is says


def _saying(said: int) -> _Test:
    return lambda who: _over(who, said + 1) and bool(who[2] == said)


def _known_minor(who: Person) -> bool:
    return bool(who[1][0] == "minor" and who[1][1] is not None)


def _under(who: Person, age: int) -> bool:
    return bool(_known_minor(who) and who[1][1] < age)


def _over(who: Person, age: int) -> bool:
    return _known_minor(who) and not _under(who, age)


def _says(who: Person, age: int) -> bool:
    return bool(who[2] is not None and who[2] < age)


def _needs(who: Person) -> bool:
    return bool(who[1][0] == "adult" and who[3] == UNKNOWN and who[4] == YES)


def _unclear(who: Person) -> bool:
    return who[1][0] in {"unknown", "disputed"}


def described(chosen: Iterable[Person], everybody: Iterable[Person], ages: Ages) -> str:
    """A set of persons in words, exactly: by the named classes that lie wholly in it, the rest by what is known of each."""
    left, wanted, whole = set(chosen), frozenset(chosen), frozenset(everybody)
    classes = {name + also: members for name, test in names(ages).items() for also, members in _sides(name, test, whole).items()}
    fitting = {name: members for name, members in classes.items() if members and members <= wanted}
    said = []
    while left and fitting:
        name = max(fitting, key=lambda one: len(fitting[one] & left))
        if not fitting[name] & left:
            break
        said.append(name)
        left -= fitting[name]
    said += dict.fromkeys(_exactly(who, left, whole) for who in sorted(left, key=repr))
    return listed(said, "or")


def _sides(name: str, test: _Test, whole: frozenset[Person]) -> dict[str, frozenset[Person]]:
    del name
    members = frozenset(who for who in whole if test(who))
    return {
        "": members,
        " (the author)": frozenset(who for who in members if who[0]),
        " (not the author)": frozenset(who for who in members if not who[0]),
    }


def _exactly(who: Person, left: set[Person], whole: frozenset[Person]) -> str:
    author, (stage, age), stated, at_risk, needs = who
    said = f"{'an author' if author else 'another'} of {age if age is not None else 'no known age'} ({stage})"
    words = f", whose words say {stated}" if stated is not None else ""
    if all(one in left for one in whole if one[:3] == who[:3]):
        return said + words
    return f"{said}{words}, at risk {at_risk}, support needs {needs}"
