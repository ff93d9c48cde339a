import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.conservation import figures, written_again
from tests.chaos.faults import Faults
from tests.chaos.publishing import publishing
from tests.chaos.stage import PARTITIONS, Stage, stage
from tests.chaos.traffic import Traffic
from tests.e2e.vigil import Secured
from tests.support.kafka import Cluster

FAULTS = int(os.environ.get("VIGIL_FAULTS", "25"))
KILLS = int(os.environ.get("VIGIL_KILLS", "100"))
SEED = int(os.environ.get("VIGIL_CHAOS_SEED", str(random.SystemRandom().randrange(10**6))))
RATE = int(os.environ.get("VIGIL_CHAOS_RATE", "300"))
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(90 * FAULTS + 30 * KILLS + 600)]
MOMENTS = ((0.0, 1.5), (1.0, 5.0), (4.0, 10.0))
"""Seconds between one kill and the next: a worker starts; it joins, recovers, has just begun; it is at work."""


def test_nothing_is_lost_whatever_happens(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """Real workers, every kind of fault: each event ends in a decision or one dead letter, each emergency in its alert, all committed."""
    cluster = start_cluster(3, proxied=True)
    made = stage(Secured(cluster), tmp_path, workers=4)
    faults = Faults(cluster, made.vigil.kafka.group, made.vigil.kafka.topic("emergency-alerts"), made.workers, SEED)
    try:
        with publishing(made.publisher, Traffic(SEED, PARTITIONS), made.responder, RATE):
            waits = _strike(made, faults)
        settled = made.settle(faults.let_pass)
        refused = [line for worker in made.workers for line in worker.said().splitlines() if line.startswith("brokers refused")]
        assert all("MessageSizeTooLargeError" in line for line in refused), "a worker gave up though brokers were only away"
        _sum_up(
            made,
            f"seed {SEED}, {FAULTS} faults, caught up after {waits} s, all committed {settled:.1f} s after the last event; {faults.told}",
        )
    except BaseException as error:
        error.add_note(f"again: VIGIL_CHAOS_SEED={SEED} VIGIL_FAULTS={FAULTS} make chaos; {faults.told}; {made.vigil.logs()}")
        raise
    finally:
        made.close()


def test_a_hundred_kills_lose_nothing(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """SIGKILL at any moment, a hundred times: no commit ever passes what is not out, nothing is lost, no more comes twice than was open."""
    cluster = start_cluster(3, proxied=True)
    made = stage(Secured(cluster), tmp_path, workers=3)
    rng = random.Random(SEED)  # noqa: S311 -- faults
    try:
        for worker in made.workers:
            worker.start()
        with publishing(made.publisher, Traffic(SEED, PARTITIONS), made.responder, RATE):
            uncommitted = sum(_kill_one(made, rng) for _ in range(KILLS))
        settled = made.settle()
        assert written_again(made.ledger) <= uncommitted
        _sum_up(made, f"seed {SEED}, {KILLS} kills, {uncommitted} uncommitted at them, the rest {settled:.1f} s after the last event")
    except BaseException as error:
        error.add_note(f"again: VIGIL_CHAOS_SEED={SEED} VIGIL_KILLS={KILLS} make chaos; {made.vigil.logs()}")
        raise
    finally:
        made.close()


def _strike(made: Stage, faults: Faults) -> list[float]:
    """All faults. After every other one the next waits until what was there is committed, and the rest strike while workers recover."""
    rng = random.Random(SEED)  # noqa: S311 -- faults
    waits: list[float] = []

    def look() -> None:
        if rng.random() < 0.5:
            waits.append(round(made.caught_up(faults.let_pass), 1))

    faults.strike(FAULTS, look)
    return waits


def _kill_one(made: Stage, rng: random.Random) -> int:
    """Kill a worker and start it again. Gives how many records were not committed at that moment."""
    time.sleep(rng.uniform(*rng.choice(MOMENTS)))
    print(f"{time.strftime('%H:%M:%S')} kill", flush=True)  # noqa: T201 -- shown by `pytest -s`
    worker = rng.choice(made.workers)
    assert worker.running, "a worker that nobody killed has ended"
    worker.kill()
    uncommitted = made.vigil.behind()
    worker.start()
    passed = made.ledger.passed_over(list(made.publisher.published))
    assert not passed, f"a commit has passed records of which nothing is out: {passed[:5]}"
    return uncommitted


def _sum_up(made: Stage, what: str) -> None:
    wrong = made.verdict()
    told = f"{what}: {figures(made.publisher.published, made.ledger)}"
    print(told)  # noqa: T201 -- shown by `pytest -s`, and where it fails
    assert not wrong, f"{wrong}; {told}"
