"""What goes to people who act: alerts (emergencies) and referrals (non-emergencies)."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Age, Closed, Identifier, Instant
from schemas.decision import Clause, Evidence, Recipient, Service


class Told(Closed):
    """What alerts and referrals share. `late_by_seconds` is arrival less `occurred_at`; `sequence` counts from 1 per case and topic."""

    schema_name: str = Field(alias="schema")
    case_id: Identifier
    sequence: Annotated[int, Field(ge=1)]
    change: Literal["opened", "updated", "escalated"]
    person_id: Identifier
    event_id: Identifier
    occurred_at: Instant
    raised_at: Instant
    respond_by: Instant
    late_by_seconds: int
    clauses: tuple[Clause, ...]
    reasons: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    service: Service | None
    conversation_id: Identifier | None
    post_id: Identifier | None
    thread_id: Identifier | None
    evidence: tuple[Evidence, ...]
    person_at_risk: str
    age: Age | None
    trace: str | None


class Alert(Told):
    """An emergency that Vigil recommends to report to the emergency services (O2)."""

    schema_name: Literal["alert/1"] = Field("alert/1", alias="schema")
    alert_id: Identifier


class Referral(Told):
    """A non-emergency that Vigil recommends to refer (O2)."""

    schema_name: Literal["referral/1"] = Field("referral/1", alias="schema")
    referral_id: Identifier
