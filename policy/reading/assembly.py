"""Putting together what was found: one concern for each kind and person at risk, with the places that say so."""

from collections.abc import Iterable
from dataclasses import replace

from policy.reading.actors import NOBODY, Doer
from policy.reading.finding import Found
from policy.reading.persons import AUTHOR, SOMEBODY, Author, Who
from policy.reading.seam import Answer, Carry, Other, Place, ReadConcern, Reading
from policy.reading.words import Words

_MOST_KINDS = 12
_Key = tuple[str, Who, int]
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
    told = [item for item in found if not item.topic and any(kind == "abuse" for kind, _, _ in item.facts)]
    doers = {item.doer.noun for item in told if not _is_denial(item)} if told else {""}
    kept = []
    for item in found:
        told_of = not item.topic or _is_one_of(item.doer, doers)
        if item.by_topic and not told_of:
            continue
        subject = next((raised[kind] for kind in item.topic if kind in raised), None)
        if item.topic and subject is None and not before & item.topic:
            continue
        named = carry.about if item.who == SOMEBODY and carry.about else item.who  # "he" of whom an earlier turn spoke
        who = named or subject or (about if before & {kind for kind, _, _ in item.facts} else AUTHOR)
        kept.append(replace(item, who=who, doer=item.doer if told_of or not told else NOBODY))
    return kept


def _is_one_of(doer: Doer, nouns: set[str]) -> bool:
    """Whether somebody may be whom the text tells to have done it; a pronoun may mean one whom it names only later, or by no noun."""
    return doer.noun in nouns or (bool(nouns) and not doer.noun) or (doer.meant and "" in nouns)


def _is_denial(item: Found) -> bool:
    return not item.happened and all(value == "no" for _, _, value in item.facts)


def assemble(words: Words, found: list[Found], carry: Carry) -> Reading:
    """One reading of all that was found; of two words on one fact the later counts, but a yes outlives a no where hiding it could harm."""
    concerns: dict[_Key, dict[str, str]] = {}
    places: dict[_Key, list[Place]] = {}
    loose: dict[str, str] = {}
    loose_places: list[Place] = []
    doers = _Doers()
    for item in sorted(found, key=lambda one: one.end if one.ended else one.start):
        where = words.place(item.start, item.end)
        for kind, fact, value in item.facts:
            if not kind:
                loose[fact] = value
                loose_places.append(Place(fact, *where))
                continue
            key = (kind, item.who or AUTHOR, doers.number(item) if kind == "abuse" else 0)
            facts, here = concerns.setdefault(key, {}), places.setdefault(key, [])
            _put(facts, fact, value, ended=item.ended)
            if kind == "abuse" and item.happened and item.doer.actor:
                _put(facts, "position_of_trust", "yes" if item.doer.actor == "trusted" else "no")
                here.append(Place("abuse.position_of_trust", *where))
            here.append(Place(f"{kind}.{fact}", *where))
    made = tuple(_concern(kind, who, _judged(facts), places[kind, who, number]) for (kind, who, number), facts in concerns.items())
    return Reading(
        made,
        _answer(loose.get("assurance")),
        _answer(loose.get("support_needs")),
        places=tuple(loose_places),
        retracts=frozenset({concern.kind for concern in made} | set(carry.told)) & RETRACTABLE if "retracts" in loose else frozenset(),
        carry=_carry(made, carry),
    )


class _Doers:
    """Tells abuse by one from abuse by another: of a position of trust, or of the family. What names nobody goes on about the last one."""

    def __init__(self) -> None:
        self._known: dict[Who, list[str]] = {}

    def number(self, item: Found) -> int:
        """Which of the doers whom the text tells of it is."""
        known, actor = self._known.setdefault(item.who or AUTHOR, []), item.doer.actor
        if not known:
            known.append(actor)
        elif known == [""]:
            known[0] = actor
        elif actor and actor not in known:
            known.append(actor)
        return known.index(actor) if actor else len(known) - 1


def _judged(facts: dict[str, str]) -> dict[str, str]:
    """An uncle has no role of trust; but whether one who is still let near children has, after what he did, is for a person to judge."""
    unsure = facts.get("danger_to_other_young_people") == "yes" and facts.get("ongoing") == "no"
    return {fact: "unknown" if unsure and fact == "position_of_trust" and value == "no" else value for fact, value in facts.items()}


_URGENCY = ("immediate", "within_30_days", "later", "none")
_ENDS = frozenset({"ongoing", "danger_to_other_young_people"})
_LATEST_COUNTS = frozenset({"means", "plan", "professionals_told", "disclosed"})


def _put(facts: dict[str, str], fact: str, value: str, *, ended: bool = False) -> None:
    known = facts.get(fact)
    outlives = known == "yes" and value == "no" and fact not in _LATEST_COUNTS and not (ended and fact in _ENDS)
    if known is not None and (value == "unknown" or outlives):
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
