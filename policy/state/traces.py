"""What events leave behind beside their facts, as parts of a person's state: versions of posts, turns, findings and pages that wait."""

import msgspec

from policy.reading.seam import Answer
from policy.state.parts import Head, Part


class Awaited(Part, frozen=True, kw_only=True):
    """`awaited/<event_id>`: findings of trained people about an event that has not come yet."""

    assessments: tuple[str, ...] = ()


class Anew(Part, frozen=True, kw_only=True):
    """`anew`: pages of the history that are still to be judged again.

    Each with the place in `heads` of what was known of the author when its events were last judged (-1: what is known now).
    `trace`: of the record that began it.
    """

    pages: dict[int, int] = msgspec.field(default_factory=dict)
    heads: tuple[Head, ...] = ()
    trace: str | None = None


class Gone(Part, frozen=True, kw_only=True):
    """`gone`: pages of an erased person's history that are still to be emptied."""

    pages: tuple[int, ...] = ()


class Version(msgspec.Struct, frozen=True, array_like=True):
    """One version of a post."""

    at: int
    event: str


class PostPart(Part, frozen=True, kw_only=True):
    """`post/<post_id>`: which events wrote it, oldest first."""

    versions: tuple[Version, ...] = ()


class Turn(Part, frozen=True, kw_only=True):
    """`turn/<conversation_id>`: what the last turn asked for, never its words."""

    at: int
    asked: tuple[str, ...] = ()
    age: int = 0
    told: tuple[str, ...] = ()  # kinds of concern raised so far
    about: tuple[str, Answer, int | None, str | None] | None = None  # the other person whom they were about: relation, minor, age, ref
