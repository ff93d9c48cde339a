"""The heart's observer: every happening of a worker, counted."""

from collections import deque
from collections.abc import Callable
from functools import singledispatchmethod

from streams.heart import happenings as heart
from streams.metrics.catalogue import Catalogue
from streams.metrics.told import Told

Arrivals = list[tuple[str, int]]


class Happened:
    """Counts. Chunks of one partition are acknowledged in the order in which they were judged, which is how an alert finds its moment.

    `clock` gives milliseconds since the epoch.
    """

    def __init__(self, catalogue: Catalogue, told: Told, clock: Callable[[], int]) -> None:
        self._catalogue = catalogue
        self._told = told
        self._clock = clock
        self._waiting: dict[int, deque[Arrivals]] = {}
        self._partitions: set[int] = set()

    def __call__(self, happening: heart.Happening, /) -> None:
        """Take note of one thing that happened."""
        self._note(happening)

    @singledispatchmethod
    def _note(self, happening: heart.Happening) -> None:
        """Something that is not counted."""

    @_note.register
    def _judged(self, happening: heart.ChunkJudged) -> None:
        self._catalogue.stages.labels("judge").observe(happening.seconds)
        for topic, count in happening.outputs.items():
            self._catalogue.outputs.labels(topic, "event").inc(count)
        self._wait(happening.source.partition, self._told.end())

    @_note.register
    def _lapsed(self, happening: heart.Lapsed) -> None:
        for topic, count in happening.outputs.items():
            self._catalogue.outputs.labels(topic, "deadline").inc(count)
        self._wait(happening.partition, [])

    @_note.register
    def _acknowledged(self, happening: heart.OutputsAcknowledged) -> None:
        self._catalogue.stages.labels("write").observe(happening.seconds)
        waiting = self._waiting.get(happening.partition)
        for topic, arrived in waiting.popleft() if waiting else ():
            self._catalogue.event_to_alert.labels(topic).observe(max(0, self._clock() - arrived) / 1000)

    @_note.register
    def _stored(self, happening: heart.ChunkStored) -> None:
        self._catalogue.stages.labels("store").observe(happening.seconds)

    @_note.register
    def _committed(self, happening: heart.Committed) -> None:
        del happening
        self._catalogue.commits.labels("committed").inc()

    @_note.register
    def _refused(self, happening: heart.CommitRefused) -> None:
        del happening
        self._catalogue.commits.labels("refused").inc()

    @_note.register
    def _taken(self, happening: heart.PartitionsTaken) -> None:
        self._catalogue.rebalances.labels("taken").inc()
        self._catalogue.dropped.inc(happening.dropped)
        for partition in happening.partitions:
            self._waiting.pop(partition, None)
        self._hold(self._partitions - happening.partitions)

    @_note.register
    def _given(self, happening: heart.PartitionsGiven) -> None:
        self._catalogue.rebalances.labels("given").inc()
        self._catalogue.recovery.observe(happening.seconds)
        self._hold(set(happening.partitions))

    @_note.register
    def _recovering(self, happening: heart.Recovering) -> None:
        share = happening.applied / happening.total if happening.total else 1.0
        self._catalogue.recovered.labels(str(happening.partition)).set(min(1.0, share))

    @_note.register
    def _overtaken(self, happening: heart.Overtaken) -> None:
        self._catalogue.overtaken.inc(happening.keys)

    @_note.register
    def _gone(self, happening: heart.RecordsGone) -> None:
        self._catalogue.gone.labels(happening.source.topic).inc(happening.end - happening.begin)

    @_note.register
    def _failed(self, happening: heart.Failed) -> None:
        del happening
        self._catalogue.failures.inc()

    def _wait(self, partition: int, arrivals: Arrivals) -> None:
        self._waiting.setdefault(partition, deque()).append(arrivals)

    def _hold(self, partitions: set[int]) -> None:
        self._partitions = partitions
        self._catalogue.partitions.set(len(partitions))
