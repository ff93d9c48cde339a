"""What the service is prompted to show and to ask where nothing is reported (T4)."""

from typing import Literal

from pydantic import Field

from schemas.base import Closed, Identifier
from schemas.decision import Help


class Support(Closed):
    """A prompt to the service: where help is, and which facts somebody could ask for (dotted, as `suicide.plan`)."""

    schema_name: Literal["support/1"] = Field("support/1", alias="schema")
    support_id: Identifier
    person_id: Identifier
    event_id: Identifier
    conversation_id: Identifier | None
    post_id: Identifier | None
    thread_id: Identifier | None
    show: tuple[Help, ...]
    ask: tuple[str, ...]
