"""What each answer does, through `vigil respond` and a worker on a real Kafka, over a restart and a rebalance."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.e2e.vigil import Vigil, stop, value
from tests.support.ports import free_ports

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
Record = tuple[str, str | None, bytes | None]


def told(person: str, concern: Mapping[str, str], born: str | None = None) -> list[Record]:
    """A reachable person, and what they tell as a texter."""
    profile: dict[str, Any] = {"schema": "profile/1", "person_id": person, "date_of_birth": born, "adult_at_risk": "no"}
    profile |= {"reachable": True, "updated_at": "2026-10-31T12:00:00Z"}
    made = {"schema": "message/1", "event_id": f"e-{person}", "person_id": person, "conversation_id": f"c-{person}", "sender": "texter"}
    said = {"occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "text": "hi", "concerns": [concern]}
    return [("profiles", person, json.dumps(profile).encode()), ("messages", person, json.dumps(made | said).encode())]


def overdose(person: str) -> list[Record]:
    """An emergency (E4)."""
    return told(person, {"kind": "overdose", "taken": "yes"})


def waiting(true: Callable[[], bool], workers: list["subprocess.Popen[bytes]"], vigil: Vigil, seconds: float = 90) -> None:
    """Until it is so. Fails where a worker ends by itself."""
    end = time.monotonic() + seconds
    while not true():
        assert [worker.poll() for worker in workers] == [None] * len(workers), vigil.logs()
        assert time.monotonic() < end
        time.sleep(0.5)


def inbox(vigil: Vigil) -> dict[tuple[str, str], dict[str, Any]]:
    """What waits, by person and topic."""
    return {(case["person_id"], case["topic"]): case for case in json.loads(vigil.run("inbox", "--json").stdout)["open"]}


def outcomes(vigil: Vigil, event: str) -> list[str]:
    """An event's outcomes, the last one counts."""
    return [value(record)["outcome"] for record in vigil.read("decisions") if value(record)["event_id"] == event]


def notices(vigil: Vigil) -> dict[str, list[str]]:
    """Statuses of notices by person, as they came."""
    found: dict[str, list[str]] = {}
    for record in vigil.read("notices"):
        found.setdefault(value(record)["person_id"], []).append(value(record)["status"])
    return found


def escalated(vigil: Vigil) -> list[tuple[str, int]]:
    """Whose alerts were escalated, and the sequence."""
    alerts = [value(record) for record in vigil.read("emergency-alerts")]
    return sorted({(alert["person_id"], alert["sequence"]) for alert in alerts if alert["change"] == "escalated"})


def test_a_review_is_answered_by_its_fact(vigil: Vigil) -> None:
    """A yes to what was asked makes an emergency, a no makes none; the review leaves the inbox, and the referral beside it stays."""
    worker = vigil.worker()
    injured = told("no", {"kind": "self_injury", "recent": "yes"}, "1980-01-01")
    tonight = told("yes", {"kind": "suicide", "thoughts": "yes", "plan": "yes", "timeframe": "immediate"}, "2010-01-01")
    vigil.publish([*injured, *tonight])
    vigil.wait([worker])
    before = inbox(vigil)
    assert set(before) == {("no", "reviews"), ("yes", "reviews"), ("yes", "non-emergency-referrals")}
    assert (outcomes(vigil, "e-no")[-1], outcomes(vigil, "e-yes")[-1]) == ("review", "non_emergency")
    asked = {person: before[person, "reviews"]["question"] for person in ("no", "yes")}
    assert asked == {"no": ["self_injury.life_threatening"], "yes": ["suicide.means"]}
    for person, answer in (("no", "life_threatening=no"), ("yes", "means=yes")):
        vigil.run("respond", before[person, "reviews"]["id"], "--as", "s-1", "--answer", answer)
    vigil.wait([worker])
    assert set(inbox(vigil)) == {("yes", "emergency-alerts"), ("yes", "non-emergency-referrals")}
    assert (outcomes(vigil, "e-no")[-1], outcomes(vigil, "e-yes")[-1]) == ("none", "emergency")
    written = {value(record)["person_id"]: value(record) for record in vigil.read("assessments")}
    assert {person: one["about_event_id"] for person, one in written.items()} == {"no": "e-no", "yes": "e-yes"}
    assert {person: outcomes(vigil, one["event_id"]) for person, one in written.items()} == {"no": ["none"], "yes": ["emergency"]}
    reported = ("--state", "reported", "--what", "thoughts of suicide", "--with-whom", "care professional")
    vigil.run("respond", before["yes", "non-emergency-referrals"]["id"], "--as", "s-1", *reported)
    vigil.wait([worker])
    assert set(inbox(vigil)) == {("yes", "emergency-alerts")}
    assert stop(worker) == 0, vigil.logs()


STATES = {
    "acknowledged": (),
    "reported": ("--what", "an overdose", "--with-whom", "999"),
    "held": ("--what", "an overdose", "--with-whom", "999", "--hold-notice", "--reason", "their phone is read"),
    "not_reported": ("--reason", "a misunderstanding"),
    "resolved": (),
    "false_alarm": (),
}
"""By person: what is said beside the state, which is their name."""


def answer_all(vigil: Vigil) -> None:
    """Each person's emergency by the state that is their name."""
    waits = inbox(vigil)
    for person, more in STATES.items():
        state = "reported" if person == "held" else person
        vigil.run("respond", waits[person, "emergency-alerts"]["id"], "--as", "s-1", "--state", state, *more)


def false_alarms(vigil: Vigil) -> set[str]:
    """What the console tells Prometheus of false alarms, once it tells anything."""
    page, metrics = free_ports(2)
    console = vigil.start("console", VIGIL_CONSOLE_PORT=str(page), VIGIL_METRICS_PORT=str(metrics))

    def samples() -> set[str]:
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=5).read().decode()
        except OSError:
            return set()
        return {line for line in text.splitlines() if line.startswith("vigil_false_alarms_total{")}

    waiting(lambda: bool(samples()), [console], vigil)
    return samples()


def test_each_state_does_what_it_says_and_only_silence_escalates(vigil: Vigil) -> None:
    """Notices due or held, false alarms by clause; over a restart, a rebalance and a kill only the unanswered one is told again, once."""
    vigil.settings["VIGIL_RESPOND_WITHIN_EMERGENCY"] = "30"
    worker = vigil.worker()
    vigil.publish([record for person in (*STATES, "silent") for record in overdose(person)])
    vigil.wait([worker])
    answer_all(vigil)
    vigil.wait([worker])
    assert [person for person, _ in inbox(vigil)] == ["silent"]
    assert stop(worker) == 0, vigil.logs()
    assert escalated(vigil) == []
    due = {"reported": ["prepared", "due"], "held": ["prepared", "held"]}
    assert notices(vigil) == {person: due.get(person, ["prepared"]) for person in (*STATES, "silent")}

    first, second = vigil.worker("two"), vigil.worker("three")
    waiting(lambda: escalated(vigil) == [("silent", 2)], [first, second], vigil)
    first.kill()
    waiting(lambda: escalated(vigil) == [("silent", 2), ("silent", 3)], [second], vigil)
    assert stop(second) == 0, vigil.logs()
    assert false_alarms(vigil) == {'vigil_false_alarms_total{clause="E4"} 1.0'}
    (left,) = inbox(vigil).values()
    assert (left["sequence"], "supervisor" in left["recipients"]) == (3, True)
