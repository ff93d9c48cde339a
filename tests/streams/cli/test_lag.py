import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from itertools import pairwise
from urllib.request import urlopen

import pytest
from confluent_kafka import Consumer, Producer
from prometheus_client.parser import text_string_to_metric_families

from tests.support.plugin import SharedKafka
from tests.support.ports import free_ports

INPUTS = ("posts", "messages", "profiles", "assessments", "responses", "detour", "canary")


def command(environment: Mapping[str, str], *arguments: str) -> list[str]:
    """The command line, with settings that are the test's alone."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
    settings = [f"{name}={value}" for name, value in {**clean, **environment}.items()]
    return ["env", "-i", *settings, sys.executable, "-c", "from streams.cli.main import main; main()", "lag", *arguments]


def run(environment: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run `vigil lag` to its end."""
    return subprocess.run(command(environment, *arguments), capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def lively(kafka: SharedKafka) -> SharedKafka:
    """A Kafka with all that Vigil reads, a record, and a group that has read it and is still there no more."""
    kafka.create(*INPUTS, partitions=1, config={"message.timestamp.type": "LogAppendTime"})
    producer = Producer({**kafka.client(), "log_level": 0})
    producer.produce(kafka.topic("posts"), b"{}")
    producer.flush(10)
    return kafka


def test_a_group_that_never_ran_is_a_finding(lively: SharedKafka) -> None:
    """Every input of the settings' own group has an object, a line each; the exit status is 3."""
    done = run(lively.environment(), "--json", "--poll", "0.2", "--group", lively.group)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3, done.stderr
    assert sorted(row["topic"] for row in rows) == sorted(lively.topic(name) for name in INPUTS)
    assert {row["status"] for row in rows} == {"STOPPED"}
    assert {row["topic"]: row["records_behind"] for row in rows}[lively.topic("posts")] == 1


def test_a_group_that_has_read_all_is_well(lively: SharedKafka) -> None:
    """With a member that holds all and has read all, the exit status is 0; the table says OK in words."""
    settings = {"group.id": lively.group, "auto.offset.reset": "earliest", "enable.auto.commit": False, "log_level": 0}
    consumer = Consumer({**lively.client(), **settings})
    consumer.subscribe([lively.topic(name) for name in INPUTS])
    end = time.monotonic() + 30
    while (message := consumer.poll(1)) is None and time.monotonic() < end:
        pass
    assert message is not None
    consumer.commit(message, asynchronous=False)
    done = run(lively.environment(), "--poll", "0.2", "--group", lively.group)
    consumer.close()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("OK") == len(INPUTS)


def test_no_broker_is_an_error(kafka: SharedKafka) -> None:
    """A Kafka that doesn't answer: nothing on stdout, one sentence on stderr, exit status 1."""
    done = run({**kafka.environment(), "VIGIL_KAFKA": f"127.0.0.1:{free_ports(1)[0]}"}, "--json", "--poll", "0.2")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("vigil: could not list the topics: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("extra", "arguments"), [({}, ("--serve", "nowhere")), ({"VIGIL_POLL": "soon"}, ()), ({"VIGIL_KAFKA": ""}, ())])
def test_wrong_use_is_told_apart(extra: Mapping[str, str], arguments: tuple[str, ...]) -> None:
    """Wrong settings and flags end with exit status 2 before any broker is asked."""
    assert run({"VIGIL_KAFKA": "127.0.0.1:1", **extra}, *arguments).returncode == 2


def test_watching_streams_objects_until_interrupted(lively: SharedKafka) -> None:
    """`--watch --json` writes a line for each place at each poll, at once; Ctrl-C is its ordinary end."""
    chosen = ("--watch", "--json", "--poll", "0.3", "--group", lively.group, "--topic", lively.topic("posts"))
    with subprocess.Popen(command(lively.environment(), *chosen), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        rows = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    ages = [row["seconds_behind"] for row in rows]
    assert all(later > earlier for earlier, later in pairwise(ages))


def test_the_service_exposes_what_the_command_says(lively: SharedKafka) -> None:
    """`--serve` is read by Prometheus' own parser, tells its probes, and ends on SIGTERM with status 0."""
    port = free_ports(1)[0]
    served = command(lively.environment(), "--serve", f"127.0.0.1:{port}", "--poll", "0.3", "--group", lively.group)
    with subprocess.Popen(served, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert f"http://127.0.0.1:{port}/metrics" in process.stderr.readline()
        found = _metrics(port, lively.topic("posts"))
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert (found["vigil_lag_records"], found["vigil_lag_status STOPPED"], found["vigil_lag_members"]) == (1, 1, 0)


def _metrics(port: int, topic: str) -> dict[str, float]:
    """One topic's series, once there are any."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            families = list(text_string_to_metric_families(answer.read().decode()))
        found = [sample for family in families for sample in family.samples if sample.labels.get("topic") == topic]
        if found:
            return {f"{sample.name} {sample.labels.get('status', '')}".strip(): sample.value for sample in found}
        time.sleep(0.1)
    raise AssertionError("no series came")
