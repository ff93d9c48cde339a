"""A deployment under faults: a cluster, its workers, those who publish and answer, and whoever looks on."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from confluent_kafka import KafkaException

from streams import clock
from tests.chaos.conservation import broken, differences
from tests.chaos.ledger import Ledger
from tests.chaos.publishing import Publisher, Responder
from tests.e2e.vigil import Secured, Vigil
from tests.support.plugin import SharedKafka
from tests.support.running import Running

PARTITIONS = 4
SETTLED_SECONDS = 60
"""Longer than anything promised: brokers, workers and the test share a machine."""
ANSWER_SECONDS = 30
"""So soon is an emergency told again that nobody has acknowledged: escalations, too, meet with faults."""


class Stage(NamedTuple):
    """Everything that takes part."""

    vigil: Vigil
    workers: list[Running]
    publisher: Publisher
    responder: Responder
    ledger: Ledger

    def settle(self, let_pass: Callable[[float], None] = time.sleep) -> float:
        """Wait until all that is published by now is committed. Gives the seconds; fails where that takes too long."""
        began = time.monotonic()
        while self.vigil.behind():
            assert time.monotonic() - began < SETTLED_SECONDS, "not everything is committed in time"
            let_pass(0.2)
        return time.monotonic() - began

    def caught_up(self, let_pass: Callable[[float], None]) -> float:
        """Wait until all that is acknowledged by now is committed, though more is published. Gives the seconds; fails as `settle` does."""
        began = time.monotonic()
        wanted: dict[tuple[str, int], int] = {}
        for one in list(self.publisher.published):
            place = (one.record.topic, one.partition)
            wanted[place] = max(wanted.get(place, 0), one.offset + 1)
        while not self._committed(wanted):
            assert time.monotonic() - began < SETTLED_SECONDS, "committed offsets have not reached what was there after a fault"
            let_pass(0.2)
        return time.monotonic() - began

    def _committed(self, wanted: Mapping[tuple[str, int], int]) -> bool:
        try:
            committed = self.ledger.committed()
        except KafkaException:
            return False  # the coordinator is on its way
        return all(committed[place] >= end for place, end in wanted.items())

    def verdict(self) -> list[str]:
        """All that does not hold in the end."""
        self.ledger.catch_up()
        published = self.publisher.published
        twice = len(self.responder.seen) - len(set(self.responder.seen))
        assert not twice, f"the consumer that keeps ids saw {twice} alerts again"
        return broken(published, self.ledger) + differences(self.vigil, published, self.ledger)

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            if worker.running:
                worker.kill()


def stage(kafka: SharedKafka | Secured, folder: Path, workers: int) -> Stage:
    """A deployment whose workers are not started yet."""
    vigil = Vigil(kafka, folder, PARTITIONS)
    vigil.settings["VIGIL_MERGER_AT"] = (clock.now() - timedelta(days=60)).isoformat(timespec="seconds")
    vigil.settings["VIGIL_RESPOND_WITHIN_EMERGENCY"] = str(ANSWER_SECONDS)
    publisher = Publisher(vigil)
    running = [vigil.running(f"worker-{number}") for number in range(workers)]
    return Stage(vigil, running, publisher, Responder(vigil, publisher), Ledger(vigil))
