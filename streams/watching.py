"""A worker seen from outside: its metrics, its health and its log in one object, which the worker is given as its two observers."""

from prometheus_client import CollectorRegistry, ProcessCollector

from streams import clock, logs
from streams.endpoint import Address, Endpoint
from streams.health import Health
from streams.heart import happenings as heart
from streams.metrics.catalogue import Catalogue
from streams.metrics.happened import Happened
from streams.metrics.told import Told


class Watching:
    """`happened` observes the heart, `told` the judging; `beat` is called on the loop every second; `endpoint` serves both."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.catalogue = Catalogue(self.registry)
        self.health = Health()
        self.told = Told(self.catalogue)
        self._count = Happened(self.catalogue, self.told, clock.milliseconds)
        self._log = logs.get("streams.worker")

    def happened(self, happening: heart.Happening, /) -> None:
        """Count it, let the probes know, and log what an operator should see."""
        self._count(happening)
        self.health.happened(happening)
        self._write(happening)

    def beat(self) -> None:
        """The loop runs."""
        self.health.beat()
        self.catalogue.beat.set(clock.seconds())

    def endpoint(self, address: Address) -> Endpoint:
        """Metrics and probes on an address, in a thread: `with watching.endpoint(address): ...`."""
        return Endpoint(address, self.registry, self.health.live, self.health.ready)

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
