"""Faults, one after the other from a seed, against workers and a cluster of brokers behind proxies."""

import random
import time
from collections.abc import Callable, Sequence

from tests.chaos.broker_faults import BrokerFaults
from tests.chaos.worker_faults import WorkerFaults
from tests.support.kafka import Cluster
from tests.support.running import Running

FIRST = 3


class Faults:
    """`told` says what happened, in order. `refused`: the topic whose writes alone are refused now and then; `group`: the workers'."""

    def __init__(self, cluster: Cluster, group: str, refused: str, workers: Sequence[Running], seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 -- faults
        self._workers = WorkerFaults(workers, FIRST, self._rng)
        self._brokers = BrokerFaults(cluster, group, refused, self._rng, self._workers.let_pass)
        self.told = self._workers.told

    def strike(self, count: int, after: Callable[[], None] = lambda: None) -> None:
        """So many faults at random moments, each kind before any comes a second time. `after` each, something is looked at."""
        waiting: list[Callable[[], None]] = []
        for _ in range(count):
            self._workers.let_pass(self._rng.choice((0.0, self._rng.uniform(1, 8))))
            waiting = waiting or self._rng.sample(self._kinds(), len(self._kinds()))
            fault = waiting.pop()
            self.told.append(fault.__name__)
            print(f"{time.strftime('%H:%M:%S')} {fault.__name__}", flush=True)  # noqa: T201 -- shown by `pytest -s`
            fault()
            after()

    def let_pass(self, seconds: float) -> None:
        """Time goes by, and workers that end are started again."""
        self._workers.let_pass(seconds)

    def _kinds(self) -> list[Callable[[], None]]:
        of_workers, of_brokers = self._workers, self._brokers
        return [
            of_workers.kill,
            of_workers.kill_again,
            of_workers.kill_all,
            of_workers.stop,
            of_workers.roll,
            of_workers.pause,
            of_workers.move,
            of_workers.join,
            of_workers.leave,
            of_workers.full_disk,
            of_brokers.broker_killed,
            of_brokers.broker_stopped,
            of_brokers.coordinator_killed,
            of_brokers.coordinator_moved,
            of_brokers.all_brokers_killed,
            of_brokers.cut_one,
            of_brokers.cut_all,
            of_brokers.refused_for_now,
            of_brokers.refused_for_good,
        ]
