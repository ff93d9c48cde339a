"""Each command that a role runs, under that role's own login on a real Kafka: it works, and what is another's is refused in one line."""

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException, Producer

from tests.deploy.test_acls import consumed, hidden
from tests.support.kafka import Cluster
from tests.support.ports import free_ports
from tests.support.principals import LOGINS, grant_all, vigil
from tests.support.security import Security

MARKER = "words-of-u1"
SAYS = ("--as", "op-1", "--why", "asked for")
WORDS = ("vigil.posts", "vigil.messages", "vigil.dead-letters", "vigil.detour", "vigil.decisions", "vigil.profiles")
REFUSED = (
    ("responders", "vigil.decisions", ("explain", "e1", *SAYS)),
    ("responders", "vigil.audit", ("person", "export", "u1", *SAYS)),
    ("responders", "vigil.audit", ("person", "erase", "u1", *SAYS)),
    ("responders", "vigil.audit", ("dead-letters", "list")),
    ("responders", "vigil.profiles", ("replay", "topics", "--policy", "merged")),
    ("vigil-lag", "vigil.", ("inbox",)),
    ("vigil-lag", "vigil.", ("respond", "x", "--as", "s-1", "--state", "resolved")),
    ("vigil-lag", "vigil.audit", ("person", "export", "u1", *SAYS)),
    ("vigil-lag", "vigil.decisions", ("explain", "e1", *SAYS)),
    ("vigil-lag", "vigil.audit", ("dead-letters", "list")),
    ("vigil-console", "vigil.audit", ("dead-letters", "list")),
    ("vigil-console", "vigil.audit", ("person", "export", "u1", *SAYS)),
    ("vigil-console", "vigil.audit", ("explain", "e1", *SAYS)),
    ("community", "vigil.emergency-alerts", ("inbox",)),
    ("community", "vigil.audit", ("person", "export", "u1", *SAYS)),
)
"""Who, refused which topic (how it begins, where several are read), by which command."""


def ran(cluster: Cluster, user: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command to its end, which it must reach without a Python error."""
    process = vigil(cluster, user, *arguments, **more)
    out, err = process.communicate(timeout=90)
    assert "Traceback" not in err, err
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def does(cluster: Cluster, user: str, *arguments: str, **more: str) -> str:
    """What a command says that must succeed."""
    done = ran(cluster, user, *arguments, **more)
    assert done.returncode == 0, (user, arguments, done.stdout, done.stderr)
    assert done.stderr.count("%") == 0, "the client library wrote beside us"
    return done.stdout


@contextmanager
def working(cluster: Cluster, folder: Path) -> Iterator[None]:
    """A worker under its own login, which ends in good order."""
    worker = vigil(cluster, "vigil-worker", "worker", VIGIL_STATE_DIR=str(folder / "state"))
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        ended = worker.communicate(timeout=60)
    assert worker.returncode == 0, ended


def tell(cluster: Cluster) -> None:
    """An emergency of u1 and a record that is no JSON, both by the text line."""
    producer = Producer({**cluster.client(LOGINS["text-line"]), "partitioner": "murmur2_random", "log_level": 0})
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    who = {"schema": "message/1", "event_id": "e1", "person_id": "u1", "conversation_id": "c1", "sender": "texter"}
    told = {"occurred_at": now, "text": MARKER, "concerns": [{"kind": "overdose", "taken": "yes"}]}
    producer.produce("vigil.messages", json.dumps(who | told), "u1")
    producer.produce("vigil.messages", f"{{{MARKER}", "u2")
    assert producer.flush(20) == 0


def waiting(cluster: Cluster, cases: int) -> list[dict[str, Any]]:
    """What responders see in their inbox, once there is so much of it."""
    end = time.monotonic() + 60
    while True:
        found: list[dict[str, Any]] = json.loads(does(cluster, "responders", "inbox", "--json"))["open"]
        if len(found) == cases:
            return found
        assert time.monotonic() < end, found


def page(cluster: Cluster) -> str:
    """The console's first page under its own login, once it has read everything."""
    (port,) = free_ports(1)
    console = vigil(cluster, "vigil-console", "console", "--port", str(port))
    end, text = time.monotonic() + 60, ""
    try:
        while "up to date" not in text.lower() and time.monotonic() < end:
            time.sleep(0.5)
            try:
                text = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read().decode()
            except OSError:
                continue
    finally:
        console.send_signal(signal.SIGTERM)
        ended = console.communicate(timeout=60)
    assert "up to date" in text.lower(), (ended, text)
    return text


@pytest.mark.timeout(400)
def test_each_command_runs_under_its_own_login_and_no_other(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """Inbox and answers for responders, lag, the page, and the operator's commands; nobody reads words who must not."""
    cluster = start_cluster(1, security=Security("SASL_PLAINTEXT", tuple(LOGINS.values())))
    grant_all(cluster, tmp_path)
    does(cluster, "vigil-operator", "topics", "apply")
    with working(cluster, tmp_path):
        tell(cluster)
        alert = next(case for case in waiting(cluster, 2) if case["topic"] == "emergency-alerts")
        what = ("--state", "reported", "--what", "an overdose", "--with-whom", "999")
        does(cluster, "responders", "respond", alert["id"], "--as", "s-1", *what)
        waiting(cluster, 1)
        assert alert["id"] in page(cluster), "answered, and not closed"
        rows = [json.loads(line) for line in ran(cluster, "vigil-lag", "lag", "--json", "--poll", "1").stdout.splitlines()]
        assert {row["status"] for row in rows} == {"OK"}

    explained = does(cluster, "vigil-operator", "explain", "e1", *SAYS)
    exported = does(cluster, "vigil-operator", "person", "export", "u1", *SAYS)
    listed = does(cluster, "vigil-operator", "dead-letters", "list")
    assert ("E4" in explained, "an overdose" in exported, "not_json" in listed) == (True, True, True)
    assert MARKER not in explained + exported + listed
    does(cluster, "vigil-operator", "dead-letters", "redrive", "--reason", "not_json", *SAYS, "--yes")
    does(cluster, "vigil-operator", "person", "erase", "u1", *SAYS, "--yes")
    does(cluster, "vigil-operator", "doctor")
    does(cluster, "vigil-worker", "doctor", "--login", "worker", VIGIL_STATE_DIR=str(tmp_path / "state"))
    assert "0 emergencies would be lost" in does(cluster, "vigil-operator", "replay", "topics", "--policy", "merged")

    for user, topic, arguments in REFUSED:
        done = ran(cluster, user, *arguments)
        assert (done.returncode, done.stdout) == (1, ""), (user, arguments)
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert f" `{topic}" in done.stderr
        assert done.stderr.rstrip().endswith("give it the right by deploy/acls.sh")
    for topic in WORDS:
        assert hidden(cluster, "responders", topic), topic
        if topic not in {"vigil.dead-letters", "vigil.decisions"}:  # the page tells of these two
            with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
                consumed(cluster, "vigil-console", topic)
        with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
            consumed(cluster, "vigil-lag", topic)
