"""Dead letters read from their topic, chosen, and sent back: audited before, acknowledged, audited after."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import ValidationError

from schemas.audit import Audit
from streams.auditing import TOPIC as AUDIT
from streams.auditing import Auditor
from streams.dead_letters import DeadLetter, Fate, Place, done, fate, read, returning
from streams.errors import SettingsError, VigilError
from streams.judging.desk import can_be_a_person
from streams.judging.letters import TOPIC
from streams.publishing import Publisher, TooLargeError
from streams.settings import Settings
from streams.topic_reading import TopicReader

AT_ONCE, BYTES_AT_ONCE = 200, 8 * 2**20
Planned = tuple[DeadLetter, Fate]


class NoDeadLetterError(VigilError):
    """There is no dead letter at the place given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dead letters: by their record's topic (no prefix), reason, first arrival (`since`, milliseconds), or by their own places."""

    topic: str | None = None
    reason: str | None = None
    since: int | None = None
    places: frozenset[Place] = frozenset()

    @property
    def any(self) -> bool:
        """Whether anything is chosen at all."""
        return self != Choice()

    def takes(self, letter: DeadLetter) -> bool:
        """Whether a dead letter is chosen."""
        return (
            (self.topic is None or (letter.origin is not None and letter.origin[0] == self.topic))
            and self.reason in (None, letter.reason)
            and (self.since is None or letter.arrived >= self.since)
            and (not self.places or (letter.found.partition, letter.found.offset) in self.places)
        )


def place(text: str) -> Place:
    """Partition and offset of `dead-letters/3/17`, with the topic's prefix or without the topic. Raises SettingsError."""
    parts = PurePosixPath(text).parts[-2:]
    if len(parts) != 2 or not all(re.fullmatch(r"[0-9]{1,18}", part) for part in parts):  # noqa: PLR2004 - partition and offset
        raise SettingsError(f"`{text}` is no place: give one as `vigil dead-letters list` does, such as `dead-letters/3/17`")
    return int(parts[0]), int(parts[1])


def letters(settings: Settings, choice: Choice) -> Iterator[DeadLetter]:
    """The dead letters chosen, one at a time: each may have up to 17 MiB. No more is read than the choice needs."""
    left = set(choice.places)
    with TopicReader(settings, (TOPIC,)) as reader:
        if choice.places:
            reader.only({(TOPIC, partition): offset for partition, offset in sorted(choice.places, reverse=True)})
        if choice.since is not None:
            reader.since(choice.since)  # a record first came before it was set aside, if not at the same moment
        for found in reader.more():
            letter = read(found)
            if choice.takes(letter):
                yield letter
            left.discard((found.partition, found.offset))
            if choice.places and not left:
                return


def one(settings: Settings, partition: int, offset: int) -> DeadLetter:
    """The dead letter at a place. Raises NoDeadLetterError."""
    for letter in letters(settings, Choice(places=frozenset({(partition, offset)}))):
        return letter
    raise NoDeadLetterError(f"there is no dead letter at `{TOPIC}/{partition}/{offset}`: see `vigil dead-letters list`")


def redriven(settings: Settings) -> Container[Place]:
    """Which were sent back, by the audit records. All of these have one key, so that one partition is read."""
    with TopicReader(settings, (AUDIT,), TOPIC) as reader:
        return done(audit for found in reader.more() if (audit := _audit(found.value)) is not None)


def planned(settings: Settings, choice: Choice, rounds: int) -> Iterator[Planned]:
    """The dead letters chosen, each with what is to become of it."""
    before = redriven(settings)
    return ((letter, fate(letter, before, rounds)) for letter in letters(settings, choice))


def carry_out(plan: Iterable[Planned], publisher: Publisher, auditor: Auditor) -> Iterator[Planned]:
    """Send back what is to be sent, some at a time, and tell what became of each.

    Raises BrokerError where one is not known to be there, or its audit: begin again, for what is sent twice changes nothing.
    """
    waiting: list[DeadLetter] = []
    for letter, become in plan:
        if become is not Fate.SEND:
            yield letter, become
            continue
        waiting.append(letter)
        if len(waiting) == AT_ONCE or sum(len(each.found.value or b"") for each in waiting) > BYTES_AT_ONCE:
            yield from _send_back(waiting, publisher, auditor)
            waiting = []
    yield from _send_back(waiting, publisher, auditor)


def _send_back(several: Sequence[DeadLetter], publisher: Publisher, auditor: Auditor) -> Iterator[Planned]:
    """Audited before, acknowledged, audited after. One that its topic has no room for does not hold up the others."""
    auditor.of_records("redrive", [letter.place for letter in several])
    for letter in several:
        topic, partition, _ = letter.origin or ("", 0, 0)
        key = letter.found.key
        publisher.enqueue(topic, key, letter.found.value, returning(letter), None if can_be_a_person(key) else partition)
    problems = publisher.settle()
    sent = [letter for letter, problem in zip(several, problems, strict=True) if problem is None]
    auditor.of_records("redriven", [letter.place for letter in sent])
    for letter, problem in zip(several, problems, strict=True):
        if problem is not None and not isinstance(problem, TooLargeError):
            raise problem
        yield letter, Fate.SEND if problem is None else Fate.TOO_LARGE


def _audit(value: bytes | None) -> Audit | None:
    try:
        return Audit.model_validate_json(value or b"")
    except ValidationError:
        return None
