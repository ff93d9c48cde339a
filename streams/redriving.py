"""Dead letters read from their topic, chosen, and sent back: audited before, acknowledged, audited after."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import ValidationError

from schemas.audit import Audit
from streams.auditing import TOPIC as AUDIT
from streams.auditing import Auditor
from streams.dead_letters import DeadLetter, Fate, done, fate, read, returning
from streams.errors import SettingsError, VigilError
from streams.judging.letters import TOPIC
from streams.publishing import Publisher
from streams.settings import Settings
from streams.topic_reading import TopicReader

Redriven = frozenset[tuple[int, int]]


class NoDeadLetterError(VigilError):
    """There is no dead letter at the place given."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dead letters: by their record's topic (no prefix), reason, first arrival (`since`, milliseconds), or by their own places."""

    topic: str | None = None
    reason: str | None = None
    since: int | None = None
    places: frozenset[tuple[int, int]] = frozenset()

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


def place(text: str) -> tuple[int, int]:
    """Partition and offset of `dead-letters/3/17`, with the topic's prefix or without the topic. Raises SettingsError."""
    parts = PurePosixPath(text).parts[-2:]
    if len(parts) != 2 or not all(re.fullmatch(r"[0-9]{1,18}", part) for part in parts):  # noqa: PLR2004 - partition and offset
        raise SettingsError(f"`{text}` is no place: give one as `vigil dead-letters list` does, such as `dead-letters/3/17`")
    return int(parts[0]), int(parts[1])


def letters(settings: Settings, choice: Choice) -> Iterator[DeadLetter]:
    """The dead letters chosen, one at a time: each may have up to 17 MiB."""
    with TopicReader(settings, (TOPIC,)) as reader:
        for found in reader.more():
            letter = read(found)
            if choice.takes(letter):
                yield letter


def one(settings: Settings, partition: int, offset: int) -> DeadLetter:
    """The dead letter at a place. Raises NoDeadLetterError."""
    with TopicReader(settings, (TOPIC,)) as reader:
        reader.skip_to(TOPIC, partition, offset)
        for found in reader.more():
            if (found.partition, found.offset) == (partition, offset):
                return read(found)
    raise NoDeadLetterError(f"there is no dead letter at `{TOPIC}/{partition}/{offset}`: see `vigil dead-letters list`")


def redriven(settings: Settings) -> Redriven:
    """Which were sent back, by the audit records. All of these have one key, so that one partition is read."""
    with TopicReader(settings, (AUDIT,), TOPIC) as reader:
        return done(audit for found in reader.more() if (audit := _audit(found.value)) is not None)


def send_back(letter: DeadLetter, publisher: Publisher, auditor: Auditor) -> None:
    """Send one back. Raises BrokerError where it is not known to be there; sent again it changes nothing, for its ids are the same."""
    if letter.origin is None:
        raise ValueError("a record that does not say where it came from can't be sent back")
    topic, partition, _ = letter.origin
    auditor.of_record("redrive", letter.place)
    publisher.send(topic, letter.found.key, letter.found.value, returning(letter), partition)
    auditor.of_record("redriven", letter.place)


def planned(settings: Settings, choice: Choice, rounds: int) -> Iterator[tuple[DeadLetter, Fate]]:
    """The dead letters chosen, each with what is to become of it."""
    before = redriven(settings)
    return ((letter, fate(letter, before, rounds)) for letter in letters(settings, choice))


def _audit(value: bytes | None) -> Audit | None:
    try:
        return Audit.model_validate_json(value or b"")
    except ValidationError:
        return None
