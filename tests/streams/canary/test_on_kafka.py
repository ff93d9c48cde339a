import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from streams import topics
from streams.cli.main import main
from streams.embedded import EmbeddedKafka
from streams.settings import Settings
from tests.support.ports import free_ports

NOBODY = {"VIGIL_KAFKA": "127.0.0.1:9", "VIGIL_ALLOW_UNREPLICATED": "1"}


@pytest.fixture
def environment(embedded: EmbeddedKafka) -> Mapping[str, str]:
    """Settings for the embedded broker, which has no topics yet."""
    return {
        "VIGIL_KAFKA": embedded.bootstrap,
        "VIGIL_PARTITIONS": "2",
        "VIGIL_ALLOW_UNREPLICATED": "1",
        "VIGIL_CANARY_LOST_AFTER": "1",
    }


def test_without_topics_the_round_fails_and_says_what_to_run(environment: Mapping[str, str]) -> None:
    """That is no canary lost: exit status 1."""
    done = CliRunner().invoke(main, ["canary", "--once"], env=dict(environment))
    assert done.exit_code == 1
    assert "run `vigil topics apply`" in done.stderr


def test_without_a_worker_each_partition_is_lost(environment: Mapping[str, str], embedded: EmbeddedKafka) -> None:
    """For people and for programs; a check that found something ends with 3."""
    settings = Settings(partitions=2, replication=1, allow_unreplicated=True)
    embedded.create({settings.topic(name): topics.partitions(topics.table()[name], settings) for name in ("canary", "canary-decisions")})
    plain = CliRunner().invoke(main, ["canary", "--once"], env=dict(environment))
    assert (plain.exit_code, plain.stdout) == (
        3,
        "partition 0    lost   not back in 1 s\npartition 1    lost   not back in 1 s\n",
    )
    rows = CliRunner().invoke(main, ["canary", "--once", "--json"], env=dict(environment))
    assert rows.exit_code == 3
    assert [json.loads(line) for line in rows.stdout.splitlines()] == [
        {"partition": number, "outcome": "lost", "seconds": None, "wrong": None} for number in range(2)
    ]


def test_nobody_there_is_said_plainly() -> None:
    """Exit status 1, one line, no lost canary: nothing was sent."""
    done = CliRunner().invoke(main, ["canary", "--once"], env=NOBODY)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("vigil: kafka at `127.0.0.1:9` can't be reached")


def answered(port: int, path: str) -> tuple[int, str]:
    """What a probe answers; 0 where nobody listens yet."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except URLError:
        return 0, ""


def test_the_service_waits_for_brokers_and_says_so() -> None:
    """Started before its brokers it is alive and not ready, with the reason; it counts nothing as sent, and ends when told to."""
    [port] = free_ports(1)
    command = [sys.executable, "-c", "from streams.cli.main import main; main()", "canary"]
    process = subprocess.Popen(command, env={**os.environ, **NOBODY, "VIGIL_METRICS_PORT": str(port)}, stderr=subprocess.DEVNULL)
    try:
        end, ready = time.monotonic() + 60, (0, "")
        while "can't be reached" not in ready[1]:
            assert time.monotonic() < end, ready
            time.sleep(0.2)
            ready = answered(port, "/readyz")
        assert ready[0] == 503
        assert answered(port, "/livez") == (200, "ok\n")
        assert 'vigil_canary_sent_total{partition="7"} 0.0' in answered(port, "/metrics")[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


def test_the_service_is_watched_by_its_metrics_and_not_by_lines() -> None:
    """`--json` belongs to one round."""
    assert CliRunner().invoke(main, ["canary", "--json"], env=NOBODY).exit_code == 2
