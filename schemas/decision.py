"""What Vigil decided about one event, and what it rests on."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Age, Answer, Closed, Identifier, Instant, Ref
from schemas.concerns import Kind

Clause = Annotated[str, Field(pattern=r"^[A-Z][0-9]{1,2}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Help = Literal["999", "a_and_e", "text_line", "other"]
Recipient = Literal["999", "101", "social_worker", "care_professional", "supervisor"]
Service = Literal["text_line", "community"]


class Evidence(Closed):
    """One fact, the event that told it, and by whom; `[start, end)` in code points of that event's text where `by` is `text`, else null."""

    event_id: Identifier
    start: Annotated[int, Field(ge=0)] | None = None
    end: Annotated[int, Field(ge=0)] | None = None
    fact: str
    by: Literal["text", "person", "publisher"]


class Finding(Closed):
    """One clause about one person at risk: what it comes to, the facts behind it and those it lacks (U1, O1)."""

    clause: Clause
    outcome: Literal["emergency", "non_emergency", "review"]
    status: Literal["applies", "withheld", "incomplete"]
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    person_at_risk: str


class ReviewNeed(Closed):
    """Why a person must judge, and the facts that somebody could ask for."""

    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Enrichment(Closed):
    """What the policy knew about the author at the event (P1 to P5).

    Age in whole years. `seconds_since_merger` is negative before the merger, `late_by_seconds` where the event is ahead of its arrival.
    """

    age: Age | None
    age_basis: Literal["date_of_birth", "stated"] | None
    life_stage: Literal["minor", "adult", "unknown", "disputed"]
    adult_at_risk: Answer
    merger: Literal["pre", "post"]
    seconds_since_merger: int
    late_by_seconds: int


class PictureEntry(Closed):
    """The facts of one concern in the picture as of the event (O3)."""

    person_at_risk: str
    kind: Kind
    ref: Ref | None = None
    facts: dict[str, str]


class PolicyMark(Closed):
    """Which rulebook decided."""

    version: str
    sha256: Sha256


class ReaderMark(Closed):
    """Which reader read the text."""

    version: str
    sha256: Sha256


class Decision(Closed):
    """The decision about one event, `none` included. Of several for one event the last one counts (O5, S4)."""

    schema_name: Literal["decision/1"] = Field("decision/1", alias="schema")
    decision_id: Identifier
    event_id: Identifier
    person_id: Identifier
    occurred_at: Instant
    decided_at: Instant
    outcome: Literal["emergency", "non_emergency", "review", "none", "out_of_scope"]
    findings: tuple[Finding, ...] = ()
    review: ReviewNeed | None = None
    enrichment: Enrichment
    picture: tuple[PictureEntry, ...] = ()
    policy: PolicyMark
    reader: ReaderMark
    support: tuple[Help, ...] = ()
