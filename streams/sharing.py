"""What was shared about a person (T3): why, which details, with whom, when. Pure, and the same whoever asks: nothing of who asks or when.

Shared is what a responder said was `reported`, never what was recommended. A notice that was due says the same; where nobody could be
told there is none, so that responses are kept as long as what they answer.
"""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from schemas.events import Response
from schemas.notice import Notice
from schemas.wire import parse
from streams import topics
from streams.inbox import output
from streams.topic_reading import Found
from streams.waiting import TOPICS, Told, identity

RESPONSES, NOTICES = "responses", "notices"
READ = (*TOPICS, RESPONSES, NOTICES)
EVERYWHERE = (RESPONSES,)
"""Read whole: a responder's client may have put an answer into another partition than the person's."""


class Sharing:
    """Takes one person's records as they are read, in any order between topics. `unreadable`: what may have told more."""

    def __init__(self, person: str) -> None:
        self.unreadable = 0
        self._person = person
        self._told: dict[str, Told] = {}
        self._responses: dict[str, Response] = {}
        self._notices: dict[str, Notice] = {}

    def take(self, found: Found) -> None:
        """One record of a topic in `READ`; those of other people in the same partition are passed over."""
        if found.key != self._person.encode():
            return
        if found.topic in TOPICS:
            self._output(found)
        elif found.topic == NOTICES:
            self._notice(found.value)
        else:
            self._response(found)

    def answer(self) -> dict[str, Any]:
        """T3's answer."""
        reported = [one for one in self._responses.values() if one.state == "reported"]
        known = {(one.alert_id, one.what, one.with_whom) for one in reported}
        sent = [one for one in self._notices.values() if one.status == "due"]
        shared = [(one.occurred_at, one.event_id, self._reported(one)) for one in reported]
        shared += [(one.sent_at, one.notice_id, _noticed(one)) for one in sent if (one.about, one.what, one.with_whom) not in known]
        told = sorted((one.sent_at, one.notice_id, {"when": _when(one.sent_at), "about": one.about}) for one in sent)
        days = {name: topics.table()[name].retention_days for name in (RESPONSES, NOTICES, TOPICS[0])}
        ordered = sorted(shared, key=lambda one: one[:2])
        return {"person_id": self._person, "shared": [one[2] for one in ordered], "told": [one[2] for one in told], "kept_days": days}

    @property
    def held(self) -> bool:
        """Whether a responder holds a notice back: telling may be dangerous."""
        about = {one.about for one in self._notices.values() if one.status == "held"}
        return bool(about) or any(one.hold_notice for one in self._responses.values())

    def _output(self, found: Found) -> None:
        told = output(found)
        if told is None:
            self.unreadable += 1
        else:
            self._told.setdefault(identity(told), told)

    def _notice(self, value: bytes | None) -> None:
        try:
            notice = Notice.model_validate_json(value or b"")
        except ValidationError:
            self.unreadable += 1
        else:
            self._notices.setdefault(notice.notice_id, notice)

    def _response(self, found: Found) -> None:
        """One that is refused was set aside: it answered nothing."""
        response = parse("responses", found.key, found.value)
        if isinstance(response, Response):
            self._responses.setdefault(response.event_id, response)

    def _reported(self, response: Response) -> dict[str, Any]:
        told = self._told.get(response.alert_id)
        why = {"why": list(told.clauses), "reasons": list(told.reasons)} if told else {"why": [], "reasons": []}
        what = {"what": list(response.what), "with_whom": list(response.with_whom)}
        return {"when": _when(response.occurred_at), "about": response.alert_id} | what | why | {"from": "response"}


def _noticed(notice: Notice) -> dict[str, Any]:
    what = {"what": list(notice.what), "with_whom": list(notice.with_whom), "why": list(notice.why), "reasons": []}
    return {"when": _when(notice.sent_at), "about": notice.about} | what | {"from": "notice"}


def _when(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
