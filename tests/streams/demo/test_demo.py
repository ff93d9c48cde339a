import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from http.server import HTTPServer, SimpleHTTPRequestHandler
from typing import Any

import pytest

from tests.support.ports import free_ports

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(180)]

COMMAND = [sys.executable, "-c", "from streams.cli.main import main; main()", "demo"]
CLAUSES = {*(f"E{number}" for number in range(6)), *(f"N{number}" for number in range(8)), "U3", "A1"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
A_MINUTE = 60.0


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def said() -> tuple[subprocess.CompletedProcess[str], float]:
    """What the demo writes for scripts, and how long it took."""
    began = time.monotonic()
    done = subprocess.run([*COMMAND, "--json"], capture_output=True, text=True, timeout=150, env=ENVIRONMENT, check=False)
    return done, time.monotonic() - began


@pytest.fixture(scope="module")
def summary(said: tuple[subprocess.CompletedProcess[str], float]) -> Any:
    """The last line."""
    assert said[0].returncode == 0, said[0].stderr
    return json.loads(said[0].stdout.splitlines()[-1])


def test_every_event_is_accounted_for(summary: Any) -> None:
    """Conservation by ids: each published event has a decision, or its record a dead letter; nothing is left uncommitted."""
    assert summary["unaccounted"] == []
    assert set(summary["behind"].values()) == {0}
    assert summary["conserved"] is True
    assert sum(summary["outcomes"].values()) + sum(summary["dead_letters"].values()) == summary["events"] - 1, (
        "one record is delivered twice"
    )


def test_every_clause_is_found(summary: Any) -> None:
    """The demo shows each clause of the policy, at about one emergency in a hundred events."""
    assert set(summary["clauses"]) == CLAUSES
    assert 0.6 < summary["emergencies_percent"] < 1.5


def test_spoilt_records_are_set_aside_by_their_reason(summary: Any) -> None:
    """Each spoilt record is a dead letter with its own reason."""
    assert summary["dead_letters"] == dict.fromkeys(("duplicate_id", "invalid", "key_mismatch", "not_json", "unknown_schema"), 1)


def test_it_ends_within_a_minute_and_alerts_within_half_of_one(summary: Any, said: tuple[subprocess.CompletedProcess[str], float]) -> None:
    """On a machine that has other things to do it may take its set-up longer; the play itself keeps its time."""
    assert summary["first_alert_seconds"] < 30
    assert summary["seconds"] < A_MINUTE
    assert said[1] < 2 * A_MINUTE


def test_stdout_is_json_alone_and_holds_nobodys_words(said: tuple[subprocess.CompletedProcess[str], float]) -> None:
    """Each line is an object; outputs say clause, reasons and recipients."""
    lines = [json.loads(line) for line in said[0].stdout.splitlines()]
    outputs = [line for line in lines if line["type"] == "output"]
    assert {"emergency", "non_emergency", "review"} == {output["outcome"] for output in outputs}
    assert all(output["reasons"] and output["recipients"] for output in outputs)
    assert not [line for line in lines if "text" in line]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_takes_its_worker_with_it(number: signal.Signals) -> None:
    """Ctrl-C or SIGTERM ends the worker too, with exit status 1."""
    demo = subprocess.Popen([*COMMAND, "--seconds", "60"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        worker = _worker(demo)
        assert _runs(worker)
        demo.send_signal(number)
        demo.communicate(timeout=30)
    finally:
        demo.kill()
        demo.wait()
    assert demo.returncode == 1
    assert not _runs(worker)


def test_the_page_is_there_when_the_demo_says_so_and_goes_with_it() -> None:
    """With `--console` the page answers from the moment that it is named, knows what was read, and ends with the demo."""
    (port,) = free_ports(1)
    command = [*COMMAND, "--json", "--people", "5", "--seconds", "5", "--console", "--console-port", str(port)]
    demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        assert demo.stderr is not None
        told = next(line for line in demo.stderr if line.startswith("the page: "))
        assert f"http://127.0.0.1:{port}/" in told
        assert "Up to date" in _page(port)
        assert next(line for line in demo.stderr if line.startswith("the page stays open"))
        assert "could not be judged" in _page(port)
        demo.terminate()
        demo.wait(30)
    finally:
        demo.kill()
        demo.wait()
    with pytest.raises(OSError, match="refused"):
        _page(port)


def test_a_port_that_is_taken_ends_the_demo_with_the_reason() -> None:
    """Another server's answer is not taken for the page's."""
    with HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        command = [*COMMAND, "--people", "5", "--seconds", "5", "--console", "--console-port", str(other.server_port)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, env=ENVIRONMENT, check=False)
    assert done.returncode == 1
    assert f"the page can't be served on `127.0.0.1:{other.server_port}`" in done.stderr


def _page(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return str(answer.read().decode())


def _worker(demo: subprocess.Popen[str]) -> int:
    """The process of its worker, which it names once it is started."""
    assert demo.stdout is not None
    return next(int(found[1]) for line in demo.stdout if (found := re.search(r"process (\d+)", line)))
