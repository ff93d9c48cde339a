"""Canaries as a service: round after round, shown to Prometheus and told in the log."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from prometheus_client import CollectorRegistry, ProcessCollector

from streams import clock, logs
from streams.canary.exposition import CanaryMetrics
from streams.canary.flights import Landed
from streams.canary.pipe import Pipe
from streams.canary.rounds import Rounds
from streams.endpoint import Address, Endpoint
from streams.errors import BrokerError, SettingsError
from streams.settings import Settings

LOG = logs.get("streams.canary")
SILENT_SECONDS = 120.0
"""The age of the last look from which this process counts as hanging: opening may wait for a question to each partition's leader."""
AGAIN_SECONDS = 5.0


class Pulse:
    """When the last look ended and what is in the way, for the probes. `clock` is monotonic, in seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._beat = monotonic()
        self._trouble: str | None = "the brokers were not reached yet"

    def beat(self, trouble: str | None) -> None:
        """A look ended."""
        self._beat, self._trouble = self._monotonic(), trouble

    def live(self) -> str | None:
        """Whether this process still looks."""
        silent = self._monotonic() - self._beat
        return f"nothing was sent or read for {silent:.0f} s" if silent > SILENT_SECONDS else None

    def ready(self) -> str | None:
        """Whether canaries go out and are listened for."""
        return self.live() or self._trouble


def serve(settings: Settings) -> None:
    """Send, listen and show until the process is told to end. Brokers that are away are asked again, and what is out meanwhile is lost.

    Raises SettingsError where the topics have another number of partitions than the settings say.
    """
    registry, pulse = CollectorRegistry(), Pulse()
    ProcessCollector(registry=registry)
    metrics = CanaryMetrics(registry, clock.seconds)
    metrics.begin(range(settings.partitions))
    with _endpoint(settings, registry, pulse):
        pipe = _opened(settings, pulse)
        for _ in Rounds(settings, pipe).forever(metrics.left, _told(metrics)):
            pulse.beat(f"the brokers say `{pipe.trouble}`" if pipe.trouble else None)


def _endpoint(settings: Settings, registry: CollectorRegistry, pulse: Pulse) -> AbstractContextManager[object]:
    if settings.metrics_port is None:
        return nullcontext()
    try:
        return Endpoint(Address(settings.metrics_host, settings.metrics_port), registry, pulse.live, pulse.ready)
    except OSError as error:
        raise SettingsError(f"nothing can listen on `VIGIL_METRICS_PORT` (`{error.strerror}`): give another") from None


def _opened(settings: Settings, pulse: Pulse) -> Pipe:
    """Ends of the pipe that are open, whenever brokers are there."""
    pipe = Pipe(settings)
    while True:
        try:
            pipe.open()
        except BrokerError as error:
            pulse.beat(str(error))
            LOG.warning("canary.grounded", reason="BrokerError")
            time.sleep(AGAIN_SECONDS)
        else:
            LOG.info("canary.released", partitions=settings.partitions)
            return pipe


def _told(metrics: CanaryMetrics) -> Callable[[Landed], None]:
    """Count each, and log what is not as it should be."""

    def landed(one: Landed) -> None:
        metrics.landed(one)
        seconds = None if one.seconds is None else round(one.seconds, 3)
        if one.outcome == "lost":
            LOG.error("canary.lost", partition=one.partition)
        elif one.outcome == "wrong":
            LOG.error("canary.misjudged", partition=one.partition, reason=one.wrong, seconds=seconds)
        elif one.outcome == "late":
            LOG.warning("canary.returned", partition=one.partition, seconds=seconds)

    return landed
