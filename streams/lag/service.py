"""The lag as a service: polls without end, and shows the newest poll to Prometheus."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, ProcessCollector

from streams.endpoint import Address, Endpoint
from streams.lag.exposition import LagCollector
from streams.lag.polling import Poll, polls
from streams.lag.sampling import Sampler

PATIENCE = 180.0
"""Seconds beyond two polls after which a poll that hasn't ended means that the service hangs: twice what brokers that hang can take."""


class Pulse:
    """When the last poll ended and how, for the probes."""

    def __init__(self, seconds: float) -> None:
        self._limit = 2 * seconds + PATIENCE
        self._beat = time.monotonic()
        self._trouble: str | None = "no poll has ended yet"

    def take(self, poll: Poll) -> None:
        """Note that a poll ended."""
        self._beat, self._trouble = time.monotonic(), poll.trouble

    def live(self) -> str | None:
        """Whether polls still end."""
        silent = time.monotonic() - self._beat
        return f"no poll has ended for {silent:.0f} s" if silent > self._limit else None

    def ready(self) -> str | None:
        """Whether the brokers answered the last poll."""
        return self.live() or self._trouble


def serve(sampler: Sampler, seconds: float, address: Address, ready: Callable[[int], None]) -> None:
    """Poll and serve until the process is told to end. `ready` is handed the port once it is open."""
    registry, collector, pulse = CollectorRegistry(), LagCollector(sampler.clock), Pulse(seconds)
    registry.register(collector)
    ProcessCollector(registry=registry)
    with Endpoint(address, registry, pulse.live, pulse.ready) as endpoint:
        ready(endpoint.port)
        for poll in polls(sampler, seconds, time.sleep):
            collector.take(poll)
            pulse.take(poll)
