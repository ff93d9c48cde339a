"""Cases: what was told of one situation, and what waits for an answer (O4, T1). Times in microseconds."""

import msgspec

from policy.state.parts import Part, Place

Proof = tuple[str, int | None, int | None, str, str]


class Shared(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one output said, kept so that it can be said again when nobody answers, and told to the person (T1)."""

    event: str | None
    occurred: int | None
    late: int | None
    clauses: tuple[str, ...]
    reasons: tuple[str, ...]
    recipients: tuple[str, ...]
    place: Place = Place()
    evidence: tuple[Proof, ...] = ()
    person_at_risk: str | None = None
    age: int | None = None
    question: tuple[str, ...] = ()
    urgency: str | None = None
    trace: str | None = None


class Waiting(msgspec.Struct, frozen=True, omit_defaults=True):
    """An output that nobody has answered: what it said, its place in its case, its deadline, how often said again, by which ids."""

    id: str
    said: Shared
    sequence: int
    raised: int
    respond_by: int
    times: int = 0
    again: tuple[str, ...] = ()


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """A notice about an output and how far it is: pending (no way to reach them yet), prepared, reported (due, no way yet), due, held."""

    about: str
    state: str
    clauses: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    with_whom: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One topic of a case: how many outputs it had, what it has told, and what waits.

    `clauses` are those told in this case, `known` those told in the one before it, which a response closed. `facts` map a fact as told to
    its answer and the time of the word. `settled`: the newest response that resolved it or found a false alarm.
    """

    sequence: int = 0
    clauses: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    facts: dict[str, tuple[str, int]] = {}
    waiting: Waiting | None = None
    settled: int | None = None
    notes: tuple[Note, ...] = ()


class Case(Part, frozen=True, kw_only=True):
    """`case/<person at risk>`: the newest case about them; `closed/<n>/<person at risk>` an earlier one.

    `first` and `last` are the times of its first and last event; `closed` that of the response that closed it; `since` that of the one
    that closed the case before it. `before` is the number of the case before it in time, `next` (of the newest) that of the next to be
    opened. `expires` in seconds: until when it is kept after everything is answered.
    """

    case_id: str
    number: int
    first: int
    last: int
    expires: int
    lines: dict[str, Line] = msgspec.field(default_factory=dict)
    closed: int | None = None
    since: int | None = None
    before: int | None = None
    next: int = 1


class Out(Part, frozen=True, kw_only=True):
    """`out/<id>`: which case and topic an alert, a referral or a review belongs to, and its place there; `aside` where it has no case.

    `era`: in which the case was opened, since the numbers of cases begin anew with each erasure.
    """

    topic: str
    sequence: int
    raised: int
    pid: str = ""
    number: int = 0
    era: int = 0
    aside: str | None = None


class Answered(Part, frozen=True, kw_only=True):
    """`answer/<id>`: a response that came before we knew (again) what it answers."""

    at: int
    state: str
    what: tuple[str, ...] = ()
    with_whom: tuple[str, ...] = ()
    hold: bool = False


class Aside(Part, frozen=True, kw_only=True):
    """`aside/<id>`: an unanswered output without a case: of a record that could not be judged (U2), or of a person who was erased."""

    topic: str
    waiting: Waiting
    case_id: str | None = None
    source: tuple[str, int, int] | None = None
    count: int | None = None


class Cases(Part, frozen=True, kw_only=True):
    """`cases`: the names of case parts, so that an erasure finds them; `notes` those in which a notice waits for a way to the person.

    `answers`: names of the parts of responses that wait for what they answer.
    """

    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
