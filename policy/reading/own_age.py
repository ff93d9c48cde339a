"""The author's age as they state it, in whatever form."""

from policy.reading import stating
from policy.reading.ages import FIRST_YEAR, LAST_YEAR, SPELT_AGES, STATED, YOUNGEST, YOUNGEST_SEXED, plainly_stated, sexed
from policy.reading.words import Words

_OWN_BEGINNINGS = ("im", "i am", "im only", "am only", "turning", "i turn", "only", "i m", "im like", "im nearly")
_YEAR_BEGINNINGS = tuple(f"{begin} {year}" for begin in ("im in", "i am in", "im a") for year in ("year", "yr", "y"))


def age_openings() -> tuple[str, ...]:
    """The beginnings of statements of age, for the gate."""
    ages = [str(age) for age in range(YOUNGEST, STATED)] + list(SPELT_AGES)
    own = [f"{begin} {age}" for begin in _OWN_BEGINNINGS for age in ages]
    years = [f"{begin} {number}" for begin in _YEAR_BEGINNINGS for number in range(FIRST_YEAR, LAST_YEAR + 1)]
    both = [written for age in range(YOUNGEST_SEXED, STATED) for letter in "fm" for written in (f"{age}{letter}", f"{letter}{age}")]
    return (*own, *years, *both, *stating.openings(ages), *(f"{age} tomorrow" for age in ages))


def own_age(words: Words, silent: list[bool]) -> tuple[int, int, int] | None:
    """The author's age, and the words `[start, end)` that state it: the plainest statement, the last of its form, or None."""
    return plainly_stated(words, silent) or stating.stated_otherwise(words, silent) or sexed(words, silent)
