"""An edit counts for what it adds: what an earlier version of the post told already is not news (S3)."""

from collections.abc import Mapping

from msgspec.structs import replace

from policy.state.parts import EventPart, Mention, Told
from policy.steps.compiling import known_facts


def beside(part: EventPart, earlier: EventPart | None, merger: int) -> EventPart:
    """An edit as it counts beside the version before it; where that is not known, as S3 chose."""
    if earlier is None:
        made = part.first_posted
        held = part.edit and (made is None or made < merger)
        return replace(part, held=held, publisher=_all_new(part.publisher), text=_all_new(part.text))
    told = known_facts((*earlier.text, *earlier.publisher))
    sentences = frozenset(hashed for mention in earlier.text for fact in mention.facts for hashed in fact.sentences)
    return replace(
        part,
        held=False,
        publisher=tuple(_news(mention, told, None) for mention in part.publisher),
        text=tuple(_news(mention, told, sentences) for mention in part.text),
    )


def _news(mention: Mention, told: Mapping[tuple[object, ...], str], sentences: frozenset[int] | None) -> Mention:
    who = mention.who and (mention.who.relation.casefold(), mention.who.age, mention.who.ref)
    place = (who, mention.kind, mention.ref)
    facts = tuple(replace(fact, old=told.get((*place, fact.fact)) == fact.value and _old_words(fact, sentences)) for fact in mention.facts)
    old = all(fact.old for fact in facts) and (*place, "raised") in told
    return replace(mention, facts=facts, old=old)


def _old_words(fact: Told, sentences: frozenset[int] | None) -> bool:
    """Whether a fact stands in sentences of the earlier version alone; a publisher's has no place, so its value decides."""
    return sentences is None or not fact.sentences or sentences.issuperset(fact.sentences)


def _all_new(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    return tuple(replace(m, old=False, facts=tuple(replace(fact, old=False) for fact in m.facts)) for m in mentions)
