from datetime import UTC, datetime, timedelta
from itertools import permutations

from schemas.alert import Alert
from schemas.events import Response
from schemas.review import Review
from streams.waiting import Fold, urgency
from tests.support.outputs import alert as one_alert

AT = datetime(2026, 11, 3, 21, 0, tzinfo=UTC)
ALERTS = "emergency-alerts"


def alert(name: str, sequence: int, minutes: int, case: str = "k1") -> Alert:
    """An alert of a case, raised so many minutes after AT."""
    times = {"occurred_at": AT, "raised_at": AT + timedelta(minutes=minutes), "respond_by": AT + timedelta(minutes=minutes + 5)}
    change = "opened" if sequence == 1 else "escalated"
    return Alert.model_validate(one_alert(**times, alert_id=name, case_id=case, sequence=sequence, change=change))


def response(about: str, state: str, minutes: int) -> Response:
    """A response so many minutes after AT."""
    return Response.model_validate(
        {
            "schema": "response/1",
            "event_id": f"r-{about}-{state}",
            "person_id": "u1",
            "alert_id": about,
            "responder_id": "s1",
            "state": state,
            "occurred_at": (AT + timedelta(minutes=minutes)).isoformat(),
        }
    )


def fold(*records: Alert | Response) -> Fold:
    """A fold that took these, in this order."""
    made = Fold()
    for record in records:
        if isinstance(record, Response):
            made.answered(record)
        else:
            made.told(ALERTS, record)
    return made


def test_what_nobody_answered_waits() -> None:
    """An alert without a response is unanswered since it was raised."""
    (case,) = fold(alert("a1", 1, 0)).unanswered()
    assert (case.topic, case.since, case.state) == (ALERTS, AT, None)


def test_an_escalation_waits_since_the_first() -> None:
    """An escalation is the same case: it has waited since its first output, and the newest is shown."""
    (case,) = fold(alert("a1", 1, 0), alert("a2", 2, 5)).unanswered()
    assert (case.since, case.newest.sequence) == (AT, 2)


def test_an_answer_to_the_first_answers_all_that_was_out() -> None:
    """A response answers its case's outputs up to its time, whichever of them it names, and whatever order they are read in."""
    records: tuple[Alert | Response, ...] = (alert("a1", 1, 0), alert("a2", 2, 5), response("a1", "acknowledged", 6))
    for order in permutations(records):
        made = fold(*order)
        assert [case.state for case in made.open()] == ["acknowledged"]
        assert not list(made.unanswered())


def test_an_answer_does_not_cover_what_came_later() -> None:
    """An update after the acknowledgement waits anew, since it was raised."""
    (case,) = fold(alert("a1", 1, 0), response("a1", "acknowledged", 1), alert("a2", 2, 9)).unanswered()
    assert case.since == AT + timedelta(minutes=9)


def test_a_redelivery_does_not_open_a_closed_case() -> None:
    """The same output written again after its case was resolved opens nothing."""
    made = fold(alert("a1", 1, 0), response("a1", "resolved", 1), alert("a1", 1, 0))
    assert not list(made.open())


def test_false_alarms_are_counted_once_a_case() -> None:
    """Two false-alarm answers to one case count once for its clause."""
    made = fold(alert("a1", 1, 0), response("a1", "false_alarm", 1), response("a1", "false_alarm", 1))
    assert made.false_alarms == {"E1": 1}


def test_other_cases_go_on_waiting() -> None:
    """An answer to one case says nothing about another of the same person."""
    made = fold(alert("a1", 1, 0), alert("b1", 1, 0, case="k2"), response("a1", "resolved", 1))
    assert [case.newest.case_id for case in made.unanswered()] == ["k2"]


def unjudged(name: str, sequence: int, offset: int = 3, count: int | None = None) -> Review:
    """Word of a record that could not be judged."""
    nothing = dict.fromkeys(("case_id", "person_id", "event_id", "occurred_at", "late_by_seconds"))
    times = {"raised_at": (AT + timedelta(minutes=sequence)).isoformat(), "respond_by": (AT + timedelta(minutes=15)).isoformat()}
    told = {"sequence": sequence, "change": "opened" if sequence == 1 else "escalated", "reasons": ["could not be judged"]}
    where = {"source": {"topic": "messages", "partition": 0, "offset": offset}, "count": count, "urgency": "now"}
    return Review.model_validate({"schema": "review/1", "review_id": name, **nothing, **times, **told, **where})


def test_what_could_not_be_judged_is_one_case_however_often_it_is_told() -> None:
    """It has no case, but a place: told again it waits once, and an answer to any of them answers it."""
    made = Fold()
    for review in (unjudged("v1", 1), unjudged("v2", 2), unjudged("v3", 1, offset=4), unjudged("v4", 1, count=7)):
        assert made.told("reviews", review)
    assert sorted(case.newest.review_id for case in made.unanswered() if isinstance(case.newest, Review)) == ["v2", "v3", "v4"]
    assert urgency(unjudged("v1", 1)) == "now"
    made.answered(response("v1", "resolved", 3))
    assert sorted(case.newest.review_id for case in made.open() if isinstance(case.newest, Review)) == ["v3", "v4"]
