"""What is known about a person apart from their words."""

from typing import Literal

from pydantic import Field

from schemas.base import BirthDate, Fact, Flag, Identifier, Instant, Open


class Profile(Open):
    """A person's profile. Of two, the one with the later `updated_at` holds; a null record value instead of one erases the person."""

    schema_name: Literal["profile/1"] = Field(alias="schema")
    person_id: Identifier
    date_of_birth: BirthDate | None = None
    adult_at_risk: Fact = "unknown"
    social_worker: Flag = False
    reachable: Flag = False
    updated_at: Instant
