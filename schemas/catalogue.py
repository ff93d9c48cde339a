"""The one list of topics and of what travels on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from schemas.alert import Alert, Referral
from schemas.audit import Audit
from schemas.base import Closed, Open
from schemas.decision import Decision
from schemas.events import Assessment, Message, Post, Response
from schemas.notice import Notice
from schemas.profile import Profile
from schemas.review import Review
from schemas.support import Support

Topic = Literal["posts", "messages", "profiles", "assessments", "responses"]
Output = Decision | Alert | Referral | Review | Notice | Support


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic, named without prefix: its record (None where the bytes are passed on unchanged), who writes it, and what its key is."""

    topic: str
    model: type[Open | Closed] | None
    writer: str
    description: str
    key: str = "person_id"

    @property
    def read(self) -> bool:
        """Whether Vigil reads it: then its records are open, else closed."""
        return self.model is not None and issubclass(self.model, Open)


CHANNELS = (
    Channel("posts", Post, "the community", "posts as they are created, edited or removed"),
    Channel("messages", Message, "the text line", "turns of a conversation, the texter's and the others'"),
    Channel("profiles", Profile, "both services", "what is known about a person; compacted; a null value erases the person"),
    Channel("assessments", Assessment, "trained people", "what a trained person found about a person or about one event"),
    Channel("responses", Response, "responders", "what was done about an alert, a referral or a review"),
    Channel("emergency-alerts", Alert, "Vigil", "emergencies, recommended to be reported to the emergency services"),
    Channel("non-emergency-referrals", Referral, "Vigil", "non-emergencies, recommended to be referred"),
    Channel(
        "reviews",
        Review,
        "Vigil",
        "what a supervisor must judge",
        key="person_id; of what could not be judged, the record's own key or the name of its topic",
    ),
    Channel("notices", Notice, "Vigil", "what the person is told about what was shared"),
    Channel("support", Support, "Vigil", "to the service: what to show and what to ask"),
    Channel("decisions", Decision, "Vigil", "one decision for every event read, `none` included"),
    Channel(
        "dead-letters",
        None,
        "Vigil",
        "records that could not be judged, as they came, with the reason in headers",
        key="the record's own key",
    ),
    Channel(
        "audit",
        Audit,
        "operators",
        "who explained, exported, erased or sent back, about whom and why",
        key="person_id; of what is about a record, the name of its topic",
    ),
)


def name_of(model: type[Open | Closed]) -> str:
    """The value of a record's `schema` field, as `post/1`."""
    (name,) = get_args(model.model_fields["schema_name"].annotation)
    return str(name)


BY_TOPIC: Mapping[str, Channel] = {channel.topic: channel for channel in CHANNELS}
READ: Mapping[str, Mapping[str, type[Post | Message | Profile | Assessment | Response]]] = {
    "posts": {"post/1": Post},
    "messages": {"message/1": Message},
    "profiles": {"profile/1": Profile},
    "assessments": {"assessment/1": Assessment},
    "responses": {"response/1": Response},
}
WRITTEN: Mapping[str, type[Output | Audit]] = {
    "emergency-alerts": Alert,
    "non-emergency-referrals": Referral,
    "reviews": Review,
    "notices": Notice,
    "support": Support,
    "decisions": Decision,
    "audit": Audit,
}
