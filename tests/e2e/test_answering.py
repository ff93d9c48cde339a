import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.vigil import Vigil, stop, value
from tests.support.plugin import SharedKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


def emergency(person: str) -> tuple[str, str, bytes]:
    """An overdose, told by a texter."""
    made = {"schema": "message/1", "event_id": f"e-{person}", "person_id": person, "conversation_id": "c1", "sender": "texter"}
    told = {"occurred_at": "2026-11-01T12:00:00Z", "text": "hi", "concerns": [{"kind": "overdose", "taken": "yes"}]}
    return "messages", person, json.dumps(made | told).encode()


def inbox(vigil: Vigil) -> dict[str, Any]:
    """What `vigil inbox --json` says."""
    found: dict[str, Any] = json.loads(vigil.run("inbox", "--json").stdout)
    return found


def escalations(vigil: Vigil) -> list[str]:
    """Whose alerts were escalated."""
    alerts = [value(record) for record in vigil.read("emergency-alerts")]
    return [alert["person_id"] for alert in alerts if alert["change"] == "escalated"]


def test_no_data_is_told_from_nothing_open(kafka: SharedKafka, tmp_path: Path) -> None:
    """Topics to which nothing was ever written say so, and do not say that nothing is open."""
    vigil = Vigil(kafka, tmp_path)
    assert inbox(vigil) == {"data": False, "read": 0, "unreadable": 0, "open": []}
    assert vigil.run("inbox").stdout.startswith("no data")


def test_the_answered_goes_and_the_unanswered_escalates_across_a_restart(kafka: SharedKafka, tmp_path: Path) -> None:
    """An alert answered by `vigil respond` leaves the inbox and is not escalated; the other one is, by a worker started later."""
    vigil = Vigil(kafka, tmp_path)
    vigil.settings["VIGIL_RESPOND_WITHIN_EMERGENCY"] = "12"
    worker = vigil.worker()
    vigil.publish([emergency("answered"), emergency("waiting")])
    vigil.wait([worker])
    ids = {case["person_id"]: case["id"] for case in inbox(vigil)["open"]}
    assert set(ids) == {"answered", "waiting"}
    vigil.run("respond", ids["answered"], "--state", "acknowledged", "--as", "s-1")
    vigil.wait([worker])
    assert [case["person_id"] for case in inbox(vigil)["open"]] == ["waiting"]
    assert stop(worker) == 0, vigil.logs()
    assert escalations(vigil) == []
    worker = vigil.worker()
    deadline = time.monotonic() + 60
    while not escalations(vigil) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert stop(worker) == 0, vigil.logs()
    assert set(escalations(vigil)) == {"waiting"}
    (case,) = inbox(vigil)["open"]
    assert (case["person_id"], case["change"]) == ("waiting", "escalated")
    assert case["sequence"] >= 2
