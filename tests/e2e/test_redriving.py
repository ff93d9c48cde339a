import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import Producer

from streams.cli.main import main
from tests.e2e.vigil import Vigil, records, stop, value
from tests.support.misnamed import publish
from tests.support.plugin import SharedKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
SEND = ("--as", "op-1", "--why", "the limit was too low")


def emergency(event: str, text: str) -> tuple[str, str, bytes]:
    """An overdose, told by a texter."""
    made = {"schema": "message/1", "event_id": event, "person_id": "u1", "conversation_id": "c1", "sender": "texter"}
    told = {"occurred_at": "2026-11-01T12:00:00Z", "text": text, "concerns": [{"kind": "overdose", "taken": "yes"}]}
    return "messages", "u1", json.dumps(made | told).encode()


def command(vigil: Vigil, *arguments: str) -> Result:
    """`vigil dead-letters ...` with a deployment's settings."""
    return CliRunner(env=vigil.settings).invoke(main, ["dead-letters", *arguments])


def rows(vigil: Vigil, *arguments: str) -> list[dict[str, Any]]:
    """The objects that it writes."""
    return [json.loads(line) for line in command(vigil, *arguments, "--json").stdout.splitlines()]


def alerts(vigil: Vigil) -> set[str]:
    """Ids of the alerts that are out."""
    return {value(record)["alert_id"] for record in vigil.read("emergency-alerts")}


def worked(vigil: Vigil) -> None:
    """Let a worker do all that there is, and end it."""
    worker = vigil.worker()
    vigil.wait([worker])
    assert stop(worker) == 0, vigil.logs()


def test_a_dead_letter_sent_back_is_judged_and_pages_once(kafka: SharedKafka, tmp_path: Path) -> None:
    """A dry run sends nothing; sent back, the emergency is out; sent back again from an old letter, it is no second page."""
    vigil = Vigil(kafka, tmp_path)
    vigil.settings["VIGIL_MAX_RECORD_BYTES"] = "1024"
    vigil.publish([emergency("e1", "x" * 2000)])
    worked(vigil)
    del vigil.settings["VIGIL_MAX_RECORD_BYTES"]
    (letter,) = rows(vigil, "list", "--reason", "too_large")
    assert (letter["topic"], letter["attempts"], letter["redriven"]) == ("messages", 1, False)

    (dry,) = rows(vigil, "redrive", letter["place"], *SEND)
    assert (dry["fate"], dry["sent"]) == ("send", False)
    assert vigil.behind() == 0
    assert rows(vigil, "redrive", "--reason", "too_large", *SEND, "--yes")[0]["sent"] is True
    worked(vigil)
    page = alerts(vigil)
    assert len(page) == 1
    assert rows(vigil, "redrive", letter["place"], *SEND, "--yes")[0]["fate"] == "redriven"

    again = Producer(kafka.client())
    origin = {"topic": b"messages", "partition": b"0", "offset": b"0", "reason": b"internal"}
    again.produce(
        kafka.topic("dead-letters"), emergency("e1", "x" * 2000)[2], b"u1", headers=[(f"vigil.error.{n}", v) for n, v in origin.items()]
    )
    assert again.flush(20) == 0
    assert rows(vigil, "redrive", "--reason", "internal", *SEND, "--yes")[0]["sent"] is True
    worked(vigil)
    assert alerts(vigil) == page

    audits = [value(record) for record in vigil.read("audit")]
    assert [(each["action"], each["who"], each["why"]) for each in audits] == [("redrive", *SEND[1::2]), ("redriven", *SEND[1::2])] * 2
    assert audits[0]["source"]["topic"] == "dead-letters"


def test_what_fails_again_and_again_is_quarantined(kafka: SharedKafka, tmp_path: Path) -> None:
    """Each round counts one more; beyond the cap it is named, left, and the status is 3."""
    vigil = Vigil(kafka, tmp_path)
    vigil.publish([("messages", "u1", b"no json, secret")])
    for times in (1, 2):
        worked(vigil)
        assert max(letter["attempts"] for letter in rows(vigil, "list")) == times
        sent = command(vigil, "redrive", "--topic", "messages", *SEND, "--rounds", "2", "--yes")
        assert sent.exit_code == 0, sent.output
    worked(vigil)
    left = command(vigil, "redrive", "--topic", "messages", *SEND, "--rounds", "2", "--yes")
    assert left.exit_code == 3
    assert "1 quarantine" in left.stderr
    assert "2 redriven" in left.stderr
    assert len({letter["arrived"] for letter in rows(vigil, "list")}) == 1

    place = rows(vigil, "list")[0]["place"]
    assert "secret" not in command(vigil, "show", place).output
    assert command(vigil, "show", place, "--with-text").exit_code == 2
    assert "no json, secret" in command(vigil, "show", place, "--with-text", *SEND).stdout
    assert [value(record)["action"] for record in vigil.read("audit")].count("show") == 1
    assert command(vigil, "show", "0/999").exit_code == 1
    assert command(vigil, "redrive", *SEND).exit_code == 2


def test_a_record_goes_back_byte_by_byte(kafka: SharedKafka, tmp_path: Path) -> None:
    """Keys and values that are no text, no key, null, headers twice and without a value; `--since` and a place choose among them."""
    vigil = Vigil(kafka, tmp_path)
    headers = (("x", b"\xff\x00"), ("x", b"2"), ("y", None), ("vigilant", b""))
    given: list[tuple[bytes | None, bytes | None]] = [(b"\xff\xfe", b"\x00\xff"), (None, b"{"), (b"u1", None), (b"u1", os.urandom(2**20))]
    for entry in given:
        publish(kafka.bootstrap, kafka.topic("messages"), 1, [(*entry, headers)])
    worked(vigil)
    letters = rows(vigil, "list")
    assert sorted(letter["reason"] for letter in letters) == ["not_json"] * 3 + ["too_large"]
    assert rows(vigil, "list", "--since", "2999-01-01T00:00:00Z") == []
    last = max(letter["arrived"] for letter in letters)
    assert [letter["arrived"] for letter in rows(vigil, "list", "--since", last)] == [last]
    first = letters[0]["place"]
    assert [row["place"] for row in rows(vigil, "redrive", first, *SEND)] == [first]

    assert len(rows(vigil, "redrive", "--topic", "messages", *SEND, "--yes")) == 4
    back = [record for record in everything(kafka, "messages") if any(name == "vigil.error.attempts" for name, _ in record[2])]
    assert {(key, value) for key, value, _ in back} == set(given)
    for _, _, sent in back:
        assert tuple(sent[: len(headers)]) == headers
        assert [name for name, _ in sent[len(headers) :]] == ["vigil.redrive.arrived", "vigil.error.attempts"]


def test_a_redrive_that_is_killed_is_begun_again(kafka: SharedKafka, tmp_path: Path) -> None:
    """After kill -9 in the middle a second run ends it: every emergency pages once, every dead letter is sent back, none comes anew."""
    vigil, people = Vigil(kafka, tmp_path), 900
    vigil.settings["VIGIL_MAX_RECORD_BYTES"] = "1024"
    vigil.publish(
        (topic, f"u{n}", content.replace(b"u1", b"u%d" % n))
        for n in range(people)
        for topic, _, content in [emergency(f"e{n}", "x" * 2000)]
    )
    worked(vigil)
    del vigil.settings["VIGIL_MAX_RECORD_BYTES"]
    begun = vigil.start("dead-letters", "redrive", "--reason", "too_large", *SEND, "--yes", log="redrive")
    while begun.poll() is None and "too_large" not in (tmp_path / "redrive.log").read_text():
        time.sleep(0.01)
    begun.kill()
    begun.wait()
    again = rows(vigil, "redrive", "--reason", "too_large", *SEND, "--yes")
    fates = Counter(row["fate"] for row in again)
    assert set(fates) == {"send", "redriven"}, "it was killed in the middle"
    worked(vigil)
    assert len(alerts(vigil)) == people
    listed = rows(vigil, "list")
    assert (len(listed), all(letter["redriven"] for letter in listed)) == (people, True)


def everything(kafka: SharedKafka, topic: str) -> list[tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]]:
    """Key, value and headers of all that is on a topic, by a client that is not ours."""
    return [(record.key(), record.value(), list(record.headers() or ())) for record in records(kafka, topic)]
