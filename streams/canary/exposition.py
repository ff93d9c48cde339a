"""Canaries as Prometheus metrics. What is not known has no sample: before its first return a partition has no time of one."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from streams.canary.flights import Landed

SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
"""From an idle pipe to one with a quarter of an hour's backlog."""
LABELS = ("partition",)


class CanaryMetrics:
    """The counts of one process. `clock`: seconds since the epoch."""

    def __init__(self, registry: CollectorRegistry, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.sent = Counter("vigil_canary_sent", "Canaries sent.", LABELS, registry=registry)
        self.lost = Counter("vigil_canary_lost", "Canaries that were not back in time.", LABELS, registry=registry)
        self.wrong = Counter("vigil_canary_wrong", "Canaries that came back with another answer than theirs.", LABELS, registry=registry)
        self.round_trip = Histogram(
            "vigil_canary_round_trip_seconds",
            "Seconds from sending a canary until its answer was read, the late ones among them.",
            LABELS,
            buckets=SECONDS,
            registry=registry,
        )
        self.returned = Gauge(
            "vigil_canary_last_return_timestamp_seconds", "When a canary last came back right.", LABELS, registry=registry
        )

    def begin(self, partitions: Iterable[int]) -> None:
        """Nought is a count: a series that first appears at 1 is no increase to Prometheus."""
        for family in (self.sent, self.lost, self.wrong, self.round_trip):
            for partition in partitions:
                family.labels(str(partition))

    def left(self, partition: int) -> None:
        """One was sent."""
        self.sent.labels(str(partition)).inc()

    def landed(self, landed: Landed) -> None:
        """One ended, or came after it had been counted as lost."""
        partition = str(landed.partition)
        if landed.outcome == "lost":
            self.lost.labels(partition).inc()
        elif landed.outcome == "wrong":
            self.wrong.labels(partition).inc()
        else:
            self.returned.labels(partition).set(self._clock())
        if landed.seconds is not None:
            self.round_trip.labels(partition).observe(landed.seconds)
