"""Answers: what a response closes, and what it lets be told to the person (O4, T1)."""

from msgspec.structs import replace

from policy.state.cases import Answered, Case, Line
from policy.steps.work import Work
from policy.telling import casebook, notices
from policy.telling.records import ALERTS, wait

SETTLES = frozenset({"resolved", "false_alarm"})


def answered(work: Work, topic: str, pid: str, number: int, output_id: str, answer: Answered) -> None:
    """Apply a response to the case of the output that it names: all that was out on that topic by then is answered."""
    found = casebook.find(work, pid, number)
    if found is None:
        return
    name, case = found
    line = case.lines.get(topic, Line())
    line = _notice(work, topic, _stilled(work, topic, line, output_id, answer), output_id, answer)
    if answer.state in SETTLES:
        line = replace(line, settled=max(answer.at, line.settled or answer.at))
    case = replace(case, lines={**case.lines, topic: line}, expires=max(case.expires, work.due))
    casebook.keep(work, name, _closed(case, topic, answer))


def is_answered(waiting_raised: int, waiting_ids: tuple[str, ...], output_id: str, answer: Answered, work: Work) -> bool:
    """Whether what waits was out by the response's time. Where the clock stands still (`assess`), all that is out was out before."""
    still = work.now == work.arrival == waiting_raised
    return waiting_raised <= answer.at or still or output_id == waiting_ids[-1]


def _stilled(work: Work, topic: str, line: Line, output_id: str, answer: Answered) -> Line:
    waiting = line.waiting
    if waiting is None:
        return line
    if is_answered(waiting.raised, (*waiting.again, waiting.id), output_id, answer, work):
        return replace(line, waiting=None)
    left = waiting.raised + wait(topic, waiting.said.urgency, work.rules.respond_within)
    return replace(line, waiting=replace(waiting, respond_by=max(waiting.respond_by, left), again=()))


def _notice(work: Work, topic: str, line: Line, output_id: str, answer: Answered) -> Line:
    if answer.hold:
        return notices.held(work, topic, line, output_id)
    if answer.state == "reported":
        return notices.due(work, topic, line, output_id, answer.what, answer.with_whom)
    return line


def _closed(case: Case, topic: str, answer: Answered) -> Case:
    if answer.state not in SETTLES or (topic != ALERTS and casebook.emergency_is_open(case)):
        return case
    return replace(case, closed=max(answer.at, case.closed or answer.at))
