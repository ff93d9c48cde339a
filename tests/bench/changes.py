"""What one record costs that changes what was judged before: a learnt age, an at-risk status, a late event, an edit, a removal.

The worker's own judge on a state in memory, encoded as in the store, of one person with so many events in the window. Every step is
measured by itself, and those that the first one leaves to later steps.
"""

import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.core import Rules
from streams.assessing.assess import MemoryState
from streams.heart.ports import SourceRecord, Verdict
from streams.judging.judge import PolicyJudge

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = NOW - timedelta(days=6)
MILLISECONDS = int(NOW.timestamp()) * 1000
ANSWERS = ("yes", "no", "unknown")
Line = tuple[str, Mapping[str, Any]]


class Bench:
    """One person, their state, and how long each step took."""

    def __init__(self) -> None:
        self.judge = PolicyJudge(Rules(datetime(2026, 1, 1, tzinfo=UTC)), partitions=1)
        self.state = MemoryState()
        self.offset = 0
        self.due: dict[bytes, int] = {}

    def feed(self, line: Line) -> tuple[float, Verdict]:
        """Judge one record; the seconds that it took."""
        topic, value = line
        self.offset += 1
        record = SourceRecord(topic, 0, self.offset, MILLISECONDS, b"u1", json.dumps(value).encode())
        began = time.process_time()
        verdict = self.judge.judge(0, [record], self.state, MILLISECONDS)
        return time.process_time() - began, self._keep(verdict)

    def rest(self) -> Iterator[tuple[float, Verdict]]:
        """What was left to later steps, one by one."""
        while due := {key: at for key, at in self.due.items() if at <= MILLISECONDS // 1000}:
            began = time.process_time()
            verdict = self.judge.lapse(0, due, self.state, MILLISECONDS)
            yield time.process_time() - began, self._keep(verdict)

    def _keep(self, verdict: Verdict) -> Verdict:
        self.state.apply(verdict)
        for change in (change for group in verdict.changes for change in group):
            self.due.pop(change.key, None)
            if change.value is not None and change.due is not None:
                self.due[change.key] = change.due
        return verdict


def message(number: int, concerns: list[Mapping[str, Any]], at: datetime | None = None) -> Line:
    """A texter's turn."""
    shared = {"schema": "message/1", "conversation_id": "c", "sender": "texter", "text": ".", "person_id": "u1"}
    when = at or START + timedelta(seconds=30 * number)
    return "messages", {**shared, "event_id": f"e{number}", "occurred_at": when.isoformat(), "concerns": concerns}


def post(event: str, kind: str, at: datetime, concerns: list[Mapping[str, Any]]) -> Line:
    """One version of the one post."""
    shared = {"schema": "post/1", "person_id": "u1", "post_id": "p", "text": None if kind == "removed" else "."}
    return "posts", {**shared, "event_id": event, "kind": kind, "occurred_at": at.isoformat(), "concerns": concerns}


def profile(born: str | None, at_risk: str, day: int) -> Line:
    """A profile as of that day of January."""
    shared = {"schema": "profile/1", "person_id": "u1", "date_of_birth": born, "adult_at_risk": at_risk, "reachable": True}
    return "profiles", {**shared, "updated_at": f"2026-01-{day:02d}T00:00:00Z"}


def every(number: int) -> list[Mapping[str, Any]]:
    """Facts that change from event to event."""
    suicide = {"kind": "suicide", "thoughts": "yes", "plan": ANSWERS[number % 3], "means": ANSWERS[number // 3 % 3]}
    return [suicide, {"kind": "homelessness", "homeless_or_at_risk": "yes"}]


def first(number: int) -> list[Mapping[str, Any]]:
    """One disclosure, and everyday words after it."""
    return every(3) if number == 0 else []


def late(number: int) -> Line:
    """An event that comes after all that were written later."""
    return message(10**6 + number, every(1), START - timedelta(minutes=1))


CHANGES: Mapping[str, Line] = {
    "an age (adult to minor)": profile("2012-05-05", "no", 2),
    "an age (minor to adult)": profile("1990-05-05", "no", 3),
    "an age (adult to adult)": profile("1991-05-05", "no", 4),
    "an at-risk status": profile("1991-05-05", "yes", 5),
    "a late event": message(10**6, [{"kind": "pregnancy", "pregnant": "yes"}], START - timedelta(minutes=1)),
    "a late event that all outlive": message(10**6 + 1, every(3), START - timedelta(minutes=2)),
    "an edit": post("p2", "edited", NOW - timedelta(minutes=5), [{"kind": "caring", "caring": "yes"}]),
    "a late edit": post("p3", "edited", START - timedelta(minutes=4), [{"kind": "abuse", "ongoing": "yes"}]),
    "a removal": post("p4", "removed", NOW - timedelta(minutes=4), []),
    "a late removal": post("p5", "removed", START - timedelta(minutes=3), []),
}


def changed(count: int) -> None:
    """Print what each change costs somebody with so many events."""
    for name, concerns in (("every event tells facts", every), ("one disclosure, everyday words after it", first)):
        bench = Bench()
        bench.feed(profile("1990-05-05", "no", 1))
        bench.feed(post("p1", "created", START - timedelta(minutes=5), [{"kind": "caring", "caring": "unknown"}]))
        for number in range(count):
            bench.feed(message(number, concerns(number)))
        print(f"{count:,} events of one person, {name}:")
        for what, line in CHANGES.items():
            steps = [bench.feed(line), *bench.rest()]
            took, written = sorted(seconds for seconds, _ in steps), sum(len(verdict.outputs) for _, verdict in steps)
            median, worst = took[len(took) // 2] * 1000, took[-1] * 1000
            print(f"  {what:31} {len(took):>4} steps, median {median:>6.1f} ms, worst {worst:>7.1f} ms, {written:>6,} outputs")
