"""What responders said: it answers what its case had out on a topic, may close the case, and makes a notice due (O4, T1)."""

from policy.state.cases import Answered, Aside, Out
from policy.state.parts import EventPart
from policy.steps import asides
from policy.steps.work import Work
from policy.telling.answering import answered
from policy.telling.casebook import keep_answer
from policy.times import micros
from schemas.events import Response


def take_in(work: Work, record: Response, digest: bytes) -> None:
    """Take in a response. One to an id that is not known (yet) is kept until it is.

    One to what was answered before an erasure answers nothing: the case of that number is another one now.
    """
    at = micros(record.occurred_at)
    marker = EventPart(digest=digest, at=at, arrival=work.arrival, role="response", due=work.due)
    work.draft.put(f"id/{record.event_id}", marker)
    answer = Answered(at=at, state=record.state, what=record.what, with_whom=record.with_whom, hold=record.hold_notice, due=work.due)
    out = work.draft.get(f"out/{record.alert_id}", Out)
    if out is None:
        keep_answer(work, record.alert_id, answer)
    elif out.aside is not None:
        if work.draft.get(f"aside/{out.aside}", Aside) is not None:
            asides.answer(work, out.aside, record.alert_id, answer)
    elif out.era == work.draft.head.era:
        answered(work, out.topic, out.pid, out.number, record.alert_id, answer)
