import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert
from schemas.notice import Notice
from schemas.wire import write
from streams.sharing import Sharing
from streams.sharing_words import lines
from streams.topic_reading import Found

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
OVERDOSE = "an overdose an hour ago"


def alert() -> Found:
    """An emergency about u1."""
    nothing = dict.fromkeys(("conversation_id", "post_id", "thread_id", "age", "trace"))
    times = {"occurred_at": AT, "raised_at": AT, "respond_by": AT, "late_by_seconds": 0}
    said: dict[str, Any] = {
        "clauses": ("E4",),
        "reasons": ("E4 applies: they took too much; known: they took it",),
        "recipients": ("999",),
        "evidence": (),
    }
    case = {"case_id": "c1", "sequence": 1, "change": "opened", "person_id": "u1", "event_id": "e1", "person_at_risk": "author"}
    return record("emergency-alerts", write(Alert(alert_id="a1", service="text_line", **case, **times, **said, **nothing)))


def response(state: str = "reported", event: str = "r1", **fields: Any) -> Found:
    """A responder's answer to it."""
    made = {"schema": "response/1", "event_id": event, "person_id": "u1", "alert_id": "a1", "responder_id": "s-1", "state": state}
    said = {"occurred_at": "2026-11-01T12:05:00Z", "what": [OVERDOSE], "with_whom": ["999"]}
    return record("responses", json.dumps(made | said | fields).encode())


def notice(status: str, what: tuple[str, ...] = (OVERDOSE,)) -> Found:
    """What the person is told."""
    told: dict[str, Any] = {"what": what, "why": ("E4",), "with_whom": ("999",), "involve": False}
    return record("notices", write(Notice(notice_id=f"n-{status}", person_id="u1", about="a1", status=status, sent_at=AT, **told)))


def record(topic: str, value: bytes, key: bytes = b"u1") -> Found:
    """One record as it is found."""
    return Found(topic, 0, 0, key, value)


def shared(records: Iterable[Found]) -> Sharing:
    """What some records say of u1."""
    sharing = Sharing("u1")
    for each in records:
        sharing.take(each)
    return sharing


def test_what_was_reported_is_told_with_its_why() -> None:
    """Which details, with whom, when and why; a notice that says the same is not a second sharing."""
    answer = shared([alert(), response(), notice("prepared"), notice("due")]).answer()
    (one,) = answer["shared"]
    assert (one["what"], one["with_whom"], one["when"], one["why"]) == ([OVERDOSE], ["999"], "2026-11-01T12:05:00Z", ["E4"])
    assert one["reasons"] == ["E4 applies: they took too much; known: they took it"]
    assert answer["told"] == [{"when": "2026-11-01T12:00:00Z", "about": "a1"}]


def test_the_answer_is_in_words_of_every_day() -> None:
    """A day and a time, whom by what they are, each detail, the reason without its marks; whoever wants the rule finds its number."""
    told = [*lines(shared([alert(), response(), notice("due")]).answer())]
    assert told[2:7] == [
        "On 1 November 2026 at 12:05 (UTC)",
        "  with whom: the emergency services (999)",
        f"  what: {OVERDOSE}",
        "  why: they took too much (rule E4)",
        "  A notice that says so was due on 1 November 2026 at 12:00 (UTC).",
    ]
    reason = "E3 applies: abused by somebody, about another person (brother:b1); known: the abuse goes on"
    one = shared([response()]).answer()["shared"][0] | {"why": ["E3"], "reasons": [reason]}
    answer = {"person_id": "u1", "shared": [one], "told": [], "kept_days": {"responses": 1, "notices": 1, "emergency-alerts": 1}}
    assert "  why: abused by somebody, about another person (brother) (rule E3)" in [*lines(answer)]


def test_the_rule_speaks_where_its_alert_is_gone() -> None:
    """A notice names clauses alone: the answer says what they say, and where not even they are kept it says so."""
    assert "  why: they have taken more of a medication than prescribed or advised (rule E4)" in [*lines(shared([notice("due")]).answer())]
    assert "  why: the reasons are no longer kept" in [*lines(shared([response()]).answer())]


def test_what_was_recommended_was_not_shared() -> None:
    """An alert, a prepared notice, and any other answer than `reported` are no sharing."""
    others = [response(state, event=state) for state in ("acknowledged", "not_reported", "resolved", "false_alarm")]
    answer = shared([alert(), notice("prepared"), *others]).answer()
    assert (answer["shared"], answer["told"]) == ([], [])
    assert next(lines(answer)).startswith("Nothing that is kept says")


def test_a_notice_tells_it_after_the_response_is_gone() -> None:
    """A notice that was due after its response is kept a while longer: what was shared is not forgotten with the response."""
    (one,) = shared([notice("due")]).answer()["shared"]
    assert (one["from"], one["what"], one["with_whom"], one["why"]) == ("notice", [OVERDOSE], ["999"], ["E4"])


def test_other_people_in_the_partition_are_passed_over() -> None:
    """A neighbour's records are not theirs, readable or not."""
    neighbour = record("emergency-alerts", b"?", b"u2")
    sharing = shared([neighbour, response(person_id="u2")])
    assert sharing.answer()["shared"] == []
    assert sharing.unreadable == 0


def test_an_output_that_cannot_be_read_is_counted() -> None:
    """The answer is then not all, and whoever asks is told so."""
    assert shared([record("notices", b"{}"), record("emergency-alerts", b"{}")]).unreadable == 2


def test_a_held_notice_is_known() -> None:
    """Whoever answers has to take care how."""
    assert shared([response(hold_notice=True, reason="the abuser reads their phone")]).held
    assert shared([notice("held")]).held
    assert not shared([response(), notice("due")]).held


@given(st.permutations([alert(), response(), response("reported", "r2", what=["more"]), notice("due"), notice("due"), response()]))
def test_whoever_asks_gets_the_same(records: list[Found]) -> None:
    """In whatever order topics are read, and whatever comes twice."""
    want = shared([alert(), response(), response("reported", "r2", what=["more"]), notice("due")]).answer()
    assert json.dumps(shared(records).answer()) == json.dumps(want)
