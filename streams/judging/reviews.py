"""Telling a person of records that could not be judged (U2), without drowning them: a few reviews each, then one for the rest.

Dead letters of one topic are counted at one place, the partition where the topic's name is at home; a review is raised, and waited for,
where its record's key is at home. What isn't at home here goes there as an order over the detour.
"""

from collections.abc import Iterator

import msgspec
from pydantic import TypeAdapter, ValidationError

from policy.core import Moment, Rules, set_aside
from schemas.base import Identifier
from schemas.wire import Refusal
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging import bursts, detour
from streams.judging.desk import Desk, can_be_a_person
from streams.judging.letters import Letter
from streams.judging.outputs import instant
from streams.partitioner import home

COUNT, RAISE = "count", "raise"
_IDENTIFIER = TypeAdapter(Identifier)
_LETTER = msgspec.msgpack.Decoder(Letter)


def order_of(record: SourceRecord, letter: Letter) -> SourceRecord:
    """The order that goes to where dead letters are counted: the record's place, what is told of it, and its key where anybody has it."""
    key = record.key if can_be_a_person(record.key) else None
    return SourceRecord(record.topic, record.partition, record.offset, letter.arrival, key, msgspec.msgpack.encode(letter))


def letter_of(order: SourceRecord) -> Letter:
    """What an order tells. Raises `msgspec.MsgspecError` where nobody of ours wrote it."""
    return _LETTER.decode(order.value or b"")


def count(order: SourceRecord, desk: Desk, rules: Rules, limits: bursts.Limits) -> Iterator[OutputRecord]:
    """Count one dead letter, and raise its review unless its window has enough of them."""
    if not desk.is_home(order.topic.encode()):
        yield detour.order(COUNT, order, home(order.topic.encode(), desk.partitions))
        return
    letter = letter_of(order)
    name = bursts.NAME + letter.reason
    before = desk.chunk.get(order.topic, name)
    if isinstance(before, bursts.Burst) and bursts.over(before, letter.arrival // 1000):
        yield from close(order.topic, name, desk, rules)
        before = None
    after, own = bursts.count(before if isinstance(before, bursts.Burst) else None, letter, desk.now // 1000, limits)
    desk.chunk.remember(order.topic, {name: after})
    if own:
        yield from tell(order, desk, rules)


def tell(order: SourceRecord, desk: Desk, rules: Rules) -> Iterator[OutputRecord]:
    """Raise the review of one dead letter, keyed as its record was; by its topic's name where the record has no key, or one of no use."""
    owner = owner_of(order.key, order.topic)
    if not desk.is_home(owner.encode()):
        yield detour.order(RAISE, order, home(owner.encode(), desk.partitions))
        return
    letter = letter_of(order)
    moment = Moment(instant(order.timestamp), instant(desk.now), letter.trace, letter.origin)
    done = set_aside(desk.chunk.view(owner), owner, Refusal(letter.reason, letter.field), moment, rules)
    yield from desk.keep(owner, done, letter.trace, order.key)


def close(topic: str, name: str, desk: Desk, rules: Rules) -> Iterator[OutputRecord]:
    """End a window: one review, keyed by the topic's name, for all that got none of their own."""
    burst = desk.chunk.get(topic, name)
    desk.chunk.remember(topic, {name: None})
    if not isinstance(burst, bursts.Burst) or not burst.rest:
        return
    moment = Moment(instant(burst.began * 1000), instant(desk.now), None, burst.raised[0])
    done = set_aside(desk.chunk.view(topic), topic, Refusal(burst.reason), moment, rules, burst.rest)
    yield from desk.keep(topic, done, None)


def owner_of(key: bytes | None, topic: str) -> str:
    """Who waits for the review of a record, and is named by its answer: the key where it can be a person's id, else the topic."""
    try:
        return _IDENTIFIER.validate_python((key or b"").decode())
    except (UnicodeDecodeError, ValidationError):
        return topic
