"""Cases: what was told of one situation, and what waits for an answer (O4, T1)."""

import msgspec

from policy.state.parts import Part, Place


class Shared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one output said, kept so that it can be said again when nobody answers, and told to the person (T1)."""

    event: str | None
    occurred: int | None
    late: int | None
    clauses: tuple[str, ...]
    reasons: tuple[str, ...]
    recipients: tuple[str, ...]
    place: Place
    evidence: tuple[tuple[str, int | None, int | None, str, str], ...] = ()
    person_at_risk: str | None = None
    age: int | None = None
    question: tuple[str, ...] = ()
    urgency: str | None = None


class Waiting(msgspec.Struct, frozen=True, omit_defaults=True):
    """An output that nobody has answered: its id, what it said, its deadline (µs) and how often it was said again."""

    id: str
    said: Shared
    respond_by: int
    times: int = 0


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """A notice and how far it is: pending (no way to reach them yet), prepared, reported (due, no way yet), due, held."""

    about: str
    state: str
    clauses: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    with_whom: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One topic of a case: how many outputs it had, what it has told, and what waits.

    `clauses` are those told; `facts` map a fact as told to its answer and the time of the word (µs).
    `settled`: the newest response (µs) that resolved it or found a false alarm.
    """

    sequence: int = 0
    clauses: tuple[str, ...] = ()
    facts: dict[str, tuple[str, int]] = {}
    waiting: Waiting | None = None
    settled: int | None = None
    notes: tuple[Note, ...] = ()


class Case(Part, frozen=True, kw_only=True):
    """`case/<person at risk>`: the newest case about them; `case/<person at risk>/<n>` an earlier one.

    `first` and `last` are the times (µs) of its first and last event; `closed` that of the response that closed it.
    """

    case_id: str
    number: int
    era: int
    first: int
    last: int
    person_at_risk: str
    lines: dict[str, Line] = {}
    closed: int | None = None
    expires: int | None = None


class Out(Part, frozen=True, kw_only=True):
    """`out/<id>`: which case and topic an alert, a referral or a review belongs to, its place there, and when it was raised (µs)."""

    case: str
    topic: str
    sequence: int
    raised: int


class Answered(Part, frozen=True, kw_only=True):
    """`answer/<id>`: a response that came before we knew (again) what it answers."""

    at: int
    state: str
    what: tuple[str, ...] = ()
    with_whom: tuple[str, ...] = ()
    hold: bool = False


class Aside(Part, frozen=True, kw_only=True):
    """`aside/<review id>`: the review of a record that could not be judged, until it is answered (U2)."""

    case_id: str
    waiting: Waiting
    reason: str
    source: tuple[str, int, int] | None = None
    sequence: int = 1


class Cases(Part, frozen=True, kw_only=True):
    """`cases`: the names of case parts and open asides, so that an erasure and a notice find them."""

    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
