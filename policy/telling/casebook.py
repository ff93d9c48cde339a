"""Cases as they are kept: which one an event belongs to, and how a new one begins (O4)."""

from typing import NamedTuple

from msgspec.structs import replace

from policy.state.cases import Answered, Case, Cases, Line, Note
from policy.steps.work import Work
from policy.telling.ids import new_id
from policy.telling.records import ALERTS
from policy.times import DAY

MOST_NAMES = 4096
MOST_TIMES = 3


def name_of(pid: str) -> str:
    """The part that holds the newest case about a person at risk."""
    return f"case/{pid}"


def old_name(number: int, pid: str) -> str:
    """The part that holds an earlier case about them."""
    return f"closed/{number}/{pid}"


def pid_of(name: str) -> str:
    """The person at risk whom a case part of that name is about."""
    kind, _, rest = name.partition("/")
    return rest if kind == "case" else rest.partition("/")[2]


class Located(NamedTuple):
    """Where an event falls among the cases about somebody: in one, or between two (`after` the one that comes later in time)."""

    name: str
    case: Case | None
    after: str | None = None
    before: Case | None = None


def locate(work: Work, pid: str, at: int, days: int) -> Located:
    """The case whose time an event falls in: so many days before its first event to so many after its last."""
    name, after = name_of(pid), None
    case = work.draft.get(name, Case)
    while case is not None and at < case.first - days * DAY:
        after = name
        name = old_name(case.before, pid) if case.before is not None else ""
        case = work.draft.get(name, Case) if name else None
    if case is None or at > case.last + days * DAY:
        return Located("", None, after, case)
    return Located(name, case)


def find(work: Work, pid: str, number: int) -> tuple[str, Case] | None:
    """A case by its number, the newest or an earlier one."""
    for name in (name_of(pid), old_name(number, pid)):
        case = work.draft.get(name, Case)
        if case is not None and case.number == number:
            return name, case
    return None


def open_case(work: Work, pid: str, at: int, days: int, where: Located) -> tuple[str, Case]:
    """A new case about a person at risk. Where a response closed the one before it, its story is known (`where.case`)."""
    newest = work.draft.get(name_of(pid), Case)
    number = newest.next if newest is not None else 0
    closed = where.case
    case = Case(
        case_id=new_id("case", work.person_id, pid, work.draft.head.era, at // (days * DAY), number),
        number=number,
        first=at,
        last=at,
        expires=work.due,
        lines={topic: _settled(line) for topic, line in closed.lines.items()} if closed else {},
        since=closed.closed if closed else None,
        next=number + 1,
    )
    if newest is None:
        return name_of(pid), case
    if where.after is None:
        keep(work, old_name(newest.number, pid), newest)
        return name_of(pid), replace(case, before=newest.number)
    _put_between(work, pid, where, number)
    return old_name(number, pid), replace(case, before=where.before.number if where.before else None)


def _put_between(work: Work, pid: str, where: Located, number: int) -> None:
    newest = work.draft.get(name_of(pid), Case)
    if newest is not None:
        keep(work, name_of(pid), replace(newest, next=number + 1))
    later = work.draft.get(where.after or "", Case)
    if later is not None and where.after:
        keep(work, where.after, replace(later, before=number))


def emergency_is_open(case: Case) -> bool:
    """Whether an alert of the case is out that no response has settled."""
    line = case.lines.get(ALERTS)
    return line is not None and line.sequence > 0 and line.settled is None


def due_of(case: Case) -> int | None:
    """When a case must be looked at again, in seconds: the next deadline, or its end; never while it only waits for an answer."""
    waiting = [line.waiting for line in case.lines.values() if line.waiting is not None]
    deadlines = [-(-one.respond_by // 1_000_000) for one in waiting if one.times < MOST_TIMES]
    return min(deadlines) if deadlines else None if waiting else case.expires


def keep(work: Work, name: str, case: Case) -> None:
    """Put a case where it belongs, with the time at which it must be looked at again."""
    work.draft.put(name, replace(case, due=due_of(case)))
    known = work.draft.get("cases", Cases) or Cases()
    names = known.names if name in known.names or len(known.names) >= MOST_NAMES else (*known.names, name)
    waits = any(_waits(note) for line in case.lines.values() for note in line.notes)
    notes = tuple(one for one in known.notes if one != name) if not waits else known.notes if name in known.notes else (*known.notes, name)
    if (names, notes) != (known.names, known.notes):
        work.draft.put("cases", replace(known, names=names, notes=notes[-MOST_NAMES:]))


def forget(work: Work, name: str) -> None:
    """Remove a case, or a response that waited for what it answers."""
    work.draft.put(name, None)
    known = work.draft.get("cases", Cases) or Cases()
    names, notes, answers = (tuple(one for one in some if one != name) for some in (known.names, known.notes, known.answers))
    work.draft.put("cases", Cases(names=names, notes=notes, answers=answers) if names or answers else None)


def keep_answer(work: Work, output_id: str, answer: Answered) -> None:
    """Keep a response until what it answers is known (again)."""
    name, known = f"answer/{output_id}", work.draft.get("cases", Cases) or Cases()
    work.draft.put(name, answer)
    if name not in known.answers:
        work.draft.put("cases", replace(known, answers=(*known.answers, name)[-MOST_NAMES:]))


def _waits(note: Note) -> bool:
    return note.state in ("pending", "reported")


def _settled(line: Line) -> Line:
    return Line(known=tuple(dict.fromkeys((*line.known, *line.clauses))), facts=line.facts)
