from collections import Counter
from collections.abc import Callable

import pytest

from streams.heart import happenings as heart
from streams.heart.chunk import Source
from streams.heart.ports import OutputRecord, SourceRecord
from streams.metrics.catalogue import Catalogue
from streams.metrics.happened import Happened
from streams.metrics.told import Told

Read = Callable[..., float]
ALERTS = {"topic": "emergency-alerts"}


class Worker:
    """A worker's happenings, one after another, at a time that the test sets (milliseconds)."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.now = 0
        self.told = Told(catalogue)
        self.happened = Happened(catalogue, self.told, lambda: self.now)

    def judge(self, partition: int, *arrivals: int) -> None:
        """A chunk is judged; each of its records, which arrived so, raises an alert."""
        for arrived in arrivals:
            source = SourceRecord("messages", partition, 0, arrived, b"", b"")
            self.told.judged(source, [OutputRecord("emergency-alerts", partition, b"", b"{}")], None)
        outputs = Counter({"emergency-alerts": len(arrivals)})
        self.happened(heart.ChunkJudged(Source("messages", partition), len(arrivals), outputs, 0.01, None))

    def acknowledge(self, partition: int) -> None:
        """The brokers have the partition's next outputs."""
        self.happened(heart.OutputsAcknowledged(partition, 0.1))


@pytest.fixture
def worker(catalogue: Catalogue) -> Worker:
    """A worker that has just begun."""
    return Worker(catalogue)


def test_an_alert_is_timed_until_the_brokers_have_it(worker: Worker, read: Read) -> None:
    """From arrival to acknowledgement, in seconds, in a histogram."""
    worker.judge(0, 1000, 3000)
    worker.now = 4000
    assert read("vigil_event_to_alert_seconds_count", **ALERTS) == 0
    worker.acknowledge(0)
    assert (read("vigil_event_to_alert_seconds_count", **ALERTS), read("vigil_event_to_alert_seconds_sum", **ALERTS)) == (2, 4)


def test_chunks_in_flight_keep_their_own_alerts(worker: Worker, read: Read) -> None:
    """Several chunks of several partitions wait at once, deadlines between them; each acknowledgement belongs to the oldest of its own."""
    worker.judge(0, 1000)
    worker.judge(1, 2000)
    worker.happened(heart.Lapsed(0, 1, {"reviews": 1}))
    worker.judge(0, 5000)
    worker.now = 10_000
    worker.acknowledge(1)
    assert read("vigil_event_to_alert_seconds_sum", **ALERTS) == 8
    worker.acknowledge(0)
    worker.acknowledge(0)
    assert read("vigil_event_to_alert_seconds_sum", **ALERTS) == 8 + 9
    worker.acknowledge(0)
    assert read("vigil_event_to_alert_seconds_sum", **ALERTS) == 8 + 9 + 5


def test_what_was_taken_is_not_timed(worker: Worker, read: Read) -> None:
    """A chunk that was in flight when its partition was taken will be judged again, elsewhere; it is dropped here, and counted."""
    worker.judge(0, 1000)
    worker.happened(heart.PartitionsTaken(frozenset({0}), 1))
    worker.judge(0, 4000)
    worker.now = 5000
    worker.acknowledge(0)
    assert read("vigil_event_to_alert_seconds_sum", **ALERTS) == 1
    assert (read("vigil_chunks_dropped_total"), read("vigil_rebalances_total", change="taken")) == (1, 1)


def test_a_clock_that_is_behind_the_brokers_makes_no_negative_wait(worker: Worker, read: Read) -> None:
    """Our clock may be behind the broker's that stamped the record: the wait is then 0."""
    worker.judge(0, 9000)
    worker.now = 8000
    worker.acknowledge(0)
    assert (read("vigil_event_to_alert_seconds_count", **ALERTS), read("vigil_event_to_alert_seconds_sum", **ALERTS)) == (1, 0)


def test_outputs_tell_what_made_them(worker: Worker, read: Read) -> None:
    """An escalation that a deadline made is told from what an event made."""
    worker.judge(0, 1)
    worker.happened(heart.Lapsed(0, 3, {"emergency-alerts": 2}))
    assert read("vigil_outputs_total", topic="emergency-alerts", cause="event") == 1
    assert read("vigil_outputs_total", topic="emergency-alerts", cause="deadline") == 2


def test_partitions_come_and_go(worker: Worker, read: Read) -> None:
    """The gauge says on how many partitions this worker works; recovery is timed."""
    worker.happened(heart.PartitionsGiven(frozenset({0, 1, 2}), 2.0))
    assert (read("vigil_partitions"), read("vigil_recovery_seconds_sum")) == (3, 2)
    worker.happened(heart.PartitionsTaken(frozenset({0, 1, 2}), 0))
    assert read("vigil_partitions") == 0


def test_every_happening_is_counted_or_known(worker: Worker, read: Read) -> None:
    """The rest of what the heart tells has its number."""
    source = Source("posts", 3)
    worker.happened(heart.ChunkStored(3, 5, 0.5))
    worker.happened(heart.Committed({source: 5}))
    worker.happened(heart.CommitRefused({source: 5}))
    worker.happened(heart.Recovering(3, 5, 10))
    worker.happened(heart.Recovering(4, 0, 0))
    worker.happened(heart.Overtaken(3, 7))
    worker.happened(heart.RecordsGone(source, 10, 14))
    worker.happened(heart.Failed("brokers refused"))
    assert read("vigil_stage_seconds_sum", stage="store") == 0.5
    assert (read("vigil_commits_total", outcome="committed"), read("vigil_commits_total", outcome="refused")) == (1, 1)
    assert (read("vigil_recovery_ratio", partition="3"), read("vigil_recovery_ratio", partition="4")) == (0.5, 1)
    assert (read("vigil_overtaken_keys_total"), read("vigil_records_gone_total", topic="posts"), read("vigil_failures_total")) == (7, 4, 1)
