"""The picture as of a moment, as situations to judge: only what lies in the window counts, and an immediate timeframe lapses (O3)."""

from collections.abc import Iterable, Mapping

import msgspec

from policy.answers import NO, UNKNOWN, YES, Answer
from policy.people import Author, aged, told_age
from policy.picture.matching import AUTHOR
from policy.situation import Concern, Situation
from policy.state.parts import Group, Person, Picture, Reg, Slots
from policy.times import DAY, HOUR
from policy.versions.version import Thresholds
from schemas.concerns import FACTS

SELF = "self"
ELSEWHERE = "harm_to_others"
BACK = "taken_back"


class Look(msgspec.Struct, frozen=True):
    """From when on words count (µs), when an immediate timeframe lapses, and whether what S3 holds back is left out."""

    at: int
    oldest: int
    lapsed: int
    plain: bool = False


class Seen(msgspec.Struct, frozen=True):
    """One person at risk as of a moment."""

    person: Person
    situation: Situation


_RANK = {kind: rank for rank, kind in enumerate(FACTS)}


def look_at(at: int, thresholds: Thresholds, *, plain: bool = False) -> Look:
    """A look at the picture as of a moment."""
    return Look(at, at - thresholds.window_days * DAY, at - thresholds.immediate_hours * HOUR, plain)


def holds_back(picture: Picture, look: Look) -> bool:
    """Whether anything in the picture is held back by S3, so that it must be judged without that too."""
    return any(
        slots.held is not None and slots.held.at >= look.oldest
        for person in picture.persons.values()
        for group in person.groups.values()
        for slots in group.facts.values()
    ) or any(group.plain is None for person in picture.persons.values() for group in person.groups.values())


def situations(picture: Picture, look: Look, author: Author, thresholds: Thresholds, *, ahead: bool = False) -> tuple[Seen, ...]:
    """Everybody at risk in the picture, the author first; the author alone where an event from the future tells of nobody."""
    persons = dict(picture.persons)
    told_of = persons.pop(AUTHOR, None) or Person(AUTHOR, look.at)
    others = [Seen(person, _other(person, look, thresholds)) for _, person in sorted(persons.items())]
    elsewhere = tuple(
        msgspec.structs.replace(concern, elsewhere=True, gid=f"{seen.person.pid}/{concern.gid}")
        for seen in others
        for concern in seen.situation.concerns
        if concern.kind == ELSEWHERE
    )
    first = Seen(told_of, _author(told_of, look, author, thresholds, elsewhere, ahead=ahead))
    return tuple(seen for seen in (first, *others) if seen.situation.concerns or seen.situation.ahead)


def stated_age(picture: Picture, look: Look) -> int | None:
    """The newest age that the author stated."""
    person = picture.persons.get(AUTHOR)
    return _number(_self(person, look).get("stated_age")) if person else None


def _author(
    person: Person, look: Look, author: Author, thresholds: Thresholds, elsewhere: tuple[Concern, ...], *, ahead: bool
) -> Situation:
    said = _self(person, look)
    stated = _number(said.get("stated_age"))
    is_aged = aged(author.age, stated, thresholds.ages)
    return Situation(
        author=True,
        age=is_aged.age,
        stage=is_aged.stage,
        stated=_minor_only(stated, thresholds),
        at_risk=author.at_risk,  # type: ignore[arg-type]  # an Answer by the schema
        support_needs=_answer(said.get("support_needs")),
        concerns=(*_concerns(person, look), *elsewhere),
        assured=_assured(person, said.get("assurance"), look),
        ahead=ahead,
    )


def _other(person: Person, look: Look, thresholds: Thresholds) -> Situation:
    said = _self(person, look)
    stated = _number(said.get("stated_age"))
    assert person.who is not None  # noqa: S101  only the author has none, and is not looked at here
    age, stage = told_age(person.who, stated, thresholds.ages)
    return Situation(
        author=False,
        age=age,
        stage=stage,
        stated=_minor_only(stated, thresholds),
        support_needs=_answer(said.get("support_needs")),
        concerns=_concerns(person, look),
    )


def _concerns(person: Person, look: Look) -> tuple[Concern, ...]:
    """In the order of kinds, whatever the order in which they were told: the same picture reads the same (S4)."""
    told = [group for group in person.groups.values() if group.kind != SELF and _raised(group, look) >= look.oldest]
    return tuple(_concern(group, look) for group in sorted(told, key=lambda group: (_RANK[group.kind], group.gid)))


def _raised(group: Group, look: Look) -> int:
    return group.raised if not look.plain else -1 if group.plain is None else group.plain


def _concern(group: Group, look: Look) -> Concern:
    words: dict[str, Reg] = {}
    back = _still(group.back, look)
    for fact, slots in group.facts.items():
        word, taken_back = _word(slots, look)
        if word is not None and not (word.value == "immediate" and word.at < look.lapsed):
            words[fact] = word
        back = taken_back or back
    if back is not None and any(word.value == YES and (word.at, word.event) > (back.at, back.event) for word in words.values()):
        back = None
    return Concern(
        kind=group.kind,
        facts={fact: word.value for fact, word in words.items()},
        gid=group.gid,
        ref=group.ref,
        found=frozenset(fact for fact, word in words.items() if word.by == "person" or _is_found(group, fact, look)),
        taken_back=back is not None,
        evidence={**words, BACK: back} if back is not None else words,
    )


def _word(slots: Slots, look: Look) -> tuple[Reg | None, Reg | None]:
    """The word on a fact that counts, and the author's own no where that takes a yes back (A1)."""
    last, yes = _still(slots.last, look), _still(slots.yes, look)
    held = None if look.plain else _still(slots.held, look)
    if last is None or (held is not None and _newer(held, last)):
        last = held if held is not None else last
    if last is None or last.value != NO or last.by == "person" or yes is None:
        return last, None
    overruled = slots.person_no is not None and _newer(slots.person_no, yes)
    return (last, None) if overruled else (yes, last)


def _is_found(group: Group, fact: str, look: Look) -> bool:
    """Whether a trained person's yes stands behind a fact that somebody else has repeated since (E0, N0)."""
    yes = _still(group.facts[fact].yes, look)
    return yes is not None and yes.by == "person"


def _assured(person: Person, assurance: Reg | None, look: Look) -> bool:
    if assurance is None or assurance.value != YES:
        return False
    words = (word for group in person.groups.values() if group.kind == "suicide" for word in _all_words(group, look))
    return not any(_newer(word, assurance) for word in words)


def _all_words(group: Group, look: Look) -> Iterable[Reg]:
    for slots in group.facts.values():
        yield from (word for word in (slots.last, None if look.plain else slots.held) if word is not None)


def _self(person: Person, look: Look) -> Mapping[str, Reg]:
    group = next((group for group in person.groups.values() if group.kind == SELF), None)
    words = {fact: _word(slots, look)[0] for fact, slots in group.facts.items()} if group else {}
    return {fact: word for fact, word in words.items() if word is not None}


def _newer(one: Reg, other: Reg) -> bool:
    return (one.at, one.event) > (other.at, other.event)


def _still(word: Reg | None, look: Look) -> Reg | None:
    return word if word is not None and word.at >= look.oldest else None


def _number(word: Reg | None) -> int | None:
    return int(word.value) if word is not None else None


def _minor_only(stated: int | None, thresholds: Thresholds) -> int | None:
    return stated if stated is not None and stated < thresholds.adult_from_age else None


def _answer(word: Reg | None) -> Answer:
    said = None if word is None else word.value
    return YES if said == YES else NO if said == NO else UNKNOWN
