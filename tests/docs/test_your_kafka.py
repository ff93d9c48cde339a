import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from streams.consumer import consume_once
from tests.support.plugin import SharedKafka

VIGIL = [sys.executable, "-c", "from streams.cli.main import main; main()"]
ALERTS_OF_SIXTY = 10
"""Each story of an emergency is told once among sixty people."""


@pytest.fixture
def settings(kafka: SharedKafka, tmp_path: Path) -> Mapping[str, str]:
    """What the README tells to export, for this test's own topics on one node."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
    told = {"VIGIL_MERGER_AT": "2026-10-01T00:00:00+01:00", "VIGIL_HASH_KEY": "sixteen characters", "VIGIL_PARTITIONS": "4"}
    return {**inherited, **kafka.environment(), **told, "VIGIL_STATE_DIR": str(tmp_path / "state")}


def _vigil(settings: Mapping[str, str], *words: str) -> int:
    return subprocess.run([*VIGIL, *words], env=settings, capture_output=True, timeout=60, check=False).returncode


@pytest.fixture
def worker(settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The README's steps up to `vigil worker`."""
    assert _vigil(settings, "topics", "plan") == 3, "there is something to make"
    assert _vigil(settings, "topics", "apply") == 0
    assert _vigil(settings, "topics", "plan") == 0, "nothing is left to make"
    assert _vigil(settings, "sample", "--people", "60", "--publish") == 0
    process = subprocess.Popen([*VIGIL, "worker"], env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield process
    process.kill()
    process.wait()


def test_the_steps_of_the_readme_lead_to_alerts(kafka: SharedKafka, worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """Topics made, the sample published and a worker started as the page says, its consumer sees an alert of every emergency story."""
    client = {**kafka.client(), "group.id": f"{kafka.group}-desk"}
    seen = consume_once(client, [kafka.topic("emergency-alerts")], tmp_path / "seen.sqlite", idle_seconds=20)
    people = set()
    for alert in seen:
        people.add(alert.key)
        if len(people) == ALERTS_OF_SIXTY:
            break
    seen.close()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert len(people) == ALERTS_OF_SIXTY
