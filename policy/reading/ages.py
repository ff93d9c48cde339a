"""Ages that words state: the author's, and other people's. A school year has two ages: the younger is taken (P4)."""

import re
from dataclasses import replace

from policy.reading.lists import listed
from policy.reading.mentions import Mentions
from policy.reading.seam import Other
from policy.reading.words import Words

_OWN = {"im", "i", "am", "me", "ima", "iam"}
_BEFORE_SEXED = frozenset({*_OWN, "hi", "hey", "hello"})
_UNITS = frozenset(
    listed(
        "day days week weeks month months min mins minute minutes hour hours hr hrs quid percent pounds kg stone st lbs ft foot "
        "cm wks years yrs year miles pages "
        "tablets pills stone points goals levels of times am pm mg followers people steps hits metres questions marks thousand k"
    )
)
_SEXED = re.compile(r"(?<![a-z0-9])(\d{1,2})\s?(?:yo)?[mf](?![a-z0-9])|(?<![a-z0-9])[mf]\s?(\d{2})(?![a-z0-9])")
_STATING = frozenset({"im", "am", "only", "turning", "turn"})  # words at which an author's own age may be stated
YOUNGEST, _OLDEST = 5, 60
STATED = 30  # an age beyond it is read only where something else is
FIRST_YEAR, LAST_YEAR, _BEFORE_YEAR_ONE = 1, 13, 4
_AGE_BEHIND, _AGE_AHEAD = 25, 6  # words between a person and the age that is theirs
_OF_AGE = 18
YOUNGEST_SEXED = 10  # "9m" is more likely nine metres
_BEFORE_AN_AGE = frozenset(listed("is hes shes whos aged only turned theyre was year a"))
_SPELT = listed("five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")
SPELT_AGES = {word: number for number, word in enumerate(_SPELT, YOUNGEST)}
_BEFORE_A_YEAR = frozenset(listed("in im a hes shes is"))
_FILLERS = frozenset(listed("only a like literally just in still actually nearly almost not even"))
_MOST_FILLERS, _NEAR_THE_BEGINNING = 3, 60


def _age(word: str) -> int | None:
    digits = word.removesuffix("yo").removesuffix("f").removesuffix("m").removesuffix("yr").removesuffix("yrs")
    number = int(digits) if digits.isdigit() and len(digits) <= 2 else SPELT_AGES.get(word)  # noqa: PLR2004 two digits
    return number if number is not None and YOUNGEST <= number <= _OLDEST else None


def age_at(texts: list[str], index: int, high: int) -> tuple[int, int] | None:
    """An age in words at `index`: the age, and the word after it. `year 9` is 13."""
    if texts[index] in {"year", "yr", "y"} and index + 1 < high and texts[index + 1].isdigit():
        if not index or texts[index - 1] not in _BEFORE_A_YEAR:
            return None
        year = int(texts[index + 1][:2])
        return (year + _BEFORE_YEAR_ONE, index + 2) if FIRST_YEAR <= year <= LAST_YEAR else None
    age = _age(texts[index])
    if age is None or (index + 1 < high and texts[index + 1] in _UNITS and not _goes_on(texts, index + 1, high)):
        return None
    return age, index + 1


def _goes_on(texts: list[str], index: int, high: int) -> bool:
    """Whether what looks like a unit is none: `15 years old`, `15, am i ...`."""
    return _years_old(texts, index, high) or (texts[index] == "am" and index + 1 < high and texts[index + 1] == "i")


def _years_old(texts: list[str], index: int, high: int) -> bool:
    return texts[index] in {"years", "yrs", "year", "yr"} and index + 1 < high and texts[index + 1] in {"old", "olds", "of"}


def plainly_stated(words: Words, silent: list[bool]) -> tuple[int, int, int] | None:
    """The author's age as stated by `im 15` and the like, and the words that state it: the last statement, or None."""
    texts, found = words.texts, None
    for low, high in words.sentences:
        for index in range(low, high):
            if texts[index] in _STATING and not silent[index]:
                found = _stated_at(texts, index, low, high) or found
    return found


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
    while begin < high and texts[begin] in _FILLERS and begin - index <= _MOST_FILLERS:
        begin += 1
    if begin >= high or "not" in texts[index:begin]:
        return None
    age = age_at(texts, begin, high)
    if age is None:
        return None
    nearly = any(word in {"nearly", "almost"} for word in texts[index:begin])
    return age[0] - nearly, index, age[1]


def sexed(words: Words, silent: list[bool]) -> tuple[int, int, int] | None:
    """`15f`, `(16m)`: a habit of forums, near the beginning and after the author or a bracket."""
    for index, word in enumerate(words.texts[:_NEAR_THE_BEGINNING]):
        own = index == 0 or words.texts[index - 1] in _BEFORE_SEXED or "(" in words.marks[index]
        match = _SEXED.fullmatch(word) if own and not silent[index] else None
        if match and YOUNGEST_SEXED <= int(match[1] or match[2]) <= _OLDEST:
            return int(match[1] or match[2]), index, index + 1
    return None


def with_ages(mentions: Mentions, words: Words) -> Mentions:
    """Mentions with the age that is told of each, in its sentence or right after: `my brother is 9`, `hes 9`, `who's 7`, `my mate (14)`."""
    texts, aged = words.texts, _set_beside(mentions, words)
    for low, high in words.sentences:
        for index in range(low, high):
            if texts[index] in _BEFORE_AN_AGE or texts[index].endswith("yo"):
                _give_age(mentions, aged, texts, index, high)
    return mentions.with_others(aged)


def _set_beside(mentions: Mentions, words: Words) -> dict[int, Other]:
    """`my mate (14)`, `my sister, 12, ...`: an age between two pauses."""
    aged: dict[int, Other] = {}
    count = len(words.texts)
    for number, mention in mentions.between(0, count):
        if (before := _set_before(words.texts, mention.index)) is not None:
            aged[number] = replace(mention.other, age=before, minor="yes" if before < _OF_AGE else "no")
        age = age_at(words.texts, mention.end, count) if mention.end < count and words.breaks[mention.end] == 1 else None
        if age is not None and age[0] <= STATED and (age[1] >= count or words.breaks[age[1]]):
            aged[number] = replace(mention.other, age=age[0], minor="yes" if age[0] < _OF_AGE else "no")
    return aged


def _set_before(texts: list[str], index: int) -> int | None:
    """`my 13 year old sister`."""
    if index < 3 or texts[index - 1] not in {"old", "olds"}:  # noqa: PLR2004 three words
        return None
    found = age_at(texts, index - 3, index)
    return found[0] if found and found[0] <= STATED else None


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
