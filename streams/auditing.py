"""The audit records of the operators' commands: written and acknowledged before anything is shown or done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from schemas.audit import Action, Audit
from schemas.base import Identifier
from schemas.review import Source
from schemas.wire import write
from streams import clock
from streams.errors import SettingsError
from streams.judging.headers import cloud_event
from streams.publishing import Publisher

TOPIC = "audit"
_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts, and why."""

    who: str
    why: str

    def record(
        self, action: Action, at: datetime, *, person: str | None = None, event: str | None = None, source: Source | None = None
    ) -> Audit:
        """An `audit/1`. Raises SettingsError where `who` is no id or `why` says nothing."""
        try:
            return Audit(
                audit_id=uuid4().hex,
                action=action,
                who=self.who,
                why=self.why.strip(),
                person_id=person,
                event_id=event,
                source=source,
                at=at,
            )
        except ValidationError:
            raise SettingsError("`--as` takes an id of yours, and `--why` a sentence of at most 2000 characters: give both") from None


class Auditor:
    """Writes what one person does."""

    def __init__(self, publisher: Publisher, act: Act) -> None:
        self._publisher = publisher
        self._act = act

    def of_person(self, action: Action, person: str, event: str | None = None) -> None:
        """Record an action about a person. Raises BrokerError where the brokers don't have it: then nothing may be shown or done."""
        self._hand_over(self._act.record(action, clock.now(), person=person, event=event), person)
        self._publisher.settled()

    def of_records(self, action: Action, sources: Iterable[Source]) -> None:
        """Record an action about each of some records. Raises BrokerError as `of_person`."""
        for source in sources:
            self._hand_over(self._act.record(action, clock.now(), source=source), source.topic)
        self._publisher.settled()

    def _hand_over(self, made: Audit, key: str) -> None:
        time = made.at.isoformat().encode()
        self._publisher.enqueue(TOPIC, key.encode(), write(made), cloud_event(made.schema_name, made.audit_id, time, None))


def person(name: str) -> str:
    """A person's id as it was given. Raises SettingsError where it can't be one."""
    try:
        return _IDENTIFIER.validate_python(name)
    except ValidationError:
        raise SettingsError("the PERSON_ID given is none: 1 to 128 visible characters, without spaces") from None
