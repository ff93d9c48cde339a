import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams.cli.main import main
from streams.judging.outputs import ARRIVED
from streams.partitioner import home
from tests.e2e.vigil import Vigil, stop, value
from tests.support.misnamed import Entry, Misnamed, publish
from tests.support.plugin import SharedKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
PARTITIONS = 4


def emergency(person: str) -> tuple[str, str, bytes]:
    """An overdose, told by a texter."""
    made = {"schema": "message/1", "event_id": f"e-{person}", "person_id": person, "conversation_id": "c1", "sender": "texter"}
    told = {"occurred_at": "2026-11-01T12:00:00Z", "text": "x", "concerns": [{"kind": "overdose", "taken": "yes"}]}
    return "messages", person, json.dumps(made | told).encode()


def test_no_single_record_holds_up_its_partition(kafka: SharedKafka, tmp_path: Path) -> None:
    """Nor ends the worker: a header's name that is no text, a key of megabytes, a first arrival yet to come, headers without values.

    Each ends in one dead letter, whose review can be answered, or in its decision; whoever comes behind it in its partition is told of.
    """
    vigil = Vigil(kafka, tmp_path, PARTITIONS)
    people = [f"u{number}" for number in range(12)]
    entries: list[Entry] = [
        (b"bad", b"no json", [(Misnamed("x"), b"1")]),
        (os.urandom(5 * 2**20), b"no json", []),
        (b"bad", b"no json", [(ARRIVED, b"99999999999999")]),
        (b"bad", b"no json", [("traceparent", None), (ARRIVED, None), ("vigil.error.attempts", None)]),
        (b"u0", emergency("u0")[2], [(Misnamed("x"), b"1"), (ARRIVED, b"9" * 5000)]),
    ]
    worker = vigil.worker()
    for entry in entries:
        partition = home(b"u0", PARTITIONS) if entry[0] == b"u0" else 0
        publish(kafka.bootstrap, kafka.topic("messages"), partition, [entry])
    vigil.publish(emergency(person) for person in people[1:])
    vigil.wait([worker])
    assert {value(record)["person_id"] for record in vigil.read("emergency-alerts")} == set(people)
    waiting = [case["id"] for case in json.loads(vigil.run("inbox", "--json").stdout)["open"] if case["topic"] == "reviews"]
    assert len(waiting) == 4
    for review in waiting:
        vigil.run("respond", review, "--state", "resolved", "--as", "s-1")
    vigil.wait([worker])
    assert {case["topic"] for case in json.loads(vigil.run("inbox", "--json").stdout)["open"]} == {"emergency-alerts"}
    assert stop(worker) == 0, vigil.logs()

    seen = json.loads(vigil.run("person", "erase", "u0", "--as", "op-1", "--why", "they asked", "--json").stdout)
    assert {row["topic"]: row["records"] for row in seen["topics"]}["messages"] == 1, "commands read such a record too"

    listed = CliRunner(env=vigil.settings).invoke(main, ["dead-letters", "list", "--json"])
    letters = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [letter["reason"] for letter in letters] == ["not_json"] * 4, "each answer is one that a worker takes"
    assert {(letter["topic"], letter["partition"]) for letter in letters} == {("messages", 0)}
