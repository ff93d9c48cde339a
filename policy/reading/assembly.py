"""Putting together what was found: one concern for each kind and person at risk, with the places that say so."""

from collections.abc import Iterable

from policy.reading.finding import Found
from policy.reading.persons import AUTHOR, SOMEBODY, Author, Who
from policy.reading.seam import Answer, Carry, Other, Place, ReadConcern, Reading
from policy.reading.words import Words

_MOST_KINDS = 12
RETRACTABLE = frozenset({"abuse", "harm_to_others", "sexual_coercion"})  # A1: taking it back is not a no


def with_topic(found: list[Found], carry: Carry) -> list[Found]:
    """Leave what counts only where its topic was raised, here or before, and give each finding its person."""
    raised: dict[str, Who] = {}
    for item in found:
        if not item.topic:
            for kind, _, value in item.facts:
                if kind and (kind != "suicide" or value not in {"no", "none"}):
                    raised.setdefault(kind, item.who or AUTHOR)
    before = {*carry.told, *(asked.partition(".")[0] for asked in carry.asked)}
    about: Who = carry.about or AUTHOR
    kept = []
    for item in found:
        subject = next((raised[kind] for kind in item.topic if kind in raised), None)
        if item.topic and subject is None and not before & item.topic:
            continue
        named = carry.about if item.who == SOMEBODY and carry.about else item.who  # "he" of whom an earlier turn spoke
        who = named or subject or (about if before & {kind for kind, _, _ in item.facts} else AUTHOR)
        kept.append(Found(item.facts, who, item.start, item.end, item.topic, item.pattern, item.actor))
    return kept


def assemble(words: Words, found: list[Found], carry: Carry) -> Reading:
    """One reading of all that was found; of two words on one fact the later counts, but a yes outlives a no where hiding it could harm."""
    concerns: dict[tuple[str, Who], dict[str, str]] = {}
    places: dict[tuple[str, Who], list[Place]] = {}
    loose: dict[str, str] = {}
    loose_places: list[Place] = []
    for item in sorted(found, key=lambda one: one.start):
        for kind, fact, value in item.facts:
            place = Place(f"{kind}.{fact}" if kind else fact, *words.place(item.start, item.end))
            if not kind:
                loose[fact] = value
                loose_places.append(place)
                continue
            key = (kind, item.who or AUTHOR)
            _put(concerns.setdefault(key, {}), fact, value)
            if item.actor and kind == "abuse" and value == "yes":
                _put(concerns[key], "position_of_trust", "yes" if item.actor == "trusted" else "no")
                places.setdefault(key, []).append(Place("abuse.position_of_trust", place.start, place.end))
            places.setdefault(key, []).append(place)
    made = tuple(_concern(kind, who, facts, places[kind, who]) for (kind, who), facts in concerns.items())
    return Reading(
        made,
        _answer(loose.get("assurance")),
        _answer(loose.get("support_needs")),
        places=tuple(loose_places),
        retracts=frozenset({concern.kind for concern in made} | set(carry.told)) & RETRACTABLE if "retracts" in loose else frozenset(),
        carry=_carry(made, carry),
    )


_URGENCY = ("immediate", "within_30_days", "later", "none")
_LATEST_COUNTS = frozenset({"means", "plan", "professionals_told", "disclosed"})


def _put(facts: dict[str, str], fact: str, value: str) -> None:
    known = facts.get(fact)
    if known is not None and (value == "unknown" or (known == "yes" and value == "no" and fact not in _LATEST_COUNTS)):
        return
    if fact == "timeframe" and known in _URGENCY and _URGENCY.index(known) < _URGENCY.index(value):
        return  # of two times in one text the nearer counts
    facts[fact] = value


def _concern(kind: str, who: Who, facts: dict[str, str], places: list[Place]) -> ReadConcern:
    kept = tuple(dict.fromkeys(place for place in places if place.fact.partition(".")[2] in facts))
    return ReadConcern(kind, facts, None if isinstance(who, Author) else _other(who), None, kept)


def _other(who: Who) -> Other | None:
    return who if isinstance(who, Other) else None


def _answer(value: str | None) -> Answer:
    return "yes" if value == "yes" else "no" if value == "no" else "unknown"


def _carry(concerns: Iterable[ReadConcern], carry: Carry) -> Carry:
    told = dict.fromkeys((*carry.told, *(concern.kind for concern in concerns)))
    abouts = [concern.person_at_risk for concern in concerns]
    about = carry.about if not abouts else abouts[-1]
    return Carry(carry.asked, carry.age, tuple(told)[-_MOST_KINDS:], about)
