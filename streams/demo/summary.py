"""What the demo says at its end: figures that add up, or the names of what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from streams.demo.ledger import EVENTS, Ledger

LIMITS = "embedded broker: no disk, one node, 5 MiB a partition; what runs on it shows how Vigil judges, not what it survives"


@dataclass(frozen=True)
class Summary:
    """The figures. `clauses`: how many people each clause was found for, by outcome; waits run from publishing to seeing the alert."""

    seconds: float
    published: Mapping[str, int]
    written: Mapping[str, int]
    outcomes: Mapping[str, int]
    clauses: Mapping[str, Mapping[str, int]]
    dead_letters: Mapping[str, int]
    events: int
    unaccounted: Sequence[str]
    repeated: int
    behind: Mapping[str, int]
    first_alert_seconds: float | None
    alert_milliseconds: Mapping[str, int | None]
    emergencies_percent: float
    conserved: bool
    limits: str = LIMITS

    def record(self) -> dict[str, Any]:
        """The form that `--json` writes."""
        return {"type": "summary", **asdict(self)}


def percentile(waits: Sequence[int], part: float) -> int | None:
    """The wait that this part of all waits doesn't exceed; None without any."""
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * part))] if waits else None


def _clauses(ledger: Ledger) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (clause, outcome), people in sorted(ledger.found.items()):
        found.setdefault(clause, {})[outcome] = people
    return found


def summarise(ledger: Ledger, behind: Mapping[str, int], began: int, ended: int) -> Summary:
    """The books closed: `began` and `ended` in milliseconds since the epoch."""
    outcomes = ledger.outcomes()
    missing = [f"{sent.topic} {sent.event_id or sent.place or 'not acknowledged by the broker'}" for sent in ledger.unaccounted()]
    first = None if ledger.first_alert_at is None else round((ledger.first_alert_at - began) / 1000, 1)
    return Summary(
        seconds=round((ended - began) / 1000, 1),
        published=dict(Counter(sent.topic for sent in ledger.sent.values())),
        written=dict(ledger.written),
        outcomes=dict(outcomes),
        clauses=_clauses(ledger),
        dead_letters=dict(Counter(ledger.dead.values())),
        events=sum(sent.topic in EVENTS for sent in ledger.sent.values()),
        unaccounted=missing,
        repeated=ledger.repeated,
        behind=dict(behind),
        first_alert_seconds=first,
        alert_milliseconds={"p50": percentile(ledger.waits, 0.5), "p99": percentile(ledger.waits, 0.99)},
        emergencies_percent=round(100 * outcomes["emergency"] / max(1, outcomes.total()), 2),
        conserved=not missing and not any(behind.values()),
    )
