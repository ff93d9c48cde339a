"""Other ways in which authors state their age than "im 15": as a 15 year old, just turned 15, pregnant at 15, hi, 15, ..."""

from collections.abc import Callable

from policy.reading.ages import age_at
from policy.reading.lists import listed
from policy.reading.words import Words

Stated = tuple[int, int, int]
_YOUNGEST, _OLDEST = 9, 19  # of a bare number
_NEAR_THE_BEGINNING = 14
_PAST = frozenset(listed("was were did had used got when until"))
_PRESENT = frozenset(listed("shouldnt should cant dont feel am have need want hate know think shouldve didnt"))
_JUST = frozenset(listed("just only recently finally"))
_NOT_NOW = frozenset(listed("when since before until after once till ever"))
_GREETINGS = frozenset(listed("hi hey hello hiya yo im me i here anon"))
_SEXES = frozenset(listed("girl boy lad lass female male guy teen teenager student"))
_OF_ONESELF = frozenset(listed("from f m girl boy female male uk year she he they"))
_OLD = frozenset({"old", "olds"})
_GOES_ON = frozenset(listed("and is isnt sucks with feels year"))


def openings(ages: list[str]) -> tuple[str, ...]:
    """The beginnings of these statements, for the gate."""
    return tuple(written for age in ages for written in (f"as a {age} year", f"as a {age} yr", f"turned {age}", f"{age} year old here"))


def stated_otherwise(words: Words, silent: list[bool]) -> Stated | None:
    """The author's age in one of these forms, and the words that state it; the last such statement."""
    found = None
    for low, high in words.sentences:
        for index in range(low, high):
            form = _FORMS.get(words.texts[index])
            if silent[index]:
                continue
            if form is not None:
                found = form(words, index, low, high) or found
            elif words.texts[index][0].isdigit():
                found = _bare(words, index, low, high) or found
    return found


def _as(words: Words, index: int, low: int, high: int) -> Stated | None:  # noqa: ARG001 a form among others
    """`as a 17 year old`, not `as a 12 year old i was`."""
    age = age_at(words.texts, index + 2, high) if index + 2 < high and words.texts[index + 1] in {"a", "an"} else None
    if age is None or not _PAST.isdisjoint(words.texts[age[1] : min(age[1] + 6, high)]):
        return None
    return (age[0], index, age[1]) if any(word in _OLD for word in words.texts[age[1] : age[1] + 2]) else None


def _turned(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`just turned 14`, `i turned 17 yesterday`, not `when i turned 13`, nor `it turned 12`."""
    texts, before = words.texts, index - 1
    while before >= low and texts[before] in _JUST:
        before -= 1
    mine = before < low or texts[before] in {"i", "ive"} or texts[before] in _GREETINGS
    if not mine or (before > low and texts[before - 1] in _NOT_NOW):
        return None
    age = age_at(texts, index + 1, high) if index + 1 < high else None
    return (age[0], index, age[1]) if age else None


def _at(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`pregnant at 15`, of now and of oneself; `at 16 i shouldnt ...`."""
    texts = words.texts
    age = age_at(texts, index + 1, high) if index + 1 < high else None
    if age is None:
        return None
    if index == low:
        now = age[1] + 1 < high and texts[age[1]] in {"i", "im", "you"} and texts[age[1] + 1] in _PRESENT
        return (age[0], index, age[1]) if now else None
    pregnant = texts[index - 1] == "pregnant" and (index - 1 == low or texts[index - 2] in {"im", "am", "being", "and", "so"})
    return (age[0], index, age[1]) if pregnant and _PAST.isdisjoint(texts[low:index]) else None


def _only(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`pregnant and only 15`."""
    texts = words.texts
    pregnant = index > low + 1 and texts[index - 2 : index] == ["pregnant", "and"] and _PAST.isdisjoint(texts[low:index])
    own = pregnant and (index - 2 == low or texts[index - 3] in {"im", "am", "being", "so"})
    age = age_at(texts, index + 1, high) if own and index + 1 < high else None
    return (age[0], index, age[1]) if age else None


def _birthday(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`just had my 16th birthday`; `its my 16th birthday on friday` is 15 yet."""
    texts = words.texts
    ordinal = texts[index - 1] if index > low + 1 and texts[index - 2] == "my" else ""
    digits = ordinal.removesuffix("th").removesuffix("st")
    if ordinal == digits or not digits.isdigit() or not _YOUNGEST <= int(digits) <= _OLDEST:
        return None
    over = not {"had", "was", "yesterday", "since", "after", "spent"}.isdisjoint(texts[low:high])
    return int(digits) - (not over), index - 2, index + 1


def _being(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`being 15 and wanting ...`, not `being 15 was ...`."""
    age = age_at(words.texts, index + 1, high) if index + 1 < high and (index == low or words.breaks[index]) else None
    if age is None or age[1] >= high or words.texts[age[1]] not in _GOES_ON:
        return None
    return (age[0], index, age[1]) if _PAST.isdisjoint(words.texts[age[1] : min(age[1] + 6, high)]) else None


def _nearly(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`almost 18 and ...`, at the beginning."""
    age = age_at(words.texts, index + 1, high) if index + 1 < high and (index == low or words.breaks[index]) else None
    return (age[0] - 1, index, age[1]) if age and age[1] < high and words.texts[age[1]] in {"and", "i", "im", "so", "but"} else None


def _will_be(words: Words, index: int, low: int, high: int) -> Stated | None:  # noqa: ARG001 a form among others
    """`ill be 16 in june`."""
    texts = words.texts
    age = age_at(texts, index + 2, high) if index + 2 < high and texts[index + 1] == "be" else None
    soon = age is not None and age[1] < high and texts[age[1]] in {"in", "on", "next", "soon", "tomorrow", "this"}
    return (age[0] - 1, index, age[1]) if age and soon else None


def _bare(words: Words, index: int, low: int, high: int) -> Stated | None:
    """`hi, 15, ...`, `..., 16, from leeds`, `13 yr old here`, `15 year old boy, ...`: near the beginning, and set apart."""
    texts = words.texts
    age = age_at(texts, index, high) if index < _NEAR_THE_BEGINNING else None
    if age is None or not _YOUNGEST <= age[0] <= _OLDEST:
        return None
    if index == low or texts[index - 1] in _GREETINGS:
        after = next((place for place in range(age[1], min(age[1] + 2, high)) if texts[place] in _OLD), None)
        if after is not None:
            return (age[0], index, after + 1) if after + 1 >= high or _says_who(words, after + 1, high) else None
    apart = words.breaks[index] and (age[1] >= high or words.breaks[age[1]])
    named = texts[max(low, index - 2) : index - 1] in (["im"], ["names"]) or texts[max(low, index - 3) : index - 1] == ["name", "is"]
    own = index > low and (named or texts[index - 1] in _GREETINGS or (age[1] < high and texts[age[1]] in _OF_ONESELF))
    return (age[0], index, age[1]) if apart and own else None


def _says_who(words: Words, index: int, high: int) -> bool:
    """`here`, or `girl` and a pause: not the fifteen year old boy of whom the news tells."""
    texts = words.texts
    ends = index + 1 >= high or words.breaks[index + 1] or texts[index + 1] in {"here", "and", "from"}
    return texts[index] == "here" or (texts[index] in _SEXES and bool(ends)) or bool(words.breaks[index])


_FORMS: dict[str, Callable[[Words, int, int, int], Stated | None]] = {
    "as": _as,
    "turned": _turned,
    "at": _at,
    "only": _only,
    "birthday": _birthday,
    "being": _being,
    "almost": _nearly,
    "nearly": _nearly,
    "ill": _will_be,
}
