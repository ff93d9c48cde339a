import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.vigil import OUTPUTS, VIGIL, Secured, Vigil, stop
from tests.support.kafka import Cluster
from tests.support.plugin import SharedKafka
from tests.support.ports import free_ports

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
PARTITIONS = 3
ALL = list(range(PARTITIONS))


def once(vigil: Vigil, lost_after: int) -> tuple[int, list[tuple[int, str]]]:
    """`vigil canary --once --json`: its exit status, and how the canary of each partition ended."""
    environment = vigil._environment({"VIGIL_CANARY_LOST_AFTER": str(lost_after)})
    done = subprocess.run([VIGIL, "canary", "--once", "--json"], env=environment, capture_output=True, text=True, timeout=100, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all((row["seconds"] is None) == (row["outcome"] == "lost") for row in rows), done.stderr
    return done.returncode, [(row["partition"], row["outcome"]) for row in rows]


class Flock:
    """`vigil canary` as a service, seen by its metrics and probes."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str) -> tuple[int, str]:
        """What it answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()

    def sample(self, name: str) -> dict[int, float]:
        """A metric's samples by partition, as Prometheus' own parser reads them."""
        families = text_string_to_metric_families(self.get("/metrics")[1])
        samples = [sample for family in families for sample in family.samples if sample.name == name]
        return {int(sample.labels["partition"]): sample.value for sample in samples}

    def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not self._so(true):
            assert time.monotonic() < deadline, self.get("/metrics")[1]
            time.sleep(0.2)

    def grown(self, name: str) -> None:
        """Wait until a metric has grown in every partition."""
        before = self.sample(name)
        self.until(lambda: all(self.sample(name).get(number, 0) > before.get(number, 0) for number in ALL))

    def _so(self, true: Callable[[], bool]) -> bool:
        with suppress(OSError):
            return true()
        return False


@contextmanager
def flock(vigil: Vigil) -> Iterator[Flock]:
    """A service that sends twice a second and counts what is not back in two seconds as lost."""
    [port] = free_ports(1)
    often = {"VIGIL_CANARY_SECONDS": "0.5", "VIGIL_CANARY_LOST_AFTER": "2", "VIGIL_METRICS_PORT": str(port)}
    with (vigil.folder / "canary.log").open("ab") as log:
        process = subprocess.Popen([VIGIL, "canary"], env=vigil._environment(often), stdout=log, stderr=log)
    try:
        served = Flock(port)
        served.until(lambda: served.get("/livez") == (200, "ok\n"))
        yield served
        assert process.poll() is None, vigil.logs()
        assert stop(process) == 0, vigil.logs()
    finally:
        process.kill()


def test_one_round_says_whether_an_emergency_would_come_through(kafka: SharedKafka, tmp_path: Path) -> None:
    """Right with a worker; lost without one, with one that hangs, and with one that was killed; and nothing of it reaches anybody."""
    vigil = Vigil(kafka, tmp_path, PARTITIONS)
    assert once(vigil, 1) == (3, [(number, "lost") for number in ALL])
    worker = vigil.worker()
    try:
        assert once(vigil, 60) == (0, [(number, "right") for number in ALL])
        worker.send_signal(signal.SIGSTOP)
        assert once(vigil, 2) == (3, [(number, "lost") for number in ALL])
        worker.send_signal(signal.SIGCONT)
        assert once(vigil, 60) == (0, [(number, "right") for number in ALL])
        assert worker.poll() is None, vigil.logs()
    finally:
        worker.kill()
        worker.wait()
    assert once(vigil, 2) == (3, [(number, "lost") for number in ALL])
    assert vigil.read(*OUTPUTS) == []
    assert len({key for _, key, _ in vigil.read("canary-decisions")}) == 4 * PARTITIONS


def test_a_worker_that_judges_wrongly_is_found_out(kafka: SharedKafka, tmp_path: Path) -> None:
    """One whose merger lies in the future calls every emergency out of scope: silence would look the same, this says why."""
    vigil = Vigil(kafka, tmp_path, PARTITIONS)
    vigil.settings["VIGIL_MERGER_AT"] = "2099-01-01T00:00:00Z"
    worker = vigil.worker()
    try:
        environment = vigil._environment({"VIGIL_CANARY_LOST_AFTER": "60"})
        done = subprocess.run([VIGIL, "canary", "--once"], env=environment, capture_output=True, text=True, timeout=100, check=False)
    finally:
        worker.kill()
        worker.wait()
    assert done.returncode == 3
    assert [line.partition(": ")[2] for line in done.stdout.splitlines()] == ["its outcome is out_of_scope and not emergency"] * PARTITIONS


def test_the_service_counts_what_a_hung_and_a_killed_worker_lose(kafka: SharedKafka, tmp_path: Path) -> None:
    """Losses are counted while a worker hangs or is dead, what comes at last is timed, and both are over when a worker is back."""
    vigil = Vigil(kafka, tmp_path, PARTITIONS)
    worker = vigil.worker()
    try:
        with flock(vigil) as served:
            served.until(lambda: set(served.sample("vigil_canary_last_return_timestamp_seconds")) == set(ALL))
            assert served.get("/readyz") == (200, "ok\n")
            worker.send_signal(signal.SIGSTOP)
            served.grown("vigil_canary_lost_total")
            worker.send_signal(signal.SIGCONT)
            served.grown("vigil_canary_last_return_timestamp_seconds")
            worker.kill()
            worker.wait()
            served.grown("vigil_canary_lost_total")
            worker = vigil.worker()
            served.grown("vigil_canary_round_trip_seconds_count")
            served.until(lambda: sum(served.sample("vigil_canary_wrong_total").values()) == 0)
            late = {number: served.sample("vigil_canary_round_trip_seconds_sum")[number] for number in ALL}
            assert all(seconds > 2 for seconds in late.values())
        assert vigil.read(*OUTPUTS) == []
    finally:
        worker.kill()
        worker.wait()


def test_the_service_outlives_its_brokers(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """With the broker gone every canary is lost, probes and metrics still answer, and when it is back so are they."""
    cluster = start_cluster(1)
    vigil = Vigil(Secured(cluster), tmp_path, PARTITIONS)
    worker = vigil.worker()
    try:
        with flock(vigil) as served:
            served.until(lambda: set(served.sample("vigil_canary_last_return_timestamp_seconds")) == set(ALL))
            cluster.nodes[0].kill()
            served.grown("vigil_canary_lost_total")
            served.until(lambda: served.get("/readyz")[0] == 503)
            assert served.get("/livez") == (200, "ok\n")
            cluster.restart(cluster.nodes[0])
            served.grown("vigil_canary_last_return_timestamp_seconds")
            served.until(lambda: served.get("/readyz") == (200, "ok\n"))
    finally:
        worker.kill()
        worker.wait()
