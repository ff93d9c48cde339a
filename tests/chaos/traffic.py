"""Made-up traffic for the real judge, from a seed: every kind of record, in every order, good and spoilt, with what must become of each."""

import json
import random
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from streams import clock
from streams.partitioner import home

PEOPLE = 300
"""So many people write at a time; others come in their place as the traffic goes on, or soon nobody would be new."""
EVENTS_EACH = 15
MISPLACED = 0.04
LATE_SECONDS = 20.0
POISON_TOPICS = ("posts", "messages", "profiles", "assessments", "responses")
SAYINGS = ("we had pasta again", "anyone else revising tonight?", "the bus was late", "i feel a bit low today", "thanks, that helps")


@dataclass(frozen=True, slots=True)
class Record:
    """What is published. `partition`: where its publisher misplaces it, else None.

    `fate`: `decided` (at least one decision, no dead letter), `letter` (exactly one, no decision of its own), `known` (of a record that is
    published twice: nothing of its own), `kept` (in state).
    """

    topic: str
    key: bytes
    value: bytes
    fate: str
    event: str | None = None
    partition: int | None = None


class Traffic:
    """An endless stream. The same seed gives the same records, their times aside."""

    def __init__(self, seed: int, partitions: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 -- made-up traffic
        self._partitions = partitions
        self._count = 0
        self._before: dict[str, deque[dict[str, Any]]] = defaultdict(lambda: deque(maxlen=5))
        self._placed: deque[Record] = deque(maxlen=200)
        self._makers: list[tuple[int, Callable[[str], Record]]] = [
            (30, self._chat),
            (25, self._post),
            (5, self._volunteer),
            (6, self._half_of_e1),
            (3, self._overdose),
            (6, self._other_concern),
            (5, self._edit),
            (7, self._profile),
            (4, self._assessment),
            (5, self._poison),
            (2, self._published_twice),
            (2, self._id_used_twice),
        ]

    def next(self) -> Record:
        """One record more."""
        self._count += 1
        person = f"u{self._count // EVENTS_EACH + self._rng.randrange(PEOPLE)}"
        weights = [weight for weight, _ in self._makers]
        (maker,) = self._rng.choices([maker for _, maker in self._makers], weights)
        record = maker(person)
        if record.fate == "decided" and self._rng.random() < MISPLACED:
            wrong = (home(record.key, self._partitions) + 1) % self._partitions
            return replace(record, partition=wrong)
        if record.fate == "decided":
            self._placed.append(record)
        return record

    def emergency(self, person: str) -> Record:
        """An overdose, told to a volunteer."""
        self._count += 1
        return self._event("messages", person, concerns=[{"kind": "overdose", "taken": "yes"}])

    def _event(self, topic: str, person: str, **more: Any) -> Record:
        event = f"e{self._count}"
        made = {"event_id": event, "person_id": person, "occurred_at": self._moment(), "text": self._rng.choice(SAYINGS)}
        if topic == "messages":
            made |= {"schema": "message/1", "conversation_id": f"c-{person}", "sender": "texter"}
        else:
            made |= {"schema": "post/1", "kind": "created", "post_id": f"p{self._count}", "thread_id": f"t{self._rng.randrange(50)}"}
        value = made | more
        self._before[person].append(value)
        return _record(topic, person, value, "decided", event)

    def _somewhere(self) -> str:
        return self._rng.choice(("posts", "messages"))

    def _chat(self, person: str) -> Record:
        return self._event("messages", person)

    def _post(self, person: str) -> Record:
        return self._event("posts", person)

    def _volunteer(self, person: str) -> Record:
        return self._event("messages", person, sender="volunteer", text="how old are you, if i may ask?")

    def _half_of_e1(self, person: str) -> Record:
        """Thoughts and a plan in one place, means and a time in another: together an emergency."""
        halves = ({"thoughts": "yes", "plan": "yes"}, {"means": "yes", "timeframe": self._rng.choice(("immediate", "within_30_days"))})
        return self._event(self._somewhere(), person, concerns=[{"kind": "suicide", **self._rng.choice(halves)}])

    def _overdose(self, person: str) -> Record:
        return self._event(self._somewhere(), person, concerns=[{"kind": "overdose", "taken": "yes"}])

    def _other_concern(self, person: str) -> Record:
        facts = (
            {"kind": "abuse", "ongoing": "yes", "contact_with_abuser": self._rng.choice(("yes", "unknown"))},
            {"kind": "self_injury", "recent": "yes"},
            {"kind": "harm_to_others", "might_harm": "yes", "person_at_risk": {"relation": "sibling", "minor": "yes"}},
            {"kind": "homelessness", "homeless_or_at_risk": "yes"},
            {"kind": "pregnancy", "pregnant": "yes", "professionals_told": "no"},
        )
        return self._event(self._somewhere(), person, concerns=[self._rng.choice(facts)])

    def _edit(self, person: str) -> Record:
        posts = [value for value in self._before[person] if value["schema"] == "post/1"]
        if not posts:
            return self._post(person)
        before = self._rng.choice(posts)
        changed = {"post_id": before["post_id"], "first_posted_at": before["occurred_at"], "text": before["text"] + " (edited)"}
        return self._event("posts", person, kind="edited", **changed)

    def _profile(self, person: str) -> Record:
        made = {
            "schema": "profile/1",
            "person_id": person,
            "date_of_birth": self._rng.choice(("2011-05-05", "1990-01-31", None)),
            "adult_at_risk": self._rng.choice(("no", "yes", "unknown")),
            "reachable": self._rng.random() < 0.8,
            "updated_at": _text(clock.now()),
        }
        return _record("profiles", person, made, "kept")

    def _assessment(self, person: str) -> Record:
        event, known = f"a{self._count}", self._before[person]
        made = {
            "schema": "assessment/1",
            "event_id": event,
            "person_id": person,
            "about_event_id": self._rng.choice(known)["event_id"] if known else None,
            "assessor_id": "s7",
            "occurred_at": self._moment(),
            "concerns": [{"kind": "suicide", "plan": self._rng.choice(("yes", "no")), "thoughts": "yes"}],
        }
        return _record("assessments", person, made, "decided", event)

    def _poison(self, person: str) -> Record:
        topic, event = self._rng.choice(POISON_TOPICS), f"x{self._count}"
        shared = {"event_id": event, "person_id": person, "occurred_at": self._moment()}
        message = {"schema": "message/1", "conversation_id": "c", "sender": "texter", "text": "x", **shared}
        values: tuple[Any, ...] = (
            "{",
            {**shared, "schema": "post/9"},
            {**message, "occurred_at": "2026-11-03T21:14:05"},
            {**message, "concerns": [{"kind": "overdose", "taken": "perhaps"}]},
            {**message, "person_id": f"{person}-other"},
            {**message, "text": "x" * 300_000} if self._rng.random() < 0.1 else "[1, 2]",
        )
        value = self._rng.choice(values)
        return _record(topic if isinstance(value, str) else "messages", person, value, "letter", event)

    def _published_twice(self, person: str) -> Record:
        return replace(self._rng.choice(self._placed), fate="known") if self._placed else self._chat(person)

    def _id_used_twice(self, person: str) -> Record:
        if not self._placed:
            return self._chat(person)
        first = self._rng.choice(self._placed)
        other = json.loads(first.value) | {"occurred_at": self._moment(), "concerns": [{"kind": "other", "immediate_risk": "unknown"}]}
        return replace(first, value=json.dumps(other).encode(), fate="letter")

    def _moment(self) -> str:
        return _text(clock.now() - timedelta(seconds=self._rng.expovariate(1 / LATE_SECONDS)))


def _record(topic: str, person: str, value: Mapping[str, Any] | str, fate: str, event: str | None = None) -> Record:
    raw = value if isinstance(value, str) else json.dumps(value)
    return Record(topic, person.encode(), raw.encode(), fate, event)


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
