"""The page on a real Kafka, in a real browser: what it shows while workers hang and die and brokers go, and that it touches nothing."""

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.e2e.vigil import Vigil, stop
from tests.support.browser import Browser, Page
from tests.support.kafka import Cluster
from tests.support.ports import free_ports
from tests.support.principals import LOGINS, grant_all, vigil
from tests.support.security import Security

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(400)]
MARKER = "zebra-words-of-somebody"
AXE = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
SAID = """
window.said = [];
new MutationObserver(() => said.push(document.getElementById("announce").textContent)).observe(document.getElementById("announce"),
  {childList: true, characterData: true, subtree: true}); 0
"""


def overdose(person: str) -> list[tuple[str, str, bytes]]:
    """An emergency of a person, in words that belong on no page, and something that nobody can read."""
    who = {"schema": "message/1", "event_id": f"e-{person}", "person_id": person, "conversation_id": f"c-{person}", "sender": "texter"}
    told = {"occurred_at": "2026-11-01T12:00:00Z", "text": MARKER, "concerns": [{"kind": "overdose", "taken": "yes"}]}
    return [("messages", person, json.dumps(who | told).encode()), ("messages", person, f"{{{MARKER}".encode())]


def answer(port: int, path: str) -> tuple[int, str]:
    """Status and text of an answer; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as found:
            return found.status, found.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()
    except (URLError, TimeoutError, ConnectionError):
        return 0, ""


def until(holds: Callable[[], object], seconds: float = 90) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


class Console:
    """`vigil console` of a deployment, on ports of its own."""

    def __init__(self, one: Vigil) -> None:
        self._vigil = one
        self.page, self._metrics = free_ports(2)
        self.address = f"http://127.0.0.1:{self.page}"
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        ports = {"VIGIL_CONSOLE_PORT": str(self.page), "VIGIL_METRICS_PORT": str(self._metrics)}
        self.process = self._vigil.start("console", log="console", VIGIL_POLL="1", **ports)
        until(lambda: answer(self._metrics, "/readyz") == (200, "ok\n"))


def every_page(page: Page, console: Console, decision: str) -> None:
    """No page has anybody's words, complains, loads anything from elsewhere or breaks a rule that axe can check."""
    for path in ("/", "/lag", "/decisions", decision, "/dead-letters"):
        page.go(console.address + path)
        found = page.axe(AXE, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        assert (path, found["violations"]) == (path, [])
        assert found["passes"] > 10
        assert MARKER not in page.js("document.documentElement.outerHTML"), path
    assert page.complaints() == []
    assert [address for address in page.loaded() if not address.startswith(console.address + "/")] == []
    page.close()


def test_the_page_tells_how_it_stands(vigil: Vigil, browser: Browser) -> None:
    """Nothing written, an emergency, a worker that hangs, is killed and comes again; a console that is restarted: each is told as it is."""
    console = Console(vigil)
    now, lag = browser.open(console.address + "/"), browser.open(console.address + "/lag")
    now.until("document.body.innerText.includes('No data: Vigil has not written anything to its topics')")
    lag.until("document.body.innerText.includes('STOPPED on ')")
    now.js(SAID)

    worker = vigil.worker()
    vigil.publish(overdose("u1"))
    now.until("document.body.innerText.includes('conversation c-u1')")
    lag.until("document.body.innerText.includes('Judging keeps up')")
    assert [words.partition(": ")[2] for words in now.js("said")] == ["a new emergency."]
    explained = now.js("document.querySelector('.case a').getAttribute('href')")
    says = vigil.run("explain", "e-u1", "--as", "s-1", "--why", "a test").stdout.splitlines()
    shown = unescape(answer(console.page, explained)[1])
    assert [line for line in says if line.strip() not in shown] == []
    every_page(browser.open(console.address), console, explained)

    worker.send_signal(signal.SIGSTOP)
    vigil.publish(overdose("u2"))
    lag.until("/(STALLED|STOPPED) on /.test(document.body.innerText)")  # on a busy machine no sample may fall into its last session
    lag.until("document.body.innerText.includes('STOPPED on ')")
    now.until("document.body.innerText.includes('Judging is not well: STOPPED on ')")
    assert lag.js("[...document.querySelectorAll('polyline')].every((one) => one.getAttribute('points').includes(',0.0'))")
    worker.kill()

    stopped_at = now.js("told")
    assert stop(console.process) == 0, vigil.logs()
    second = vigil.worker("two")
    vigil.wait([second])
    console.start()
    now.until("document.body.innerText.includes('conversation c-u2')")
    now.until("said.length > 1")
    lag.until("document.body.innerText.includes('Judging keeps up')")
    assert [words.partition(": ")[2] for words in now.js("said")] == ["a new emergency.", "a new emergency."]
    assert now.js("told") != stopped_at
    now.close()
    lag.close()
    assert (stop(console.process), stop(second)) == (0, 0), vigil.logs()


def ends(cluster: Cluster) -> dict[str, int]:
    """The end of every partition of every topic, the brokers' own among them."""
    consumer = Consumer(cluster.client() | {"group.id": "none"})
    topics = consumer.list_topics(timeout=20).topics
    places = [TopicPartition(name, number) for name, topic in topics.items() for number in topic.partitions]
    found = {f"{place.topic}/{place.partition}": consumer.get_watermark_offsets(place, 20)[1] for place in places}
    consumer.close()
    return found


def groups(cluster: Cluster) -> set[str]:
    """All groups that there are."""
    listed = AdminClient(cluster.client()).list_consumer_groups(request_timeout=20).result()
    return {group.group_id for group in listed.valid}


def log_of(process: "subprocess.Popen[str]") -> str:
    """What a process said, once it has ended."""
    return "".join(process.communicate(timeout=60))


def test_it_reads_under_its_own_login_writes_nothing_and_outlives_the_brokers(
    start_cluster: Callable[..., Cluster], tmp_path: Path
) -> None:
    """With the rights of deploy/acls.sh it shows all, joins no group and adds no record; without brokers it is alive and not ready."""
    cluster = start_cluster(1, security=Security("SASL_PLAINTEXT", tuple(LOGINS.values())))
    grant_all(cluster, tmp_path)
    assert vigil(cluster, "vigil-operator", "topics", "apply").wait(60) == 0
    worker = vigil(cluster, "vigil-worker", "worker", VIGIL_STATE_DIR=str(tmp_path / "state"))
    page, metrics = free_ports(2)
    ports = {"VIGIL_CONSOLE_PORT": str(page), "VIGIL_METRICS_PORT": str(metrics), "VIGIL_POLL": "1"}
    console = vigil(cluster, "vigil-console", "console", **ports)
    try:
        until(lambda: "Judging keeps up" in answer(page, "/lag")[1])
        worker.terminate()
        assert worker.wait(60) == 0
        before = ends(cluster), groups(cluster)
        until(lambda: "STOPPED" in answer(page, "/lag")[1])
        assert answer(page, "/")[0] == answer(page, "/dead-letters")[0] == 200
        assert (ends(cluster), groups(cluster)) == before

        cluster.nodes[0].kill()
        until(lambda: answer(metrics, "/readyz")[0] == 503)
        assert "the brokers can't be read" in answer(metrics, "/readyz")[1]
        assert answer(metrics, "/livez")[0] == 200
        assert "<strong>Out of date.</strong> This is as of " in answer(page, "/")[1]
        until(lambda: "Can't be asked" in unescape(answer(page, "/lag")[1]))
        cluster.restart(cluster.nodes[0])
        until(lambda: answer(metrics, "/readyz")[0] == 200)
    finally:
        console.terminate()
        said = log_of(console)
    assert console.returncode == 0, said
