"""The newest poll as Prometheus metrics. What is not known has no sample: an absent series, never NaN and never a nought."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from streams.lag.polling import Poll
from streams.lag.reading import Place, Status
from streams.lag.report import Row

PLACE = ("group", "topic", "partition")
GAUGES: dict[str, tuple[str, Callable[[Row], float | None]]] = {
    "vigil_lag_records": ("Records between the committed offset and the end of the log.", lambda row: row.records_behind),
    "vigil_lag_seconds": ("Seconds that the oldest uncommitted record has waited.", lambda row: row.seconds_behind),
    "vigil_lag_velocity_records_per_second": ("Records committed a second, over the last poll.", lambda row: row.velocity),
    "vigil_lag_arrival_records_per_second": ("Records appended a second, over the last poll.", lambda row: row.arrival),
    "vigil_lag_catch_up_seconds": ("Seconds until nothing waits; absent where it never would.", lambda row: row.seconds_to_catch_up),
    "vigil_lag_retention_used_ratio": ("Share of its retention that the oldest waiting record has used.", lambda row: row.retention_used),
    "vigil_lag_members": ("Members of the group.", lambda row: row.members),
}
COUNTERS = {
    "vigil_lag_rewinds": "Times that a committed offset went back.",
    "vigil_lag_lost_records": "Records deleted before the group had read them.",
}
OWN = {
    "vigil_lag_status": "1 for the status word that holds, 0 for the others.",
    "vigil_lag_polls": "Polls, by whether the brokers answered.",
    "vigil_lag_last_poll_timestamp_seconds": "When the brokers last answered.",
}


class LagCollector(Collector):
    """Holds the newest poll and what it counted since it began."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rows: list[Row] = []
        self._polls: Counter[str] = Counter({"done": 0, "failed": 0})
        self._rewinds: Counter[Place] = Counter()
        self._lost: Counter[Place] = Counter()
        self._begins: dict[Place, tuple[int, int]] = {}
        self._answered_at: float | None = None

    def take(self, poll: Poll) -> None:
        """Replace what is shown by a new poll."""
        with self._lock:
            self._rows = poll.rows
            self._polls["failed" if poll.trouble else "done"] += 1
            if not poll.trouble:
                self._answered_at = self._clock()
            for row in poll.rows:
                self._count(Place(row.group, row.topic, row.partition), row)

    def collect(self) -> Iterator[Metric]:
        """All families, in the order of this module's tables."""
        with self._lock:
            rows, answered_at = list(self._rows), self._answered_at
            counted = {"vigil_lag_rewinds": dict(self._rewinds), "vigil_lag_lost_records": dict(self._lost)}
            polls = dict(self._polls)
        for name, (text, value) in GAUGES.items():
            yield _gauge(name, text, rows, value)
        for name, text in COUNTERS.items():
            yield _counter(name, text, counted[name])
        yield _statuses(rows)
        yield _polls(polls)
        yield GaugeMetricFamily("vigil_lag_last_poll_timestamp_seconds", OWN["vigil_lag_last_poll_timestamp_seconds"], value=answered_at)

    def _count(self, place: Place, row: Row) -> None:
        """Count what is new: a rewind by its rule, lost records by how far the log's begin is beyond commit and beyond what was counted."""
        self._rewinds[place] += row.status is Status.REWOUND
        self._lost[place] += 0
        if row.lost and row.begin is not None and row.committed is not None:
            committed, begin = self._begins.get(place, (row.committed, row.committed))
            counted = begin if committed == row.committed else row.committed
            self._lost[place] += max(0, row.begin - counted)
            self._begins[place] = (row.committed, row.begin)


def _gauge(name: str, text: str, rows: list[Row], value: Callable[[Row], float | None]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=PLACE)
    for row in rows:
        found = value(row)
        if found is not None:
            family.add_metric((row.group, row.topic, str(row.partition)), found)
    return family


def _counter(name: str, text: str, counted: dict[Place, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=PLACE)
    for place, value in sorted(counted.items()):
        family.add_metric((place.group, place.topic, str(place.partition)), value)
    return family


def _statuses(rows: list[Row]) -> Metric:
    family = GaugeMetricFamily("vigil_lag_status", OWN["vigil_lag_status"], labels=(*PLACE, "status"))
    for row in rows:
        for status in Status:
            family.add_metric((row.group, row.topic, str(row.partition), status.value), float(row.status is status))
    return family


def _polls(counted: dict[str, int]) -> Metric:
    family = CounterMetricFamily("vigil_lag_polls", OWN["vigil_lag_polls"], labels=("outcome",))
    for outcome, value in counted.items():
        family.add_metric((outcome,), value)
    return family
