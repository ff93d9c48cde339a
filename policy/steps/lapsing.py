"""What becomes of a part whose time has come: what nobody answered is told again, what is old is forgotten, what is open stays."""

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from policy.state.cases import Aside, Case, Line, Out
from policy.state.parts import Head, Index
from policy.state.traces import Gone
from policy.steps import asides, erasing, replaying
from policy.steps.work import Work
from policy.telling import casebook
from policy.telling.raising import raise_again
from policy.times import SECOND

DAY_SECONDS = 86_400


def lapse(work: Work, name: str) -> None:
    """Look at one part. Whatever it is, it is changed or gone afterwards, so that it does not stay due."""
    _WHAT.get(name.partition("/")[0], _forget)(work, name)


def _forget(work: Work, name: str) -> None:
    work.draft.put(name, None)


def _head(work: Work, name: str) -> None:
    """The newest events are old by now; the profile stays, and a trained person's word on the at-risk status with it."""
    head = replace(work.draft.head, recent=(), awaits=False, due=None)
    work.draft.put(name, None if head == Head() else head)


def _page(work: Work, name: str) -> None:
    work.draft.put(name, None)
    index = work.draft.get("index", Index)
    number = int(name.partition("/")[2])
    if index is None:
        return
    refs = tuple(ref for ref in index.refs if ref.number != number)
    if refs:
        work.draft.put("index", replace(index, refs=refs))
    elif not work.draft.head.recent:
        work.draft.put("index", None)


def _gone(work: Work, name: str) -> None:
    gone = work.draft.get(name, Gone)
    erasing.empty(work, gone.pages if gone else ())


def _anew(work: Work, name: str) -> None:
    if work.draft.head.anew:
        replaying.go_on(work)
    else:
        work.draft.put(name, None)


def _aside(work: Work, name: str) -> None:
    aside = work.draft.get(name, Aside)
    if aside is not None:
        asides.again(work, name.partition("/")[2], aside)


def _out(work: Work, name: str) -> None:
    """An id is known for as long as its output waits for an answer."""
    out = work.draft.get(name, Out)
    if out is not None and _waits(work, out, name.partition("/")[2]):
        work.draft.put(name, replace(out, due=work.now // SECOND + DAY_SECONDS))
    else:
        work.draft.put(name, None)


def _waits(work: Work, out: Out, output_id: str) -> bool:
    if out.aside is not None:
        return work.draft.get(f"aside/{out.aside}", Aside) is not None
    found = casebook.find(work, out.pid, out.number) if out.era == work.draft.head.era else None
    waiting = found[1].lines.get(out.topic, Line()).waiting if found else None
    return waiting is not None and output_id in (*waiting.again, waiting.id)


def _case(work: Work, name: str) -> None:
    case = work.draft.get(name, Case)
    if case is None:
        return
    lines = {topic: _line(work, topic, line, name, case) for topic, line in case.lines.items()}
    if lines == case.lines and all(line.waiting is None for line in lines.values()) and case.expires <= work.now // SECOND:
        _end(work, name)
    else:
        casebook.keep(work, name, replace(case, lines=lines))


def _line(work: Work, topic: str, line: Line, name: str, case: Case) -> Line:
    waiting = line.waiting
    if waiting is None or waiting.times >= casebook.MOST_TIMES or waiting.respond_by > work.now:
        return line
    out = work.draft.get(f"out/{waiting.id}", Out)
    if out is None:
        pid, era = casebook.pid_of(name), work.draft.head.era
        out = Out(topic=topic, sequence=waiting.sequence, raised=waiting.raised, pid=pid, number=case.number, era=era)
    again = raise_again(work, topic, waiting, case.case_id, out)
    return replace(line, sequence=max(line.sequence, again.sequence), waiting=again)


def _end(work: Work, name: str) -> None:
    """A case of which all is answered goes, but not while one that it follows is kept: it is the one that counts their numbers."""
    case = work.draft.get(name, Case)
    before = casebook.old_name(case.before, casebook.pid_of(name)) if case is not None and case.before is not None else None
    if case is not None and before is not None and work.draft.get(before, Case) is not None:
        casebook.keep(work, name, replace(case, expires=work.now // SECOND + DAY_SECONDS))
        return
    casebook.forget(work, name)


_WHAT: Mapping[str, Callable[[Work, str], None]] = {
    "head": _head,
    "page": _page,
    "gone": _gone,
    "anew": _anew,
    "aside": _aside,
    "out": _out,
    "answer": casebook.forget,
    "case": _case,
    "closed": _case,
}
