"""What waits for a responder, as metrics: how much, since when, and how much of it is past its deadline."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

TOPICS = ("emergency-alerts", "non-emergency-referrals", "reviews")
TEXTS = {
    "vigil_unacknowledged": "Cases that nobody has acknowledged, by topic.",
    "vigil_unacknowledged_overdue": "Of these, the ones whose deadline has passed.",
    "vigil_unacknowledged_oldest_seconds": "How long the oldest of these has waited; absent where none does.",
    "vigil_unacknowledged_read_timestamp_seconds": "Up to when the output topics are read; what came later is not counted yet.",
    "vigil_false_alarms": "Cases answered as false alarms, by policy clause.",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that nobody has acknowledged. Seconds since the epoch."""

    topic: str
    raised_at: float
    respond_by: float


class UnacknowledgedCollector(Collector):
    """Shows what it was last given. Where it was given nothing yet there are no series: "no data" is not "nothing waits"."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: tuple[Waiting, ...] | None = None
        self._read_at: float | None = None
        self._false: Counter[str] = Counter()

    def take(self, waiting: Iterable[Waiting], read_at: float) -> None:
        """What waits now, by all that was written up to `read_at` (seconds since the epoch)."""
        with self._lock:
            self._waiting, self._read_at = tuple(waiting), read_at

    def false_alarm(self, clauses: Iterable[str]) -> None:
        """A case with these clauses was answered as a false alarm."""
        with self._lock:
            self._false.update(clauses)

    def collect(self) -> Iterator[Metric]:
        """All families, with samples where something is known."""
        now = self._clock()
        with self._lock:
            waiting, read_at, false = self._waiting, self._read_at, dict(self._false)
        for name, values in _measured(waiting, now).items():
            family = GaugeMetricFamily(name, TEXTS[name], labels=("topic",))
            for topic, value in values.items():
                family.add_metric((topic,), value)
            yield family
        name = "vigil_unacknowledged_read_timestamp_seconds"
        yield GaugeMetricFamily(name, TEXTS[name], value=read_at)
        clauses = CounterMetricFamily("vigil_false_alarms", TEXTS["vigil_false_alarms"], labels=("clause",))
        for clause, value in sorted(false.items()):
            clauses.add_metric((clause,), value)
        yield clauses


def _measured(waiting: tuple[Waiting, ...] | None, now: float) -> dict[str, dict[str, float]]:
    known = {topic: [case for case in waiting if case.topic == topic] for topic in TOPICS} if waiting is not None else {}
    return {
        "vigil_unacknowledged": {topic: len(cases) for topic, cases in known.items()},
        "vigil_unacknowledged_overdue": {topic: sum(case.respond_by <= now for case in cases) for topic, cases in known.items()},
        "vigil_unacknowledged_oldest_seconds": {
            topic: max(0.0, now - min(case.raised_at for case in cases)) for topic, cases in known.items() if cases
        },
    }
