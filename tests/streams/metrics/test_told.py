import json
from collections.abc import Callable

import pytest
from prometheus_client import generate_latest

from schemas.wire import Refusal
from streams.heart.ports import OutputRecord, SourceRecord
from streams.metrics.catalogue import Catalogue
from streams.metrics.told import Told

Read = Callable[..., float]
MARKER = "MARKER-of-a-person-7c1f"


def record(topic: str = "messages", value: bytes | None = None, **changes: object) -> SourceRecord:
    """A record that holds a marker wherever it can."""
    given = {"topic": topic, "partition": 1, "offset": 2, "timestamp": 5000, "key": MARKER.encode(), "value": value or MARKER.encode()}
    return SourceRecord(**{**given, "headers": ((MARKER, MARKER.encode()),), **changes})  # type: ignore[arg-type]


def output(topic: str, **fields: object) -> OutputRecord:
    """An output of the policy."""
    return OutputRecord(topic, 1, MARKER.encode(), json.dumps({"person_id": MARKER, **fields}).encode())


def decision(outcome: str, *findings: tuple[str, str, str]) -> OutputRecord:
    """A decision with its findings: clause, outcome, status."""
    told = [{"clause": clause, "outcome": found, "status": status, "because": [MARKER]} for clause, found, status in findings]
    return output("decisions", outcome=outcome, findings=told)


def test_events_decisions_and_findings_are_counted(catalogue: Catalogue, read: Read) -> None:
    """By topic, by outcome, by clause; and only when the chunk ends."""
    told = Told(catalogue)
    told.judged(record(), [decision("emergency", ("E1", "emergency", "applies"), ("N1", "non_emergency", "withheld"))], None)
    told.judged(record("posts"), [decision("none")], None)
    assert read("vigil_events_total", topic="posts") == 0
    told.end()
    assert read("vigil_events_total", topic="messages") == read("vigil_events_total", topic="posts") == 1
    assert (read("vigil_decisions_total", outcome="emergency"), read("vigil_decisions_total", outcome="none")) == (1, 1)
    assert read("vigil_findings_total", clause="E1", outcome="emergency", status="applies") == 1
    assert read("vigil_findings_total", clause="N1", outcome="non_emergency", status="withheld") == 1
    told.end()
    assert read("vigil_events_total", topic="posts") == 1


def test_dead_letters_are_counted_by_reason(catalogue: Catalogue, read: Read) -> None:
    """A refusal counts for the topic that the record came on."""
    told = Told(catalogue)
    told.judged(record(), [output("dead-letters")], Refusal("not_json"))
    told.end()
    assert read("vigil_dead_letters_total", topic="messages", reason="not_json") == 1
    assert read("vigil_events_total", topic="messages") == 1


def test_responses_are_counted_by_state(catalogue: Catalogue, read: Read) -> None:
    """Among them the false alarms; one that was refused is only a dead letter."""
    told = Told(catalogue)
    told.judged(record("responses", json.dumps({"state": "false_alarm", "alert_id": MARKER}).encode()), [], None)
    told.judged(record("responses", b"{"), [output("dead-letters")], Refusal("not_json"))
    told.end()
    assert read("vigil_responses_total", state="false_alarm") == 1
    assert read("vigil_dead_letters_total", topic="responses", reason="not_json") == 1


def test_what_responders_get_keeps_its_arrival(catalogue: Catalogue) -> None:
    """Alerts, referrals and reviews are timed from their event's arrival, a redriven one's from its first."""
    told = Told(catalogue)
    told.judged(record(), [decision("emergency"), output("emergency-alerts"), output("notices")], None)
    told.judged(record(headers=(("vigil.redrive.arrived", b"1000"),)), [output("reviews")], None)
    assert told.end() == [("emergency-alerts", 5000), ("reviews", 1000)]
    assert told.end() == []


def test_the_first_dead_letter_is_an_increase(read: Read, catalogue: Catalogue) -> None:
    """Every reason is exposed at 0 from the start: a series that begins at 1 raises no alarm in Prometheus."""
    exposed = generate_latest(catalogue.registry).decode()
    assert 'vigil_dead_letters_total{reason="internal",topic="messages"} 0.0' in exposed
    assert 'vigil_commits_total{outcome="refused"} 0.0' in exposed
    assert read("vigil_failures_total") == 0


@pytest.mark.parametrize("topic", ["messages", "responses", MARKER])
def test_nothing_of_a_person_is_in_a_label(catalogue: Catalogue, topic: str) -> None:
    """A marker in the key, the value, the headers, even in the name of the topic, is in no metric."""
    told = Told(catalogue)
    told.judged(record(topic), [output("dead-letters")], Refusal("invalid", MARKER))
    told.judged(record("messages"), [decision("none"), output("emergency-alerts")], None)
    told.end()
    assert MARKER not in generate_latest(catalogue.registry).decode()
