"""Made-up records of a few people for the simulation: what publishers send, wrong partitions, bad records and repeats included."""

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from streams.partitioner import home
from tests.heart.simulation.play import PARTITIONS

PEOPLE = tuple(f"u{number}" for number in range(6))
MISPLACED, REPEATED, OTHER_CONTENT, ANSWERED = 0.1, 0.15, 0.3, 0.05
"""Shares: of all records, of all records, of the repeated ones, of all records."""
NOT_JSON = b"{"
OVERDOSE = [{"kind": "overdose", "taken": "yes"}]
CONCERNS: Sequence[list[dict[str, Any]]] = (
    [],
    [],
    OVERDOSE,
    [{"kind": "suicide", "thoughts": "yes"}],
    [{"kind": "suicide", "plan": "yes", "means": "yes", "timeframe": "immediate"}],
    [{"kind": "pregnancy", "pregnant": "yes"}],
)


class Sent(NamedTuple):
    """A record to append."""

    topic: str
    partition: int
    person: str
    value: bytes


class Traffic:
    """Invents records. `moment`: milliseconds since the epoch."""

    def __init__(self, rng: random.Random, moment: Callable[[], int]) -> None:
        self._rng, self._moment = rng, moment
        self._number = 0
        self._before: list[Sent] = []

    def some(self, waiting: Sequence[tuple[str, str]]) -> list[Sent]:
        """A few records. `waiting`: (person, id) of what may be answered."""
        return [self._one(waiting) for _ in range(self._rng.randrange(1, 6))]

    def _one(self, waiting: Sequence[tuple[str, str]]) -> Sent:
        chance = self._rng.random()
        if self._before and chance < REPEATED:
            return self._again()
        if waiting and chance < REPEATED + ANSWERED:
            return self._response(*self._rng.choice(waiting))
        person = self._rng.choice(PEOPLE)
        make = self._rng.choice((self._message, self._message, self._post, self._post, self._assessment, self._profile, self._bad))
        topic, value = make(person)
        self._before.append(Sent(topic, self._place(person), person, value))
        return self._before[-1]

    def _again(self) -> Sent:
        """A record repeated, or its id with other content, where it was before: of two places nobody knows which is first."""
        sent = self._rng.choice(self._before)
        is_other = self._rng.random() < OTHER_CONTENT and sent.value != NOT_JSON
        return sent._replace(value=sent.value[:-1] + b',"new_field":1}') if is_other else sent

    def _place(self, person: str) -> int:
        place = home(person.encode(), PARTITIONS)
        return (place + 1) % PARTITIONS if self._rng.random() < MISPLACED else place

    def _event(self, person: str, schema: str) -> dict[str, Any]:
        self._number += 1
        return {"schema": schema, "event_id": f"e{self._number}", "person_id": person, "occurred_at": self._now()}

    def _now(self) -> str:
        return datetime.fromtimestamp(self._moment() / 1000, UTC).isoformat()

    def _message(self, person: str) -> tuple[str, bytes]:
        told = {"conversation_id": f"c{person}", "sender": "texter", "text": "hi", "concerns": self._rng.choice(CONCERNS)}
        return "messages", _json(self._event(person, "message/1") | told)

    def _post(self, person: str) -> tuple[str, bytes]:
        kind, post = self._rng.choice(("created", "created", "edited", "removed")), f"p{self._rng.randrange(20)}-{person}"
        told = {"kind": kind, "post_id": post, "text": "as ever", "concerns": self._rng.choice(CONCERNS)}
        return "posts", _json(self._event(person, "post/1") | told)

    def _assessment(self, person: str) -> tuple[str, bytes]:
        return "assessments", _json(self._event(person, "assessment/1") | {"assessor_id": "s1", "concerns": self._rng.choice(CONCERNS)})

    def _profile(self, person: str) -> tuple[str, bytes]:
        born = self._rng.choice(("2013-02-01", "1990-02-01", None))
        return "profiles", _json({"schema": "profile/1", "person_id": person, "date_of_birth": born, "updated_at": self._now()})

    def _response(self, person: str, waiting: str) -> Sent:
        answer = self._event(person, "response/1") | {"alert_id": waiting, "responder_id": "r1", "state": "acknowledged"}
        return Sent("responses", home(person.encode(), PARTITIONS), person, _json(answer))

    def _bad(self, person: str) -> tuple[str, bytes]:
        return "posts", self._rng.choice((NOT_JSON, _json(self._event(person, "post/2"))))


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()
