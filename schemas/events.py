"""What is read as it happens: posts, messages, assessments, and responders' answers. Open: a field that we don't know is ignored."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, FailFast, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from schemas.base import Age, Fact, Flag, Identifier, Instant, NullMeans, Open
from schemas.concerns import Concern

MOST_CONCERNS = 100
MOST_ITEMS = 100

# JSON Schema has no other way to say it than `if`; the model says it in `_text_unless_removed`.
_TEXT_UNLESS_REMOVED: JsonDict = {
    "if": {"properties": {"kind": {"enum": ["created", "edited"]}}},
    "then": {"required": ["text"], "properties": {"text": {"type": "string"}}},
}

Line = Annotated[str, Field(min_length=1, max_length=2000)]
Lines = Annotated[tuple[Line, ...], Field(max_length=MOST_ITEMS), FailFast(), NullMeans(())]


class _Event(Open):
    """What every event has: its global id, whose it is, and when it happened (not when it arrived)."""

    schema_name: str = Field(alias="schema")
    event_id: Identifier
    person_id: Identifier
    occurred_at: Instant


class _Told(_Event):
    """An event that tells facts: concerns, and what the author said of themselves beside them."""

    concerns: Annotated[tuple[Concern, ...], Field(max_length=MOST_CONCERNS), FailFast(), NullMeans(())] = ()
    assurance: Fact = "unknown"
    support_needs: Fact = "unknown"
    stated_age: Age | None = None


class Post(_Told):
    """A community post as it was created or edited, or that it was removed (then its text may be missing).

    `occurred_at` is when this text was written; `first_posted_at`, of an edit, when the post was first made (S3).
    """

    model_config = ConfigDict(json_schema_extra=_TEXT_UNLESS_REMOVED)

    schema_name: Literal["post/1"] = Field(alias="schema")
    kind: Literal["created", "edited", "removed"]
    post_id: Identifier
    thread_id: Identifier | None = None
    in_reply_to: Identifier | None = None
    first_posted_at: Instant | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _text_unless_removed(self) -> Self:
        if self.text is None and self.kind != "removed":
            raise PydanticCustomError("text_missing", "a post that is not removed needs its text; send `text`")
        return self


class Message(_Told):
    """A turn of a text line's conversation. `person_id` is the texter's, whoever the sender; only a texter discloses."""

    schema_name: Literal["message/1"] = Field(alias="schema")
    conversation_id: Identifier
    sender: Literal["texter", "volunteer", "system"]
    text: str


class Assessment(_Told):
    """What a trained person found about a person, or about one event (O6, which gives its facts their time: O3)."""

    schema_name: Literal["assessment/1"] = Field(alias="schema")
    assessor_id: Identifier
    about_event_id: Identifier | None = None
    adult_at_risk: Fact = "unknown"


class Response(_Event):
    """A responder's answer to an alert, a referral or a review (`alert_id`): what was done, what was reported and with whom (T1)."""

    schema_name: Literal["response/1"] = Field(alias="schema")
    alert_id: Identifier
    responder_id: Identifier
    state: Literal["acknowledged", "reported", "not_reported", "resolved", "false_alarm"]
    what: Lines = ()
    with_whom: Lines = ()
    reason: Line | None = None
    hold_notice: Flag = False
