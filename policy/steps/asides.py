"""What waits for an answer outside any case: reviews of records that could not be judged (U2), and what an erased person left open."""

from msgspec.structs import replace

from policy.rulebook.then import SUPERVISOR
from policy.state.cases import Answered, Aside, Out, Shared, Waiting
from policy.steps.work import Work
from policy.telling.answering import is_answered
from policy.telling.casebook import MOST_TIMES
from policy.telling.ids import new_id
from policy.telling.raising import answer_before, raise_again
from policy.telling.records import REVIEWS, record, wait
from policy.times import SECOND
from schemas.wire import Refusal

COULD_NOT = "could not be judged"
_WHY = {
    "not_json": "it is no JSON that can be read",
    "unknown_schema": "it has no schema that is known here",
    "invalid": "a field is not as the schema says",
    "too_large": "it is too large",
    "key_mismatch": "its key is not its person",
    "duplicate_id": "its id was seen with other content",
    "internal": "an error inside vigil",
}


def set_aside(work: Work, refusal: Refusal, source: tuple[str, int, int] | None, count: int | None) -> None:
    """Raise the review of one record, or of `count` more of a topic and reason. The same one again is known, and not raised again."""
    review_id = new_id("aside", source, refusal.reason, count)
    if work.draft.get(f"out/{review_id}", Out) is not None:
        return
    urgency = "now"
    said = Shared(
        event=None,
        occurred=None,
        late=None,
        clauses=(),
        reasons=_reasons(refusal, source, count),
        recipients=SUPERVISOR,
        urgency=urgency,
        trace=work.trace,
    )
    respond_by = work.now + wait(REVIEWS, urgency, work.rules.respond_within)
    waiting = Waiting(review_id, said, 1, work.now, respond_by)
    place = source if count is None else None
    work.emit(
        REVIEWS,
        record(
            REVIEWS,
            said,
            output_id=review_id,
            case_id=None,
            sequence=1,
            change="opened",
            person_id=None,
            raised=work.now,
            respond_by=respond_by,
            source=place,
            count=count,
        ),
    )
    work.draft.put(f"out/{review_id}", Out(topic=REVIEWS, sequence=1, raised=work.now, aside=review_id, due=work.due))
    keep(work, review_id, Aside(topic=REVIEWS, waiting=waiting, source=place, count=count))
    early = answer_before(work, review_id)
    if early is not None:
        answer(work, review_id, review_id, early)


def keep(work: Work, name: str, aside: Aside) -> None:
    """Keep what waits, until its deadline; after the last one only until it is answered."""
    due = -(-aside.waiting.respond_by // SECOND) if aside.waiting.times < MOST_TIMES else None
    work.draft.put(f"aside/{name}", replace(aside, due=due))


def answer(work: Work, name: str, output_id: str, given: Answered) -> None:
    """Somebody answered: it waits no more."""
    aside = work.draft.get(f"aside/{name}", Aside)
    if aside is not None and is_answered(aside.waiting.raised, (*aside.waiting.again, aside.waiting.id), output_id, given, work):
        work.draft.put(f"aside/{name}", None)


def again(work: Work, name: str, aside: Aside) -> None:
    """Nobody answered in time: say so again (three times at most)."""
    out = work.draft.get(f"out/{aside.waiting.id}", Out) or Out(
        topic=aside.topic, sequence=aside.waiting.sequence, raised=work.now, aside=name
    )
    waiting = raise_again(work, aside.topic, aside.waiting, aside.case_id, out, aside.source, aside.count)
    keep(work, name, replace(aside, waiting=waiting))


def _reasons(refusal: Refusal, source: tuple[str, int, int] | None, count: int | None) -> tuple[str, ...]:
    why = _WHY[refusal.reason] + (f" (`{refusal.field}`)" if refusal.field else "")
    if count is None:
        return COULD_NOT, why
    return COULD_NOT, f"{count} more records of `{source[0] if source else ''}`, beside those with a review each: {why}"
