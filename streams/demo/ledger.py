"""The books of the demo: each record that was published, and what became of it. Pure: no clock, no broker."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from streams.demo.world import Place, Seen
from streams.sample.line import Line

EVENTS = ("posts", "messages", "assessments")


@dataclass(slots=True)
class Sent:
    """One published record: what it is, when it was published (milliseconds since the epoch), and where it lies once that is known."""

    topic: str
    person: str
    event_id: str | None
    at: int
    place: Place | None = None


@dataclass(slots=True)
class Ledger:
    """All that went in and came out. An output that comes twice (its `ce_id` is known) is counted as repeated and changes nothing."""

    sent: dict[str, Sent] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    dead: dict[Place, str] = field(default_factory=dict)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    waits: list[int] = field(default_factory=list)
    repeated: int = 0
    first_alert_at: int | None = None
    _ids: set[Place | str] = field(default_factory=set)
    _told: set[tuple[str, str, str, str]] = field(default_factory=set)

    def publish(self, trace: str, line: Line, at: int) -> None:
        """Enter a record on its way out. What is too spoilt to have an id is known by its place alone."""
        event_id = line.value.get("event_id") if isinstance(line.value, dict) else None
        self.sent[trace] = Sent(line.topic, line.key, event_id, at)

    def place(self, trace: str, place: Place) -> None:
        """Enter where the broker put it."""
        self.sent[trace].place = place

    def see(self, seen: Seen) -> bool:
        """Enter what came out; False where it had come before."""
        identity = _identity(seen)
        if identity in self._ids:
            self.repeated += 1
            return False
        self._ids.add(identity)
        self.written[seen.topic] += 1
        if seen.topic == "dead-letters":
            self._bury(seen.headers)
        elif seen.topic == "decisions" and seen.value is not None:
            self._decide(seen.value)
        elif seen.topic == "emergency-alerts" and seen.value is not None:
            self._alert(seen.value, seen.at)
        return True

    def _bury(self, headers: Mapping[str, str]) -> None:
        self.dead[_grave(headers)] = headers["vigil.error.reason"]

    def _decide(self, value: Mapping[str, Any]) -> None:
        self.decisions[value["person_id"], value["event_id"]] = value
        for finding in value["findings"]:
            told = (value["person_id"], finding["person_at_risk"], finding["clause"], finding["outcome"])
            if told not in self._told:
                self._told.add(told)
                self.found[finding["clause"], finding["outcome"]] += 1

    def _alert(self, value: Mapping[str, Any], at: int) -> None:
        self.first_alert_at = self.first_alert_at or at
        cause = self.sent.get(value["trace"] or "")
        if cause is not None and value["change"] != "escalated":
            self.waits.append(at - cause.at)

    def outcomes(self) -> Counter[str]:
        """Events by outcome; of several decisions on one event the last one counts."""
        return Counter(decision["outcome"] for decision in self.decisions.values())

    def unaccounted(self) -> Iterator[Sent]:
        """Published events that ended neither in a decision nor in a dead letter: none, if nothing was lost."""
        return (sent for sent in self.sent.values() if sent.topic in EVENTS and not self._accounted(sent))

    def _accounted(self, sent: Sent) -> bool:
        decided = sent.event_id is not None and (sent.person, sent.event_id) in self.decisions
        return decided or (sent.place is not None and sent.place in self.dead)


def _grave(headers: Mapping[str, str]) -> Place:
    """Where the record lies that a dead letter was."""
    return (headers["vigil.error.topic"], int(headers["vigil.error.partition"]), int(headers["vigil.error.offset"]))


def _identity(seen: Seen) -> Place | str:
    """What only this output has: a dead letter, whose headers are the input's, the place of its record; any other its `ce_id`."""
    return _grave(seen.headers) if seen.topic == "dead-letters" else seen.headers["ce_id"]
