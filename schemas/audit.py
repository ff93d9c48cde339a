"""What is kept of those who look at, export, erase or send back what is about a person."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Closed, Identifier, Instant
from schemas.review import Source

Action = Literal["explain", "export", "erase_plan", "erase", "show", "redrive", "redriven"]


class Audit(Closed):
    """Who did what, about whom or which record, why and when. `redrive` and `erase` are written before, `redriven` once it is done.

    `person_id` is null where it is about a record alone, which `source` then names.
    """

    schema_name: Literal["audit/1"] = Field("audit/1", alias="schema")
    audit_id: Identifier
    action: Action
    who: Identifier
    why: Annotated[str, Field(min_length=1, max_length=2000)]
    person_id: Identifier | None
    event_id: Identifier | None
    source: Source | None
    at: Instant
