"""What is said to the person about whom something was shared (T1, T2)."""

from typing import Literal

from pydantic import Field

from schemas.base import Closed, Identifier, Instant
from schemas.decision import Clause, Help


class Notice(Closed):
    """A notice: prepared with an alert or referral (`about`), due once a responder said what was reported and with whom, or held."""

    schema_name: Literal["notice/1"] = Field("notice/1", alias="schema")
    notice_id: Identifier
    person_id: Identifier
    about: Identifier
    status: Literal["prepared", "due", "held"]
    sent_at: Instant
    what: tuple[str, ...]
    why: tuple[Clause, ...]
    with_whom: tuple[str, ...]
    involve: bool
    support: tuple[Help, ...] = ()
