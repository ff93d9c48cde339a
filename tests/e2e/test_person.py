import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import Producer

from streams import clock
from streams.cli.main import main
from streams.partitioner import home
from tests.e2e.vigil import Vigil, records, stop, value
from tests.support.plugin import SharedKafka

BORN = b"1990-05-06"
pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


def command(vigil: Vigil, *arguments: str, who: str = "op-1") -> Result:
    """`vigil ... --as --why`."""
    return CliRunner(env=vigil.settings).invoke(main, [*arguments, "--as", who, "--why", "they asked"])


def emergency(person: str) -> tuple[str, str, bytes]:
    """An overdose, told by a texter."""
    made = {"schema": "message/1", "event_id": f"e-{person}", "person_id": person, "conversation_id": "c1", "sender": "texter"}
    told = {"occurred_at": "2026-11-01T12:00:00Z", "text": "secret words", "concerns": [{"kind": "overdose", "taken": "yes"}]}
    return "messages", person, json.dumps(made | told).encode()


def profile(person: str, at: str = "2026-10-31T12:00:00Z") -> tuple[str, str, bytes]:
    """Somebody who can be reached."""
    made = {"schema": "profile/1", "person_id": person, "date_of_birth": BORN.decode(), "reachable": True, "updated_at": at}
    return "profiles", person, json.dumps(made).encode()


def test_export_and_erase(kafka: SharedKafka, tmp_path: Path) -> None:
    """What was reported is told alike to all; an erasure is shown first, sends a tombstone, and leaves what is open open."""
    vigil = Vigil(kafka, tmp_path)
    worker = vigil.worker()
    vigil.publish([profile("u1"), profile("u2")])
    vigil.wait([worker])
    vigil.publish([emergency("u1"), emergency("u2")])
    vigil.wait([worker])
    ids = {value(record)["person_id"]: value(record)["alert_id"] for record in vigil.read("emergency-alerts")}
    assert "nothing" in command(vigil, "person", "export", "u1").stdout.lower()
    vigil.run("respond", ids["u1"], "--state", "reported", "--as", "s-1", "--what", "an overdose", "--with-whom", "999")
    vigil.wait([worker])

    first = command(vigil, "person", "export", "u1", "--json")
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    assert [(one["what"], one["with_whom"], one["why"]) for one in answer["shared"]] == [(["an overdose"], ["999"], ["E4"])]
    assert len(answer["told"]) == 1
    assert command(vigil, "person", "export", "u1", "--json", who="op-2").stdout == first.stdout
    assert json.loads(command(vigil, "person", "export", "u2", "--json").stdout)["shared"] == []

    dry = json.loads(command(vigil, "person", "erase", "u2", "--json").stdout)
    assert (dry["erased"], [one["id"] for one in dry["stays_open"]]) == (False, [ids["u2"]])
    assert {row["topic"]: row["records"] for row in dry["topics"]}["messages"] == 1
    assert all(row["gone_by"] for row in dry["topics"] if row["records"])
    assert [key for _, key, made in vigil.read("profiles") if made is None] == []
    erased = command(vigil, "person", "erase", "u2", "--yes")
    assert erased.exit_code == 0, erased.output
    assert "Stays open and escalates until answered: emergency" in erased.stdout
    assert {key for _, key, made in vigil.read("profiles") if made is None} == {"u2"}
    vigil.wait([worker])
    assert [case["id"] for case in json.loads(vigil.run("inbox", "--json").stdout)["open"]] == [ids["u2"]]
    assert stop(worker) == 0, vigil.logs()

    audits = [value(record) for record in vigil.read("audit")]
    made = sorted((each["person_id"], each["action"], each["who"]) for each in audits)
    assert made == sorted(
        [("u1", "export", "op-1")] * 2
        + [("u1", "export", "op-2"), ("u2", "export", "op-1"), ("u2", "erase_plan", "op-1"), ("u2", "erase", "op-1")]
    )
    assert {each["why"] for each in audits} == {"they asked"}


def test_what_was_shared_about_somebody_unreachable_is_told(kafka: SharedKafka, tmp_path: Path) -> None:
    """Nobody could tell them, so there is no notice: the response says it alone, wherever its writer's client put it."""
    vigil = Vigil(kafka, tmp_path)
    worker = vigil.worker()
    vigil.publish([emergency("u1")])
    vigil.wait([worker])
    (alert,) = [value(record) for record in vigil.read("emergency-alerts")]
    made = {"schema": "response/1", "event_id": "r1", "person_id": "u1", "alert_id": alert["alert_id"], "responder_id": "s-1"}
    said = {"state": "reported", "what": ["an overdose"], "with_whom": ["999"], "occurred_at": clock.now().isoformat()}
    producer = Producer(kafka.client())
    elsewhere = (home(b"u1", vigil.partitions) + 1) % vigil.partitions
    producer.produce(kafka.topic("responses"), json.dumps(made | said).encode(), b"u1", elsewhere)
    assert producer.flush(20) == 0
    vigil.wait([worker])
    assert stop(worker) == 0, vigil.logs()
    assert [value(record)["status"] for record in vigil.read("notices") if value(record)["status"] == "due"] == []
    answer = json.loads(command(vigil, "person", "export", "u1", "--json").stdout)
    assert [(one["what"], one["with_whom"], one["why"]) for one in answer["shared"]] == [(["an overdose"], ["999"], ["E4"])]
    assert (answer["told"], answer["kept_days"]["responses"]) == ([], answer["kept_days"]["emergency-alerts"])


def test_nothing_of_an_erased_person_is_back(kafka: SharedKafka, tmp_path: Path) -> None:
    """Erased while the worker runs or while it is stopped: on an empty disk, and when old records come again, no more is left than is open.

    A profile that lay in a wrong partition goes too, and the tombstone for it erases nobody a second time.
    """
    vigil = Vigil(kafka, tmp_path)
    worker = vigil.worker()
    told = [profile("u1"), profile("u3"), emergency("u1"), emergency("u3")]
    wrong = (home(b"u1", 4) + 1) % 4
    misplaced = Producer(kafka.client())
    misplaced.produce(kafka.topic("profiles"), profile("u1")[2], b"u1", wrong)
    assert misplaced.flush(20) == 0
    for some in (told[:2], told[2:]):
        vigil.publish(some)
        vigil.wait([worker])
    assert {owner for owner, value in kept(kafka) if BORN in value} == {"u1", "u3"}
    assert command(vigil, "person", "erase", "u1", "--yes").exit_code == 0
    vigil.wait([worker])
    assert {owner for owner, value in kept(kafka) if BORN in value} == {"u3"}
    assert stop(worker) == 0, vigil.logs()
    assert command(vigil, "person", "erase", "u3", "--yes").exit_code == 0
    lying = newest(kafka, "profiles")
    assert lying[wrong, b"u1"] is lying[home(b"u1", 4), b"u1"] is lying[home(b"u3", 4), b"u3"] is None

    decided, paged = len(vigil.read("decisions")), ids(vigil)
    shutil.rmtree(tmp_path / "one")
    worker = vigil.worker()
    vigil.wait([worker])
    vigil.publish(told)
    vigil.wait([worker])
    assert (len(vigil.read("decisions")), ids(vigil)) == (decided, paged)
    assert not [owner for owner, value in kept(kafka) if BORN in value or b"overdose" in value]
    assert {case["id"] for case in json.loads(vigil.run("inbox", "--json").stdout)["open"]} == paged
    vigil.publish([profile("u3", "2026-11-02T12:00:00Z")])
    vigil.wait([worker])
    assert {owner for owner, value in kept(kafka) if BORN in value} == {"u3"}, "a later profile starts anew"
    assert stop(worker) == 0, vigil.logs()


def ids(vigil: Vigil) -> set[str]:
    """Of all alerts that are out."""
    return {value(record)["alert_id"] for record in vigil.read("emergency-alerts")}


def kept(kafka: SharedKafka) -> list[tuple[str, bytes]]:
    """Of whom the changelog keeps what, as compaction leaves it."""
    last = newest(kafka, f"{kafka.group}-state-changelog".removeprefix(kafka.prefix))
    return [((key or b"").partition(b"\x00")[0].decode(), value) for (_, key), value in last.items() if value is not None]


def newest(kafka: SharedKafka, topic: str) -> dict[tuple[int, bytes | None], bytes | None]:
    """The last value of each key in each partition."""
    return {(record.partition(), record.key()): record.value() for record in records(kafka, topic)}


def test_nothing_is_shown_without_an_audit(kafka: SharedKafka) -> None:
    """Where the audit can't be written, nobody learns anything; who does not say who they are is refused."""
    kafka.create("responses", "notices", "emergency-alerts", "non-emergency-referrals", "reviews")
    settings = kafka.environment()
    failed = CliRunner(env=settings).invoke(main, ["person", "export", "u1", "--as", "op-1", "--why", "they asked"])
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "nothing was written: there is no topic" in failed.stderr
    assert CliRunner(env=settings).invoke(main, ["person", "export", "u1", "--why", "they asked"]).exit_code == 2
    assert CliRunner(env=settings).invoke(main, ["person", "export", "u1", "--as", "Sam Smith", "--why", "x"]).exit_code == 2
