"""Erasing a person: what was known, said and told of them goes; what nobody has answered stays open, with no more than it needs."""

from msgspec.structs import replace

from policy.history import log
from policy.people import newest_update
from policy.state.cases import Aside, Case, Cases, Out, Shared, Waiting
from policy.state.parts import EventPart, Head, Index, Page, Ref, Seen
from policy.state.traces import Gone
from policy.steps import asides
from policy.steps.work import Work
from policy.times import SECOND

PAGES_AT_ONCE = 4
"""So many pages of the history are emptied in one step, so that erasing somebody who wrote a lot holds up nobody else."""


def erase(work: Work) -> None:
    """Take in a tombstone. Ids of events stay until they lapse, without facts: what comes again is known, and brings nobody back."""
    head = work.draft.head
    if head == Head() and work.draft.get("cases", Cases) is None:
        return
    _cases(work)
    _strip(work, head.recent)
    work.draft.put("picture", None)
    if head.anew:
        work.draft.put("anew", None)
    pages = _pages(work)
    newest = newest_update(head)
    work.draft.put("head", Head(erased=newest, era=head.era + 1, due=None))
    empty(work, pages)


def empty(work: Work, pages: tuple[int, ...]) -> None:
    """Empty some pages now, and have the rest looked at again at once."""
    for number in pages[:PAGES_AT_ONCE]:
        page = work.draft.get(f"page/{number}", Page)
        _strip(work, page.seen if page else ())
        work.draft.put(f"page/{number}", None)
    left = pages[PAGES_AT_ONCE:]
    if left:
        work.draft.put("gone", Gone(pages=left, due=work.now // SECOND))
    elif work.draft.get("gone", Gone) is not None:
        work.draft.put("gone", None)


def _pages(work: Work) -> tuple[int, ...]:
    """All pages there are; the history begins anew with a number that none of them has."""
    index = work.draft.get("index", Index)
    if index is None:
        return ()
    work.draft.put("index", Index(refs=(Ref(log.START.at, log.START.event, index.next),), next=index.next + 1))
    earlier = work.draft.get("gone", Gone) or Gone()
    return (*earlier.pages, *(ref.number for ref in index.refs))


def _strip(work: Work, seen: tuple[Seen, ...]) -> None:
    for one in seen:
        part = work.draft.get(f"id/{one.event}", EventPart)
        if part is None:
            continue
        if part.place is not None and part.place.conversation_id is not None:
            work.draft.put(f"turn/{part.place.conversation_id}", None)
        if part.place is not None and part.place.post_id is not None:
            work.draft.put(f"post/{part.place.post_id}", None)
        work.draft.put(f"id/{one.event}", EventPart(digest=part.digest, at=part.at, arrival=part.arrival, role="gone", due=part.due))


def _cases(work: Work) -> None:
    known = work.draft.get("cases", Cases) or Cases()
    for name in known.answers:
        work.draft.put(name, None)
    for name in known.names:
        case = work.draft.get(name, Case)
        for topic, line in (case.lines if case else {}).items():
            if case is not None and line.waiting is not None:
                _leave_open(work, topic, case, line.waiting)
        work.draft.put(name, None)
    work.draft.put("cases", None)


def _leave_open(work: Work, topic: str, case: Case, waiting: Waiting) -> None:
    said = waiting.said
    bare = Shared(
        event=said.event,
        occurred=said.occurred,
        late=said.late,
        clauses=said.clauses,
        reasons=(),
        recipients=said.recipients,
        place=said.place,
        person_at_risk="author" if said.person_at_risk == "author" else "another",
        urgency=said.urgency,
    )
    asides.keep(work, waiting.id, Aside(topic=topic, waiting=replace(waiting, said=bare), case_id=case.case_id))
    for output_id in (*waiting.again, waiting.id):
        out = work.draft.get(f"out/{output_id}", Out)
        if out is not None:
            work.draft.put(f"out/{output_id}", replace(out, pid="", aside=waiting.id))
