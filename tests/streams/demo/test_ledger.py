from typing import Any

from streams.demo.ledger import Ledger
from streams.demo.summary import percentile, summarise
from streams.demo.world import Seen
from streams.sample.line import Line
from streams.sample.stream import START


def _post(event_id: str, person: str = "u1") -> Line:
    return Line(START, "posts", person, {"event_id": event_id, "person_id": person})


def _decision(event_id: str, outcome: str = "none", findings: tuple[dict[str, Any], ...] = (), ce_id: str | None = None) -> Seen:
    value = {"person_id": "u1", "event_id": event_id, "outcome": outcome, "findings": findings}
    return Seen("decisions", value, {"ce_id": ce_id or f"d-{event_id}-{outcome}"}, 0)


def _dead(partition: int, offset: int) -> Seen:
    place = {"vigil.error.topic": "posts", "vigil.error.partition": str(partition), "vigil.error.offset": str(offset)}
    return Seen("dead-letters", None, {**place, "vigil.error.reason": "not_json"}, 0)


def _alert(trace: str, at: int, change: str = "opened") -> Seen:
    return Seen("emergency-alerts", {"trace": trace, "change": change}, {"ce_id": f"a-{trace}-{at}"}, at)


def test_an_event_without_a_decision_is_missing() -> None:
    """Conservation is counted by ids: of two events of which one was decided, the other is named."""
    ledger = Ledger()
    ledger.publish("t1", _post("e1"), 0)
    ledger.publish("t2", _post("e2"), 0)
    ledger.see(_decision("e1"))
    summary = summarise(ledger, {"posts": 0}, 0, 1000)
    assert summary.unaccounted == ["posts e2"]
    assert not summary.conserved


def test_a_decision_about_another_person_does_not_account_for_an_event() -> None:
    """Ids are compared per person."""
    ledger = Ledger()
    ledger.publish("t1", _post("e1", person="u2"), 0)
    ledger.see(_decision("e1"))
    assert [sent.event_id for sent in ledger.unaccounted()] == ["e1"]


def test_a_spoilt_record_is_accounted_for_by_its_place() -> None:
    """A record without a readable id is found again among the dead letters by topic, partition and offset, and by no other place."""
    ledger = Ledger()
    ledger.publish("t1", Line(START, "posts", "u1", '{"event_id":"e1"'), 0)
    ledger.place("t1", ("posts", 3, 7))
    ledger.see(_dead(3, 6))
    assert len(list(ledger.unaccounted())) == 1
    ledger.see(_dead(3, 7))
    assert not list(ledger.unaccounted())


def test_what_is_left_uncommitted_is_not_conserved() -> None:
    """Profiles and responses end in state, which only the committed offset tells: a record behind spoils the books."""
    assert summarise(Ledger(), {"profiles": 0}, 0, 0).conserved
    assert not summarise(Ledger(), {"profiles": 1}, 0, 0).conserved


def test_the_same_output_twice_counts_once() -> None:
    """An output written again has the id that it had before."""
    ledger = Ledger()
    assert ledger.see(_decision("e1"))
    assert not ledger.see(_decision("e1"))
    assert (ledger.written["decisions"], ledger.repeated) == (1, 1)


def test_the_last_decision_on_an_event_counts() -> None:
    """An event judged again counts once, by its newest outcome; the clauses that were found for its person stay found."""
    finding = {"clause": "N4", "outcome": "review", "person_at_risk": "author"}
    ledger = Ledger()
    ledger.see(_decision("e1", "review", (finding,)))
    ledger.see(_decision("e1", "non_emergency", ({**finding, "outcome": "non_emergency"},)))
    summary = summarise(ledger, {}, 0, 0)
    assert summary.outcomes == {"non_emergency": 1}
    assert summary.clauses == {"N4": {"review": 1, "non_emergency": 1}}


def test_a_wait_runs_from_the_record_that_caused_the_alert() -> None:
    """The alert's trace names the record that caused it; one that escalates because nobody answered is no answer to a record."""
    ledger = Ledger()
    ledger.publish("t1", _post("e1"), 100)
    ledger.see(_alert("t1", 130))
    ledger.see(_alert("t1", 9000, "escalated"))
    ledger.see(_alert("unknown", 9000))
    assert ledger.waits == [30]
    assert summarise(ledger, {}, 100, 10_000).first_alert_seconds == 0.0


def test_percentiles_of_few_waits() -> None:
    """The 99th percentile of ten waits is the longest; of none, none."""
    assert percentile(range(1, 11), 0.5) == 6
    assert percentile(range(1, 11), 0.99) == 10
    assert percentile([], 0.5) is None
