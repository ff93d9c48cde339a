"""Raising an output of a case: its id, its deadline, its notice; and doing so again when nobody answers (O4, T1)."""

import msgspec
from msgspec.structs import replace

from policy.state.cases import Answered, Line, Out, Shared, Waiting
from policy.steps.work import Work
from policy.telling.casebook import forget
from policy.telling.ids import new_id
from policy.telling.records import record, wait


class Raising(msgspec.Struct, frozen=True):
    """What is to be raised: on which topic of which case, what it says, and the criteria that make it itself and no other."""

    topic: str
    pid: str
    number: int
    case_id: str
    said: Shared
    change: str
    marks: tuple[tuple[str, str], ...]
    policy: str


def raise_output(work: Work, raising: Raising, line: Line) -> Line:
    """Write an output and wait for its answer. An earlier deadline stands: what was not answered before this is not forgotten for it."""
    said = raising.said
    output_id = _free_id(work, raising)
    sequence = line.sequence + 1
    respond_by = work.now + wait(raising.topic, said.urgency, work.rules.respond_within)
    earlier = line.waiting
    waiting = Waiting(
        output_id,
        said,
        sequence,
        work.now,
        respond_by if earlier is None else min(earlier.respond_by, respond_by),
        again=() if earlier is None else (*earlier.again, earlier.id)[-8:],
    )
    _write(work, raising.topic, waiting, raising.case_id, raising.change, respond_by)
    work.draft.put(
        f"out/{output_id}",
        Out(
            topic=raising.topic,
            sequence=sequence,
            raised=work.now,
            pid=raising.pid,
            number=raising.number,
            era=work.draft.head.era,
            due=work.due,
        ),
    )
    return replace(line, sequence=sequence, waiting=waiting)


def raise_again(
    work: Work,
    topic: str,
    waiting: Waiting,
    case_id: str | None,
    out: Out,
    source: tuple[str, int, int] | None = None,
    count: int | None = None,
) -> Waiting:
    """Say again what nobody has answered in time, the supervisor included, and wait as long once more.

    What waits keeps the time at which it was first raised: a response that was given in time, and came late, answers the repeat too.
    """
    said = replace(waiting.said, recipients=tuple(dict.fromkeys((*waiting.said.recipients, "supervisor"))))
    output_id = new_id("again", waiting.id, waiting.times + 1)
    respond_by = work.now + wait(topic, said.urgency, work.rules.respond_within)
    again = Waiting(output_id, said, waiting.sequence + 1, waiting.raised, respond_by, waiting.times + 1, (*waiting.again, waiting.id)[-8:])
    _write(work, topic, replace(again, raised=work.now), case_id, "escalated", respond_by, source, count)
    work.draft.put(f"out/{output_id}", replace(out, sequence=again.sequence, raised=work.now, due=work.due))
    return again


def answer_before(work: Work, output_id: str) -> Answered | None:
    """The response that came before the output was known again (a crash between writing and remembering), taken out."""
    name = f"answer/{output_id}"
    answer = work.draft.get(name, Answered)
    if answer is not None:
        forget(work, name)
    return answer


def _write(
    work: Work,
    topic: str,
    waiting: Waiting,
    case_id: str | None,
    change: str,
    respond_by: int,
    source: tuple[str, int, int] | None = None,
    count: int | None = None,
) -> None:
    """Only what could not be judged has no case, and then its person is not known either."""
    work.emit(
        topic,
        record(
            topic,
            waiting.said,
            output_id=waiting.id,
            case_id=case_id,
            sequence=waiting.sequence,
            change=change,
            person_id=None if case_id is None else work.person_id,
            raised=waiting.raised,
            respond_by=respond_by,
            source=source,
            count=count,
        ),
    )


def _free_id(work: Work, raising: Raising) -> str:
    """An id made of what is said, not of when: the same however topics interleave. Only what was said before in this case moves on."""
    parts = (raising.topic, work.person_id, raising.case_id, raising.said.event, raising.said.clauses, raising.marks, raising.policy)
    output_id, salt = new_id(*parts), 0
    while work.draft.get(f"out/{output_id}", Out) is not None:
        salt += 1
        output_id = new_id(*parts, salt)
    return output_id
