"""What the page holds in memory: everything open, and a bounded window of what was decided and refused. No value of a dead letter."""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import ValidationError

from schemas.alert import Alert
from schemas.decision import Decision
from schemas.events import Response
from schemas.wire import parse
from streams.console.newest import Newest
from streams.inbox import ORDER
from streams.waiting import MODELS, Fold, Open, urgency

DECISIONS = 1000
LETTERS = 500
ALERTS = 1000
"""Emergency alerts that are remembered as news, for browsers that were away."""
READ = (*MODELS, "responses", "decisions", "dead-letters")
_LETTER = "vigil.error."


@dataclass(frozen=True, slots=True)
class Came:
    """One record of an output topic; `topic` without prefix, `at` its Kafka timestamp in milliseconds."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    at: int
    partition: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Where an emergency alert was written, and whether it opens a case or tells of one again."""

    partition: int
    offset: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """What is shown of a dead letter: where it came from and why, in words of our own code."""

    at: datetime
    topic: str
    partition: str
    offset: str
    reason: str
    field: str
    attempts: str


@dataclass(slots=True)
class Held:
    """Takes records one by one. `unreadable` counts what could not be read, so that a page never looks whole when it isn't.

    `taken` counts all records, `marks` has the last offset of each partition of emergency alerts, `alerts` the newest of these.
    """

    fold: Fold = field(default_factory=Fold)
    decisions: Newest[Decision] = field(default_factory=lambda: Newest(DECISIONS))
    letters: Newest[Letter] = field(default_factory=lambda: Newest(LETTERS))
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: dict[str, str] = field(default_factory=dict)
    alerts: deque[Told] = field(default_factory=lambda: deque(maxlen=ALERTS))
    marks: dict[int, int] = field(default_factory=dict)
    taken: int = 0
    unreadable: int = 0

    def take(self, came: Came) -> None:
        """Take one record. One that can't be read is counted; nothing is raised."""
        self.taken += 1
        if came.topic == "emergency-alerts":
            self.marks[came.partition] = came.offset
        try:
            self._take(came)
        except (ValidationError, ValueError):
            self.unreadable += 1

    def urgent_first(self) -> list[Open]:
        """Open cases: unanswered before answered, then the most severe, then by deadline."""
        return sorted(self.fold.open(), key=lambda case: (not case.unanswered, ORDER.index(urgency(case.newest)), case.newest.respond_by))

    def explained(self, event_id: str | None) -> str | None:
        """The newest decision about an event, by its id; None where it is not among those that are kept."""
        return self.events.get(event_id) if event_id is not None else None

    def _take(self, came: Came) -> None:
        if came.topic == "dead-letters":
            self._refused(came)
        elif came.topic == "responses":
            self._responded(came)
        elif came.topic == "decisions":
            self._decided(Decision.model_validate_json(came.value or b""))
        else:
            told = MODELS[came.topic].model_validate_json(came.value or b"")
            fresh = self.fold.told(came.topic, told)
            if fresh and isinstance(told, Alert):
                self.alerts.append(Told(came.partition, came.offset, told.sequence == 1))

    def _responded(self, came: Came) -> None:
        response = parse("responses", came.key, came.value)
        if isinstance(response, Response):  # any other answers nothing: what it meant to answer still waits here, and it is a dead letter
            self.fold.answered(response)

    def _decided(self, decision: Decision) -> None:
        self.events[decision.event_id] = decision.decision_id
        dropped = self.decisions.add(decision.decision_id, decision.decided_at, decision)
        if dropped is not None and self.events.get(dropped.event_id) == dropped.decision_id:
            del self.events[dropped.event_id]

    def _refused(self, came: Came) -> None:
        said = {
            name.removeprefix(_LETTER): (value or b"").decode("ascii", "replace")
            for name, value in came.headers
            if name.startswith(_LETTER)
        }
        names = ("topic", "partition", "offset", "reason", "field", "attempts")
        letter = Letter(datetime.fromtimestamp(came.at / 1000, UTC), *(said.get(name, "") for name in names))
        self.letters.add((came.partition, came.offset), letter.at, letter)
        self.reasons[letter.topic, letter.reason] += 1
