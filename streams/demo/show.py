"""How the demo is shown: live in a terminal, as plain lines, or as JSON for scripts. Never anybody's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from streams.demo.ledger import Ledger
from streams.demo.summary import Summary
from streams.demo.world import Seen
from streams.sample.answers import IDS

OUTCOMES = {"emergency-alerts": "emergency", "non-emergency-referrals": "non_emergency", "reviews": "review"}


@dataclass(frozen=True)
class Moment:
    """The state of the play. `rates`: records a second by input topic; `progress`: the part of the stream that is published."""

    seconds: float
    progress: float
    people: int
    ledger: Ledger
    rates: Mapping[str, float]
    behind: Mapping[str, int]


class Show(Protocol):
    """Whatever shows the demo; used as a context, so that a terminal is left as it was found."""

    def __enter__(self) -> Self: ...
    def __exit__(self, *error: object) -> None: ...
    def step(self, words: str) -> None:
        """A step of the set-up."""
        ...

    def came(self, seen: Seen) -> None:
        """Something new came out."""
        ...

    def tick(self, moment: Moment) -> None:
        """Time went on."""
        ...

    def finish(self, summary: Summary) -> None:
        """The play is over."""
        ...


def headline(seen: Seen) -> dict[str, Any] | None:
    """Of an alert, a referral or a review, what may be shown: outcome, clauses, reasons, recipients. None for all else."""
    if seen.topic not in IDS or seen.value is None:
        return None
    kept = ("change", "sequence", "clauses", "reasons", "recipients", "urgency", "question", "late_by_seconds", "person_at_risk", "age")
    return {
        "type": "output",
        "topic": seen.topic,
        "outcome": OUTCOMES[seen.topic],
        "id": seen.value[IDS[seen.topic]],
        "event_id": seen.value["event_id"],
        **{name: seen.value[name] for name in kept if name in seen.value},
    }


def because(told: Mapping[str, Any]) -> str:
    """Its reasons for one line: each once, without the clause that stands beside it and without the facts that it lists."""
    reasons = [reason.partition("; known:")[0] for reason in told["reasons"]]
    for clause in told["clauses"]:
        reasons = [reason.removeprefix(f"{clause} applies: ") for reason in reasons]
    return "; ".join(dict.fromkeys(reasons))
