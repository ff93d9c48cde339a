"""Classes of persons that somebody can picture, by their names: those that are easily said first."""

from collections.abc import Callable, Mapping
from typing import Any

from policy.answers import UNKNOWN, YES
from policy.rulebook.who import Ages

Person = tuple[Any, ...]
"""Whether the author, (life stage, age, what else tells it), the age that the words say, at-risk status, support needs."""
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
        "a minor of unknown age": lambda who: who[1][:2] == ("minor", None),
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
    years = range(ages.child - 1, ages.adult + 2)
    made = {f"somebody whose age is known to be {year}": _of_year(year) for year in years}
    made |= {f"a minor of {year}": _aged(year) for year in years}
    for under in (ages.child, ages.child + 1, ages.pregnancy - 1, ages.pregnancy):
        for year in years:
            made[f"a minor of {year} whose words say under {under}"] = _aged(year, under, says=True)
            made[f"a minor of {year} whose words don't say under {under}"] = _aged(year, under, says=False)
    made |= {f"a minor of {said + 1} or over whose words say {said}": _saying(said) for said in years}
    made |= {f"somebody of disputed age whose words say {said}": _disputed(said) for said in years}
    made |= {f"somebody of unknown age whose words say {said}": _unknown(said) for said in years}
    for year in years:
        made |= {f"somebody of {year}, {said}": _year_and(year, test) for said, test in _RISK.items()}
    return made


_RISK: Mapping[str, _Test] = {
    "at risk": lambda who: bool(who[3] == YES),
    "not known to be at risk": lambda who: bool(who[3] != YES),
    "of unknown status with support needs": lambda who: bool(who[3] == UNKNOWN and who[4] == YES),
    "not at risk or without support needs": lambda who: bool(who[3] == "no" or (who[3] == UNKNOWN and who[4] != YES)),
}


def _of_year(year: int) -> _Test:
    return lambda who: bool(who[1][0] in {"minor", "adult"} and who[1][1] == year)


def _year_and(year: int, test: _Test) -> _Test:
    return lambda who: _of_year(year)(who) and test(who)


def _disputed(said: int) -> _Test:
    return lambda who: bool(who[1][0] == "disputed" and who[2] == said)


def _unknown(said: int) -> _Test:
    return lambda who: bool(who[1][0] == "unknown" and who[2] == said)


def _aged(year: int, under: int = 0, *, says: bool = False) -> _Test:
    return lambda who: bool(who[1][:2] == ("minor", year)) and _says(who, under) is says


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
