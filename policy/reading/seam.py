"""The seam between the policy and whatever reads text: a reader is a function from text and context to facts with evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Answer = Literal["yes", "no", "unknown"]
Sender = Literal["author", "texter", "volunteer", "system"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the text a fact stands: `[start, end)` in Unicode code points of the text as it came."""

    fact: str  # dotted: "suicide.thoughts", "assurance", "support_needs", "stated_age"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Other:
    """Another person whom a concern is about; the author where a concern has none."""

    relation: str
    minor: Answer = "unknown"
    age: int | None = None
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class ReadConcern:
    """One concern as read: only the facts that the words speak of, each with the places that say so."""

    kind: str
    facts: Mapping[str, str]
    person_at_risk: Other | None = None
    ref: str | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Carry:
    """What one turn of a conversation leaves for the next to be understood: facts asked for, never words.

    `asked` holds dotted facts that the other side asked for (`suicide.means`, or with a value `suicide.timeframe=immediate`), newest
    last; `age` counts the turns since. `told` holds the kinds of concern raised so far, `about` the other person whom they were about
    (None: the author).
    """

    asked: tuple[str, ...] = ()
    age: int = 0
    told: tuple[str, ...] = ()
    about: Other | None = None


NO_CARRY = Carry()


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a text: the moment of its words (aware), who wrote it, and what earlier turns left."""

    at: datetime
    sender: Sender = "author"
    carry: Carry = NO_CARRY


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says. `retracts` names kinds that the words take back (A1: no `no`, but a review); `carry` goes to the next turn."""

    concerns: tuple[ReadConcern, ...] = ()
    assurance: Answer = "unknown"
    support_needs: Answer = "unknown"
    stated_age: int | None = None
    places: tuple[Place, ...] = ()  # of assurance, support_needs, stated_age and retractions
    retracts: frozenset[str] = frozenset()
    carry: Carry = NO_CARRY


class Reader(Protocol):
    """Any reader of text: ours, a publisher's, a test's."""

    version: str
    sha256: str

    def read(self, text: str, context: Context) -> Reading:
        """Read any Unicode whatever, of any length; never raises."""
        ...
