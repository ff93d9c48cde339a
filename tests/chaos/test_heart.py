import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.faults import Faults
from tests.heart.toy import CHANGELOG, SOURCES, TOPICS
from tests.heart.world import World
from tests.support.kafka import Cluster

FAULTS = int(os.environ.get("VIGIL_FAULTS", "25"))
SEED = int(os.environ.get("VIGIL_CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
SETTLED_SECONDS = 60
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


@pytest.mark.chaos
@pytest.mark.timeout(60 * FAULTS + 300)
def test_nothing_is_lost_whatever_happens(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """Three brokers, one to four workers, fault after fault: all is told of, the state counts each record once, all is soon committed."""
    cluster = start_cluster(3, proxied=True)
    cluster.create(*(f"c.{topic}" for topic in TOPICS if topic != CHANGELOG), partitions=4)
    cluster.create(f"c.{CHANGELOG}", partitions=4, config={"cleanup.policy": "compact"})
    world = World(cluster.bootstrap, "c.", tmp_path, 4)
    workers = [world.worker(str(number), slow=0.0005) for number in range(4)]
    faults = Faults(cluster, "c.group", "c.told", workers, SEED)
    try:
        with publishing(world, random.Random(SEED)):  # noqa: S311 -- made-up traffic
            faults.strike(FAULTS)
        faults.let_pass(0.1)
        again = f"again: VIGIL_CHAOS_SEED={SEED} VIGIL_FAULTS={FAULTS}; {faults.told}"
        assert world.caught_up(SETTLED_SECONDS), again
        inputs, told = world.inputs(), set(world.told())
        assert told == inputs, f"missing: {sorted(inputs - told)[:9]}; {again}"
        assert world.state() == world.expected_state(), again
    finally:
        world.close()
