"""What waits, read from the topics: the three outputs and their responses, folded (`streams.waiting`) and put in the order of need."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from schemas.events import Response
from schemas.review import Review
from schemas.wire import parse
from streams.errors import VigilError
from streams.judging.reviews import owner_of
from streams.settings import Settings
from streams.topic_reading import Found, TopicReader
from streams.waiting import MODELS, TOPICS, Fold, Open, Told, identity, urgency

ORDER = ("emergency", "now", "today", "referral", "routine")


class UnknownIdError(VigilError):
    """No alert, referral or review has this id."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An output that can be answered. `key` is what a response names as `person_id`."""

    told: Told
    key: str


class Inbox:
    """Takes records as they are read. `unreadable` counts outputs that are none of ours: something waits there that can't be shown."""

    def __init__(self) -> None:
        self.fold = Fold()
        self.read = 0
        self.unreadable = 0

    def take(self, found: Found) -> None:
        """One record of one of the four topics."""
        self.read += 1
        if found.topic == "responses":
            response = parse("responses", found.key, found.value)
            if isinstance(response, Response):
                self.fold.answered(response)
            return
        told = output(found)
        if told is None:
            self.unreadable += 1
        else:
            self.fold.told(found.topic, told)

    def waiting(self) -> list[Open]:
        """What nobody has answered: the most severe first, then by deadline."""
        return sorted(self.fold.unanswered(), key=lambda case: (ORDER.index(urgency(case.newest)), case.newest.respond_by))


def output(found: Found) -> Told | None:
    """The alert, referral or review that a record holds; None where it holds none."""
    try:
        return MODELS[found.topic].model_validate_json(found.value or b"")
    except ValidationError:
        return None


def shown(case: Open, now: datetime) -> dict[str, Any]:
    """One case as a plain object."""
    told = case.newest.model_dump(mode="json", by_alias=True)
    places = ("case_id", "sequence", "change", "person_id", "event_id", "raised_at", "respond_by", "clauses", "reasons", "recipients")
    where = ("service", "conversation_id", "post_id", "thread_id", "person_at_risk")
    overdue = case.newest.respond_by < now
    head = {"id": identity(case.newest), "topic": case.topic, "urgency": urgency(case.newest), "overdue": overdue}
    more = {"question": told.get("question", []), "source": told.get("source"), "count": told.get("count")}
    return head | {name: told[name] for name in places + where} | more


def asked(settings: Settings, name: str, person: str | None) -> Asked:
    """The output with this id. With a person, only that partition is read. Raises `UnknownIdError`."""
    with TopicReader(settings, TOPICS, person) as reader:
        for found in reader.more():
            told = output(found)
            if told is not None and identity(told) == name:
                return Asked(told, _answered_as(found, told))
    raise UnknownIdError(f"no alert, referral or review is called `{name}`: take an id from `vigil inbox`")


def _answered_as(found: Found, told: Told) -> str:
    """Whom a response has to name: of a record that could not be judged, and whose key is nobody's, its topic."""
    source = told.source if isinstance(told, Review) else None
    return owner_of(found.key, found.topic if source is None else source.topic)


def lines(cases: list[Open], now: datetime) -> Iterator[str]:
    """For a person to read: three lines a case, and one with what a review asks."""
    for case in cases:
        one = shown(case, now)
        late = " OVERDUE" if one["overdue"] else ""
        yield f"{one['urgency'].upper()}{late}  answer by {one['respond_by']}  {one['id']}  (time {one['sequence']})"
        clauses = f"{', '.join(one['clauses'])}: " if one["clauses"] else ""
        yield f"  {clauses}{'; '.join(one['reasons'])}  to {', '.join(one['recipients'])}"
        yield f"  {_place(one)}"
        if one["question"]:
            yield f"  asks: {', '.join(one['question'])}"


def _place(one: dict[str, Any]) -> str:
    """Where to go to help."""
    names = {"person_id": "person", "conversation_id": "conversation", "thread_id": "thread", "post_id": "post", "event_id": "event"}
    found = [f"{word} {one[name]}" for name, word in names.items() if one[name]]
    return ", ".join([one["service"], *found] if one["service"] else found) or "whose it is, is not known"
