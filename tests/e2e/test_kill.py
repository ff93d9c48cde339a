import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.vigil import Vigil, stop, value
from tests.support.plugin import SharedKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(300)]
EVENTS = 20_000
PEOPLE = 2_000
EVERY = 100
"""One event in so many tells of an overdose, which is an emergency at any age."""
IN_FLIGHT = 4 * 6 * 3 * 500
"""What may be under way at a kill: three chunks of each topic and partition."""
WHEN = "2026-11-01T12:{:02d}:{:02d}Z"


def event(number: int) -> tuple[str, str, bytes]:
    """One event; each hundredth is an emergency, each thousandth no JSON."""
    person = f"u{number % PEOPLE}"
    if number % 1000 == 999:
        return "posts", person, b"{"
    concerns = [{"kind": "overdose", "taken": "yes"}] if number % EVERY == 0 else []
    shared = {
        "event_id": f"e{number}",
        "person_id": person,
        "occurred_at": WHEN.format(number // 60 % 60, number % 60),
        "concerns": concerns,
    }
    if number % 2:
        made = {"schema": "message/1", "conversation_id": f"c{person}", "sender": "texter", "text": "we had pasta again", **shared}
    else:
        made = {"schema": "post/1", "kind": "created", "post_id": f"p{number}", "text": "anyone else revising", **shared}
    return "messages" if number % 2 else "posts", person, json.dumps(made).encode()


def profile(number: int) -> tuple[str, str, bytes]:
    """One person's profile."""
    made = {
        "schema": "profile/1",
        "person_id": f"u{number}",
        "date_of_birth": "2010-05-05",
        "reachable": True,
        "updated_at": WHEN.format(0, 0),
    }
    return "profiles", f"u{number}", json.dumps(made).encode()


def records() -> Iterator[tuple[str, str, bytes]]:
    """All of it, profiles between the events and not before them."""
    for number in range(EVENTS):
        yield event(number)
        if number % (EVENTS // PEOPLE) == 0:
            yield profile(number // (EVENTS // PEOPLE))


def kill_at_work(vigil: Vigil, worker: subprocess.Popen[bytes], left: int) -> subprocess.Popen[bytes]:
    """Kill a worker once it has committed something beyond what was done before, and start another on the same state."""
    deadline = time.monotonic() + 60
    while vigil.behind() >= left:
        assert worker.poll() is None, vigil.logs()
        assert time.monotonic() < deadline, vigil.logs()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return vigil.worker()


def test_kill_9_in_the_middle_loses_nothing(kafka: SharedKafka, tmp_path: Path) -> None:
    """Every event ends in a decision or in one dead letter and every emergency in its alert, though the worker is killed three times."""
    vigil = Vigil(kafka, tmp_path)
    worker = vigil.worker()
    vigil.publish(records())
    total = left = vigil.behind()
    for _ in range(3):
        worker = kill_at_work(vigil, worker, left)
        left = vigil.behind()
        assert left in range(1, total), "the worker was not killed in the middle"
    vigil.wait([worker], 120)
    assert stop(worker) == 0, vigil.logs()

    decided = Counter(value(record)["decision_id"] for record in vigil.read("decisions"))
    events = {value(record)["event_id"] for record in vigil.read("decisions")}
    assert events == {f"e{number}" for number in range(EVENTS) if number % 1000 != 999}
    again = sum(count - 1 for count in decided.values())
    assert again <= 3 * IN_FLIGHT, f"{again} decisions were written again"

    alerts = [value(record) for record in vigil.read("emergency-alerts")]
    assert {alert["person_id"] for alert in alerts} == {f"u{number % PEOPLE}" for number in range(0, EVENTS, EVERY)}
    opened = {alert["alert_id"] for alert in alerts if alert["change"] == "opened"}
    assert len(opened) == len({alert["case_id"] for alert in alerts})

    letters = Counter((key, content) for _, key, content in vigil.read("dead-letters"))
    assert set(letters) == {(f"u{number % PEOPLE}", b"{") for number in range(999, EVENTS, 1000)}
