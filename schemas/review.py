"""What a supervisor must judge."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Age, Closed, Identifier, Instant
from schemas.decision import Clause, Evidence, Recipient, Service


class Source(Closed):
    """Where the record that could not be judged lies; `topic` has no prefix."""

    topic: str
    partition: Annotated[int, Field(ge=0)]
    offset: Annotated[int, Field(ge=0)]


class Review(Closed):
    """A question to a supervisor, with its urgency (O2, U1), or word of a record that could not be judged (U2).

    Of what could not be judged, what is not known is null and `source` says where it lies; `count` is how many such records one review
    stands for, null where it is about one.
    """

    schema_name: Literal["review/1"] = Field("review/1", alias="schema")
    review_id: Identifier
    case_id: Identifier | None
    sequence: Annotated[int, Field(ge=1)]
    change: Literal["opened", "updated", "escalated"]
    person_id: Identifier | None
    event_id: Identifier | None
    occurred_at: Instant | None
    raised_at: Instant
    respond_by: Instant
    late_by_seconds: int | None
    clauses: tuple[Clause, ...] = ()
    reasons: tuple[str, ...]
    recipients: tuple[Recipient, ...] = ("supervisor",)
    service: Service | None = None
    conversation_id: Identifier | None = None
    post_id: Identifier | None = None
    thread_id: Identifier | None = None
    evidence: tuple[Evidence, ...] = ()
    person_at_risk: str | None = None
    age: Age | None = None
    trace: str | None = None
    question: tuple[str, ...] = ()
    urgency: Literal["now", "today", "routine"]
    source: Source | None = None
    count: Annotated[int, Field(ge=1)] | None = None
