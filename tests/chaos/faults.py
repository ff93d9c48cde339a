"""Faults, one after the other from a seed, against workers and a cluster of brokers behind proxies."""

import random
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.heart.toy import SOURCES
from tests.heart.world import Work, World
from tests.support.kafka import Cluster

PUBLISH_SECONDS = 0.3


@contextmanager
def publishing(world: World, rng: random.Random) -> Iterator[None]:
    """Publish all the while."""
    ended = threading.Event()

    def publish() -> None:
        while not ended.wait(PUBLISH_SECONDS):
            world.publish(rng.choice(SOURCES), rng.randrange(50, 300))

    thread = threading.Thread(target=publish)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Faults:
    """Each method is one fault, from its beginning to its end."""

    def __init__(self, cluster: Cluster, workers: list[Work], seed: int) -> None:
        self._cluster, self._workers = cluster, workers
        self._rng = random.Random(seed)  # noqa: S311 -- faults
        self.told: list[str] = []

    def strike(self, count: int) -> None:
        """So many faults at random moments. A worker that ended by itself is started again, as whoever supervises it would."""
        faults: list[Callable[[], None]] = [
            self.kill,
            self.kill,
            self.stop,
            self.pause,
            self.move,
            self.broker_killed,
            self.broker_stopped,
            self.cut_one,
            self.cut_all,
        ]
        for _ in range(count):
            time.sleep(self._rng.uniform(1, 8))
            self.supervise()
            fault = self._rng.choice(faults)
            self.told.append(fault.__name__)
            fault()
        self.supervise()

    def supervise(self) -> None:
        """Start what has ended."""
        for worker in self._workers:
            if not worker.running:
                self.told.append(f"ended by itself: {worker.said()[-200:]}")
                worker.start()

    def kill(self) -> None:
        """SIGKILL, and a new process on the same disk, sometimes at once and sometimes when the session is nearly over."""
        worker = self._rng.choice(self._workers)
        worker.kill()
        time.sleep(self._rng.uniform(0, 5))
        worker.start()

    def stop(self) -> None:
        """SIGTERM, as a rolling restart does."""
        worker = self._rng.choice(self._workers)
        assert worker.stop() == 0, worker.said()[-1000:]
        worker.start()

    def pause(self) -> None:
        """SIGSTOP, mostly beyond the session: the group replaces a worker that is not dead."""
        worker = self._rng.choice(self._workers)
        worker.send(signal.SIGSTOP)
        time.sleep(self._rng.uniform(2, 14))
        worker.send(signal.SIGCONT)

    def move(self) -> None:
        """SIGKILL, and a new process on an empty disk."""
        worker = self._rng.choice(self._workers)
        worker.kill()
        shutil.rmtree(worker.state, ignore_errors=True)
        worker.start()

    def broker_killed(self) -> None:
        """A broker, perhaps the coordinator, dies and comes back."""
        node = self._rng.choice(self._cluster.nodes)
        node.kill()
        time.sleep(self._rng.uniform(2, 10))
        self._cluster.restart(node)

    def broker_stopped(self) -> None:
        """A broker is restarted in good order."""
        node = self._rng.choice(self._cluster.nodes)
        node.stop()
        self._cluster.restart(node)

    def cut_one(self) -> None:
        """The network between clients and one broker is cut."""
        proxy = self._rng.choice(self._cluster.proxies)
        proxy.cut()
        time.sleep(self._rng.uniform(2, 12))
        proxy.mend()

    def cut_all(self) -> None:
        """All brokers are gone for up to half a minute."""
        for proxy in self._cluster.proxies:
            proxy.cut()
        time.sleep(self._rng.uniform(5, 30))
        for proxy in self._cluster.proxies:
            proxy.mend()
