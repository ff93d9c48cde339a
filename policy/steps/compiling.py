"""What an event tells, in the state's own terms: its concerns and its words, each fact with who says so and where."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec.structs import replace

from policy.picture.looking import SELF
from policy.reading.seam import Place, ReadConcern, Reading
from policy.rulebook.safe import TAKEN_BACK_KINDS
from policy.state.parts import Mention, Other, Told
from schemas.concerns import FACTS, AnyConcern, PersonAtRisk
from schemas.events import Assessment, Message, Post

_AUTHORS = frozenset({"author", "self"})
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_HASH_BYTES = 8


def mentions_of(record: Post | Message | Assessment, *, source: str = "", at: int = 0) -> tuple[Mention, ...]:
    """The concerns that a record carries. `source` and `at` mark a trained person's finding about another event."""
    if not record.concerns and record.assurance == record.support_needs == "unknown" and record.stated_age is None:
        return ()
    told = [_mention(concern, source, at) for concern in record.concerns]
    return (*told, *_words(record, source, at))


def read_mentions(reading: Reading, text: str, hash_key: bytes | None) -> tuple[Mention, ...]:
    """The concerns that a reader found. With `hash_key`, each fact also bears the hashes of the sentences that hold it (S3)."""
    if not reading.concerns and reading.assurance == reading.support_needs == "unknown" and reading.stated_age is None:
        return ()
    spans = _spans(text) if hash_key is not None else ()
    told = [_read(concern, text, spans, hash_key) for concern in reading.concerns]
    said = {"assurance": _known(reading.assurance), "support_needs": _known(reading.support_needs), "stated_age": reading.stated_age}
    facts = tuple(
        _told(fact, str(value), _flat(reading.places, fact), text, spans, hash_key) for fact, value in said.items() if value is not None
    )
    return (*told, Mention(SELF, facts)) if facts else tuple(told)


def retracted(reading: Reading) -> tuple[str, ...]:
    """The kinds of disclosure that the words take back (A1)."""
    return tuple(sorted(reading.retracts & TAKEN_BACK_KINDS)) if reading.retracts else ()


def _mention(concern: AnyConcern, source: str, at: int) -> Mention:
    values = ((fact, getattr(concern, fact)) for fact in FACTS[concern.kind])
    facts = tuple(Told(fact, value, source=source, at=at) for fact, value in values if value != "unknown")
    return Mention(concern.kind, facts, _other(concern.person_at_risk), concern.ref)


def _words(record: Post | Message | Assessment, source: str, at: int) -> Iterable[Mention]:
    """What the author said of themselves, beside the concerns or in them, and what was said so of others."""
    said: dict[Other | None, dict[str, str]] = {None: {}}
    for speaker in (record, *record.concerns):
        who = None if speaker is record else _other(speaker.person_at_risk)  # type: ignore[union-attr]  # only the record has none
        words = said.setdefault(who, {})
        for fact, value in (("assurance", speaker.assurance), ("support_needs", speaker.support_needs), ("stated_age", speaker.stated_age)):
            if value not in (None, "unknown") and (who is None or fact != "assurance"):
                words.setdefault(fact, str(value))
    for who, words in said.items():
        if words:
            yield Mention(SELF, tuple(Told(fact, value, source=source, at=at) for fact, value in words.items()), who)


def _other(person: PersonAtRisk | None) -> Other | None:
    if person is None or person.relation.casefold() in _AUTHORS:
        return None
    return Other(person.relation, person.minor, person.age, person.ref)


def _read(concern: ReadConcern, text: str, spans: tuple[tuple[int, int], ...], hash_key: bytes | None) -> Mention:
    facts = tuple(
        _told(fact, value, _flat(concern.places, f"{concern.kind}.{fact}"), text, spans, hash_key)
        for fact, value in concern.facts.items()
        if value != "unknown"
    )
    about = concern.person_at_risk
    who = None if about is None else Other(about.relation, about.minor, about.age, about.ref)
    return Mention(concern.kind, facts, who, concern.ref)


def _told(fact: str, value: str, places: tuple[int, ...], text: str, spans: tuple[tuple[int, int], ...], hash_key: bytes | None) -> Told:
    return Told(fact, value, places, _hashes(places, text, spans, hash_key) if hash_key is not None else ())


def _flat(places: Iterable[Place], fact: str) -> tuple[int, ...]:
    return tuple(edge for place in places if place.fact == fact for edge in (place.start, place.end))


def _hashes(places: tuple[int, ...], text: str, spans: tuple[tuple[int, int], ...], hash_key: bytes) -> tuple[int, ...]:
    pairs = list(zip(places[::2], places[1::2], strict=True))
    held = (text[start:end] for start, end in spans if any(first < end and last > start for first, last in pairs))
    return tuple(sorted({_hash(sentence, hash_key) for sentence in held}))


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _SENTENCE.finditer(text))


def _hash(sentence: str, hash_key: bytes) -> int:
    normal = " ".join(sentence.casefold().split())
    return int.from_bytes(blake2b(normal.encode(errors="replace"), digest_size=_HASH_BYTES, key=hash_key[:64]).digest()) >> 1


def _known(answer: str) -> str | None:
    return None if answer == "unknown" else answer


def with_source(mention: Mention, source: str, at: int) -> Mention:
    """A trained person's finding as it stands in the event that it is about: with its own id and time."""
    return replace(mention, facts=tuple(replace(fact, source=source, at=at) for fact in mention.facts))


def in_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Trained people's findings about one event, the newest first: it is the one that counts, whichever came first.

    What a newer finding says of the same fact takes an older one's place, so that findings without end take no room without end.
    """
    newest_first = sorted(
        mentions, key=lambda mention: max(((fact.at, fact.source) for fact in mention.facts), default=(0, "")), reverse=True
    )
    said: dict[tuple[object, ...], str] = {}
    kept = []
    for mention in newest_first:
        place = (mention.who, mention.kind, mention.ref)
        facts = tuple(fact for fact in mention.facts if said.setdefault((*place, fact.fact), fact.source) == fact.source)
        if facts or (not mention.facts and said.setdefault(place, "") == "" and mention not in kept):
            kept.append(replace(mention, facts=facts))
    return tuple(kept)


def known_facts(mentions: Iterable[Mention]) -> Mapping[tuple[object, ...], str]:
    """What mentions tell, by person, kind, ref and fact; a kind that was only raised has the fact `raised`."""
    told: dict[tuple[object, ...], str] = {}
    for mention in mentions:
        who = mention.who and (mention.who.relation.casefold(), mention.who.age, mention.who.ref)
        told[(who, mention.kind, mention.ref, "raised")] = "yes"
        told.update({(who, mention.kind, mention.ref, fact.fact): fact.value for fact in mention.facts})
    return told
