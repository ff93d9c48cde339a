"""A worker seen from outside: its metrics, its health and its log in one object, which the worker is given as its two observers."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector

from schemas.wire import Refusal
from streams import clock, logs
from streams.endpoint import Address, Endpoint
from streams.health import BEAT_SECONDS, Health
from streams.heart import happenings as heart
from streams.heart.ports import OutputRecord, SourceRecord
from streams.metrics.catalogue import Catalogue
from streams.metrics.happened import Happened
from streams.metrics.told import Told
from streams.settings import Settings
from streams.spans import spans

if TYPE_CHECKING:
    from policy.rules import Rules


class Watching:
    """`happened` observes the heart, `judged` the judging; `follow` is handed the loop; `endpoint` serves the rest."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.catalogue = Catalogue(self.registry)
        self.health = Health()
        self.told = Told(self.catalogue)
        self._count = Happened(self.catalogue, self.told, clock.milliseconds)
        self._spans = spans()
        self._log = logs.get("streams.worker")
        self._shadow_faults = 0

    def happened(self, happening: heart.Happening, /) -> None:
        """Count it, let the probes know, and log what an operator should see."""
        self._count(happening)
        self.health.happened(happening)
        self._write(happening)

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """One record was judged, or refused: an observer of the judging."""
        self.told.judged(record, outputs, refusal)
        self._spans.judged(record, outputs, refusal)

    def failed(self, record: SourceRecord, error: Exception) -> None:
        """Something failed inside on this record: where, and which record, for whoever mends it."""
        self._log.error("record.failed", topic=record.topic, partition=record.partition, offset=record.offset, exc_info=error)

    def shadow_failed(self, error: Exception) -> None:
        """Count a fault of the shadow, and log the first, the second, the fourth and so on: it may fail on every record."""
        self.catalogue.shadow_faults.inc()
        self._shadow_faults += 1
        if self._shadow_faults & (self._shadow_faults - 1) == 0:
            self._log.warning("shadow.failed", count=self._shadow_faults, exc_info=error)

    def beat(self) -> None:
        """The loop runs."""
        self.health.beat()
        self.catalogue.beat.set(clock.seconds())

    def follow(self, loop: asyncio.AbstractEventLoop) -> None:
        """Beat on this loop, now and every `BEAT_SECONDS`, for as long as it runs."""

        def again() -> None:
            self.beat()
            loop.call_later(BEAT_SECONDS, again)

        loop.call_soon(again)

    def endpoint(self, address: Address) -> Endpoint:
        """Metrics and probes on an address, in a thread: `with watching.endpoint(address): ...`."""
        return Endpoint(address, self.registry, self.health.live, self.health.ready)

    def versions(self, rules: "Rules") -> None:
        """Say what this worker judges by."""
        policies = [(name, chosen.sha256) for name, chosen in rules.versions.items()]
        self.catalogue.versions(version("vigil-safeguarding"), policies, (rules.reader.version, rules.reader.sha256))

    def _write(self, happening: heart.Happening) -> None:
        match happening:
            case heart.PartitionsGiven(partitions, seconds):
                self._log.info("partitions.given", partitions=partitions, seconds=round(seconds, 3))
            case heart.PartitionsTaken(partitions, dropped):
                self._log.info("partitions.taken", partitions=partitions, dropped=dropped)
            case heart.CommitRefused(positions):
                self._log.warning("commit.refused", partitions={source.partition for source in positions})
            case heart.RecordsGone(source, begin, end):
                self._log.error("records.gone", topic=source.topic, partition=source.partition, begin=begin, end=end)
            case heart.Overtaken(partition, keys):
                self._log.warning("changelog.overtaken", partition=partition, keys=keys)
            case heart.Failed(reason):
                self._log.error("worker.failed", reason=reason)
            case _:
                pass


def watched(watching: Watching, settings: Settings) -> AbstractContextManager[object]:
    """The endpoint that the settings ask for, open while a worker runs; nothing where they name no port."""
    if settings.metrics_port is None:
        return nullcontext()
    return watching.endpoint(Address(settings.metrics_host, settings.metrics_port))
