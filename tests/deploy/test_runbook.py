"""Every step of docs/runbook.md, run on a real Kafka with a worker, the lag service, the console and the canary behind it."""

import re
import shlex
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.test_prometheus import RUNBOOK
from tests.e2e.vigil import VIGIL, Vigil
from tests.support.plugin import SharedKafka
from tests.support.ports import free_ports

PROOF = "vigil policy check"
"""Takes minutes, and is tested where the policy is."""
STEPS = sorted(
    {
        line.partition(" #")[0].strip()
        for block in re.findall(r"```sh\n(.*?)```", RUNBOOK, flags=re.DOTALL)
        for line in block.splitlines()
        if line.strip()
    }
)
PLACES = ("worker:9108", "lag:9109", "console:9110", "canary:9111")
SAID = {0, 3}
"""Done, or something was found."""
WELL = {"vigil doctor", "vigil topics plan", "vigil canary --once", "vigil lag --group vigil"}
"""Steps that find nothing where all is well."""


@dataclass(frozen=True)
class Running:
    """A deployment where all is well, and where each of the runbook's addresses is."""

    vigil: Vigil
    ports: dict[str, int]

    def get(self, address: str) -> tuple[int, str]:
        """Status and body of one of the runbook's addresses; 0 where nobody answers yet."""
        place, _, path = address.removeprefix("http://").partition("/")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[place]}/{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except OSError:
            return 0, ""


@pytest.fixture(scope="module")
def running(kafka_bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Everything that the runbook looks at, with one emergency that waits and one record set aside."""
    kafka = SharedKafka(kafka_bootstrap, f"runbook{time.monotonic_ns()}.")
    vigil = Vigil(kafka, tmp_path_factory.mktemp("runbook"), partitions=2)
    vigil.settings |= {"VIGIL_POLL": "1.5", "VIGIL_CANARY_SECONDS": "1"}
    ports = dict(zip((*PLACES, "page"), free_ports(5), strict=True))
    vigil.start("worker", log="worker", VIGIL_STATE_DIR=str(vigil.folder / "state"), VIGIL_METRICS_PORT=str(ports["worker:9108"]))
    vigil.start("lag", "--serve", f"127.0.0.1:{ports['lag:9109']}", log="lag")
    vigil.start("console", log="console", VIGIL_CONSOLE_PORT=str(ports["page"]), VIGIL_METRICS_PORT=str(ports["console:9110"]))
    vigil.start("canary", log="canary", VIGIL_METRICS_PORT=str(ports["canary:9111"]))
    made = Running(vigil, ports)
    end = time.monotonic() + 90
    while any(made.get(f"http://{place}/readyz")[0] != 200 for place in PLACES):
        assert time.monotonic() < end, vigil.logs()
        assert [process.poll() for process in vigil.started] == [None] * 4, vigil.logs()
        time.sleep(0.5)
    yield made
    for process in vigil.started:
        process.send_signal(signal.SIGTERM)
    for process in vigil.started:
        process.wait(40)


@pytest.mark.kafka
@pytest.mark.timeout(240)
@pytest.mark.parametrize("step", [step for step in STEPS if step.startswith("vigil ") and step != PROOF])
def test_a_command_runs_and_finds_nothing_where_all_is_well(running: Running, step: str) -> None:
    """It ends by itself, says something, and with the status that the page promises."""
    # the page names the group and the topics of a deployment by their defaults
    words = [word.replace("vigil.", running.vigil.kafka.prefix) for word in shlex.split(step)[1:]]
    words = [running.vigil.kafka.group if before == "--group" else word for before, word in zip(["", *words], words, strict=False)]
    done = subprocess.run(
        [VIGIL, *words],
        env=running.vigil._environment({}),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=Path(__file__).parent,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in ({0} if step in WELL else SAID), done.stdout + done.stderr
    assert done.stdout + done.stderr


@pytest.mark.kafka
@pytest.mark.timeout(240)
@pytest.mark.parametrize("step", [step for step in STEPS if step.startswith("curl ")])
def test_an_address_answers_what_is_looked_for(running: Running, step: str) -> None:
    """A probe says `ok`; what is looked for among the metrics is there."""
    address = re.search(r"http://\S+", step)
    assert address is not None
    status, body = running.get(address[0])
    assert status == 200, body
    _, _, grep = step.partition("| grep ")
    if not grep:
        assert body == "ok\n"
        return
    pattern = shlex.split(grep.removeprefix("-E "))[0]
    assert [line for line in body.splitlines() if re.search(pattern, line) and not line.startswith("#")]


def test_no_step_is_left_out() -> None:
    """Each is one of the two."""
    assert [step for step in STEPS if not step.startswith(("vigil ", "curl "))] == []
