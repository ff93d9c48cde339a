"""Ages that words state: the author's, and other people's. A school year has two ages: the younger is taken (P4)."""

import re
from dataclasses import replace

from policy.reading.mentions import Mentions
from policy.reading.seam import Other
from policy.reading.words import Words

_OWN = {"im", "i", "am", "me", "ima", "iam"}
_UNITS = frozenset(
    "day days week weeks month months min mins minute minutes hour hours hr hrs quid percent pounds kg stone st lbs ft foot cm weeks wks years yrs year miles pages "
    "tablets pills stone points goals levels of times am pm mg followers people steps hits metres questions marks thousand k".split()
)
_SEXED = re.compile(r"(?<![a-z0-9])(\d{1,2})\s?(?:yo)?[mf](?![a-z0-9])|(?<![a-z0-9])[mf]\s?(\d{2})(?![a-z0-9])")
_YOUNGEST, _OLDEST = 5, 60
_STATED = 30  # an age beyond it is read only where something else is
_FIRST_YEAR, _LAST_YEAR, _BEFORE_YEAR_ONE = 1, 13, 4
_AGE_BEHIND, _AGE_AHEAD = 25, 6  # words between a person and the age that is theirs
_OF_AGE = 18
_BEFORE_AN_AGE = frozenset("is hes shes whos aged only turned theyre was year a".split())
_WORDS = {word: number for number, word in enumerate("five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(), 5)}


def age_openings() -> tuple[str, ...]:
    """The beginnings of statements of age, for the gate."""
    ages = [str(age) for age in range(_YOUNGEST, _STATED)] + list(_WORDS)
    own = [f"{begin} {age}" for begin in ("im", "i am", "im only", "am only", "turning", "i turn", "only", "i m", "im like", "im nearly") for age in ages]
    years = [f"{begin} {year} {number}" for begin in ("im in", "i am in", "im a") for year in ("year", "yr", "y") for number in range(1, 14)]
    sexed = [f"{age}{letter}" for age in range(10, _STATED) for letter in "fm"] + [f"{letter}{age}" for age in range(10, _STATED) for letter in "fm"]
    return (*own, *years, *sexed, *(f"{age} tomorrow" for age in ages))


def _age(word: str) -> int | None:
    digits = word.removesuffix("yo").removesuffix("f").removesuffix("m").removesuffix("yr").removesuffix("yrs")
    number = int(digits) if digits.isdigit() and len(digits) <= 2 else _WORDS.get(word)  # noqa: PLR2004 two digits
    return number if number is not None and _YOUNGEST <= number <= _OLDEST else None


def age_at(texts: list[str], index: int, high: int) -> tuple[int, int] | None:
    """An age in words at `index`: the age, and the word after it. `year 9` is 13."""
    if texts[index] in {"year", "yr", "y"} and index + 1 < high and texts[index + 1].isdigit() and index and texts[index - 1] in {"in", "im", "a", "hes", "shes", "is"}:
        year = int(texts[index + 1][:2])
        return (year + _BEFORE_YEAR_ONE, index + 2) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    age = _age(texts[index])
    if age is None or (index + 1 < high and texts[index + 1] in _UNITS and not _years_old(texts, index + 1, high)):
        return None
    return age, index + 1


def _years_old(texts: list[str], index: int, high: int) -> bool:
    return texts[index] in {"years", "yrs", "year", "yr"} and index + 1 < high and texts[index + 1] in {"old", "olds"}


def own_age(words: Words, silent: list[bool]) -> tuple[int, int, int] | None:
    """The author's age as stated, and the words that state it: the last statement, or None."""
    texts, found = words.texts, None
    for low, high in words.sentences:
        for index in range(low, high):
            if silent[index]:
                continue
            stated = _stated_at(texts, index, low, high)
            found = stated or found
    return found or _sexed(words, silent)


def _stated_at(texts: list[str], index: int, low: int, high: int) -> tuple[int, int, int] | None:
    word = texts[index]
    if word in {"turning", "turn"} and index + 1 < high and (index == low or texts[index - 1] in {"i", "im", "ill", "and", "am"}):
        age = age_at(texts, index + 1, high)
        return (age[0] - 1, index, age[1]) if age else None
    if word not in {"im", "am"} and not (word == "only" and index > low and texts[index - 1] in {"im", "am"}):
        return None
    if word == "am" and (index == low or texts[index - 1] != "i"):
        return None
    begin = index + 1
    while begin < high and texts[begin] in {"only", "a", "like", "literally", "just", "in", "still", "actually", "nearly", "almost", "not", "even"} and begin - index < 4:  # noqa: PLR2004 filler words
        begin += 1
    if begin >= high or "not" in texts[index:begin]:
        return None
    age = age_at(texts, begin, high)
    if age is None:
        return None
    nearly = any(word in {"nearly", "almost"} for word in texts[index:begin])
    return age[0] - nearly, index, age[1]


def _sexed(words: Words, silent: list[bool]) -> tuple[int, int, int] | None:
    """`15f`, `(16m)`: a habit of forums."""
    for index, word in enumerate(words.texts):
        if not silent[index] and (match := _SEXED.fullmatch(word)) and index < 60:  # noqa: PLR2004 it stands near the beginning
            number = int(match[1] or match[2])
            if _YOUNGEST + 5 <= number <= _OLDEST and (index == 0 or words.texts[index - 1] in _OWN or "(" in words.marks[index] or index < 3):  # noqa: PLR2004 see above
                return number, index, index + 1
    return None


def with_ages(mentions: Mentions, texts: list[str], sentences: list[tuple[int, int]]) -> Mentions:
    """Mentions with the age that is told of each, in its sentence or right after: `my brother is 9`, `hes 9`, `who's 7`."""
    aged: dict[int, Other] = {}
    for low, high in sentences:
        for index in range(low, high):
            if texts[index] in _BEFORE_AN_AGE or texts[index].endswith("yo"):
                _give_age(mentions, aged, texts, index, high)
    return mentions.with_others(aged)


def _give_age(mentions: Mentions, aged: dict[int, Other], texts: list[str], index: int, high: int) -> None:
    begin = index if texts[index].endswith("yo") or texts[index] == "year" else index + 1
    while begin < high and texts[begin] in {"only", "just", "in", "a", "turning"}:
        begin += 1
    age = age_at(texts, begin, high) if begin < high else None
    if age is None or (texts[index] == "is" and index and texts[index - 1] in {"that", "it", "this", "there"}):
        return
    named = mentions.between(index - _AGE_BEHIND, index + 1) or mentions.between(index + 1, index + _AGE_AHEAD)[:1]
    if named:
        number, mention = named[-1]
        aged[number] = replace(mention.other, age=age[0], minor="yes" if age[0] < _OF_AGE else "no")
