from datetime import timedelta
from typing import Any

from schemas.wire import Refusal
from tests.policy.core.driver import NOW, RULES, Core, assessment, message, profile, response

OVERDOSE = [{"kind": "overdose", "taken": "yes"}]
HOMELESS = [{"kind": "homelessness", "homeless_or_at_risk": "yes"}]
MINUTES = 60
DAYS = 86_400


def emergency(**more: Any) -> Core:
    """A run in which an adult's overdose has just been told."""
    core = Core()
    core.feed("profiles", profile(born="1990-01-01", **more))
    core.feed("messages", message("e1", NOW, OVERDOSE))
    return core


def test_an_alert_that_nobody_answers_is_said_again_three_times_at_most() -> None:
    """Not acknowledged in time: the next sequence, escalated, the supervisor added, as long once more; three times (the contract)."""
    core = emergency()
    for _ in range(6):
        core.tick(5 * MINUTES)
    alerts = core.on("emergency-alerts")
    assert [(one.sequence, one.change) for one in alerts] == [(1, "opened"), (2, "escalated"), (3, "escalated"), (4, "escalated")]
    assert len({one.alert_id for one in alerts}) == 4
    assert len({one.case_id for one in alerts}) == 1
    assert alerts[0].recipients == ("999",)
    assert alerts[1].recipients == ("999", "supervisor")
    assert alerts[1].respond_by == alerts[0].respond_by + timedelta(minutes=5)


def test_an_answer_stills_what_was_out_by_its_time() -> None:
    """A response to one sequence answers all that its case had out on the topic by then, and nothing raised since."""
    core = emergency()
    core.tick(MINUTES)
    core.feed("messages", message("e2", NOW + timedelta(minutes=1), [{"kind": "self_injury", "recent": "yes", "life_threatening": "yes"}]))
    first, second = core.on("emergency-alerts")
    core.tick(MINUTES)
    core.feed("responses", response("r1", first.alert_id, "acknowledged", NOW + timedelta(seconds=30)))
    core.tick(5 * MINUTES)
    assert core.on("emergency-alerts")[-1].change == "escalated", "the update came after the response"
    core.feed("responses", response("r2", second.alert_id, "acknowledged", core.now))
    said = len(core.outputs)
    core.tick(60 * MINUTES)
    assert len(core.outputs) == said


def test_a_response_given_in_time_that_comes_late_stills_the_repeat() -> None:
    """What was answered before its deadline is not said again for ever because the answer was slow to arrive."""
    core = emergency()
    core.tick(5 * MINUTES)
    core.feed("responses", response("r1", core.on("emergency-alerts")[0].alert_id, "acknowledged", NOW + timedelta(minutes=4)))
    core.tick(30 * MINUTES)
    assert len(core.on("emergency-alerts")) == 2


def test_a_response_that_comes_before_its_alert_is_known_is_kept() -> None:
    """After a crash an answer may come before the alert that it answers is judged again: it still counts."""
    alert = emergency().on("emergency-alerts")[0]
    core = Core()
    core.feed("profiles", profile(born="1990-01-01"))
    core.feed("responses", response("r1", alert.alert_id, "acknowledged", NOW + timedelta(minutes=1)))
    core.feed("messages", message("e1", NOW, OVERDOSE))
    assert core.on("emergency-alerts")[0].alert_id == alert.alert_id
    core.tick(60 * MINUTES)
    assert len(core.on("emergency-alerts")) == 1


def test_what_nobody_answered_outlives_everything_else() -> None:
    """When all else is forgotten an open alert still is known: its answer is taken, and then it goes too (O4)."""
    core = emergency()
    for _ in range(80):
        core.tick(DAYS)
    kinds = {name.partition("/")[0] for name in core.state.parts["u1"]}
    assert kinds <= {"head", "case", "cases", "out"}
    core.feed("responses", response("r1", core.on("emergency-alerts")[-1].alert_id, "resolved", core.now))
    for _ in range(40):
        core.tick(DAYS)
    assert set(core.state.parts["u1"]) == {"head"}, "the profile stays"


def test_everything_goes_with_the_days_that_state_is_kept() -> None:
    """Ids, history, picture, posts and turns of somebody without a profile leave no part behind."""
    core = Core()
    for number in range(400):
        core.feed("messages", message(f"e{number}", NOW - timedelta(seconds=number), [{"kind": "suicide", "thoughts": "yes"}]))
    for _ in range(35):
        core.tick(DAYS)
    assert core.state.parts["u1"] == {}


def test_after_everything_is_forgotten_judging_goes_on() -> None:
    """Forgetting leaves no broken history: what comes later is judged and told as new."""
    core = Core()
    for number in range(300):
        core.feed("messages", message(f"e{number}", NOW + timedelta(seconds=number), HOMELESS))
        if number % 100 == 99:
            core.tick(20 * DAYS)
    core.feed("messages", message("late", NOW + timedelta(seconds=150, milliseconds=1), OVERDOSE))
    core.feed("messages", message("last", core.now, OVERDOSE))
    assert core.last()["late"].outcome == core.last()["last"].outcome == "emergency"


def test_a_tombstone_leaves_what_its_answer_needs_and_no_fact() -> None:
    """Of an unanswered alert it leaves ids, topic, clauses, recipients and deadline; it escalates as before until answered."""
    core = emergency()
    core.feed("profiles", None)
    core.tick(5 * MINUTES)
    first, again = core.on("emergency-alerts")
    assert (again.change, again.case_id, again.clauses) == ("escalated", first.case_id, ("E4",))
    assert again.evidence == ()
    assert again.age is None
    core.feed("responses", response("r1", first.alert_id, "acknowledged", core.now))
    said = len(core.outputs)
    core.tick(60 * MINUTES)
    assert len(core.outputs) == said


def test_an_erased_person_does_not_come_back() -> None:
    """A profile not later than the newest before the tombstone is ignored, a later one starts anew; cases are new ones."""
    core = emergency(at="2025-06-01T00:00:00Z")
    core.feed("profiles", profile(born="1990-01-01", at="2025-07-01T00:00:00Z"))
    core.feed("profiles", None)
    core.feed("profiles", profile(born="1990-01-01", at="2025-07-01T00:00:00Z"))
    core.feed("messages", message("e2", NOW, OVERDOSE))
    assert core.last()["e2"].enrichment.life_stage == "unknown"
    core.feed("profiles", profile(born="1990-01-01", at="2025-07-02T00:00:00Z"))
    core.feed("messages", message("e3", NOW, OVERDOSE))
    assert core.last()["e3"].enrichment.life_stage == "adult"
    first, second = core.on("emergency-alerts")
    assert first.case_id != second.case_id


def test_the_newest_profile_wins_whatever_comes_last() -> None:
    """Of two profiles the later `updated_at` holds, the same one again changes nothing (O5)."""
    core = Core()
    core.feed("profiles", profile(born="2011-05-05", at="2025-02-01T00:00:00Z"))
    core.feed("messages", message("e1", NOW, HOMELESS))
    assert core.feed("profiles", profile(born="1990-01-01", at="2025-01-01T00:00:00Z")) == []
    before = dict(core.state.parts["u1"])
    core.feed("profiles", profile(born="2011-05-05", at="2025-02-01T00:00:00Z"))
    assert core.state.parts["u1"] == before


def test_an_id_with_other_content_is_refused_and_changes_nothing() -> None:
    """An event id seen with other content is a `duplicate_id`, also where an assessment or a response brings it."""
    core = emergency()
    before = dict(core.state.parts["u1"])
    core.feed("messages", message("e1", NOW, HOMELESS))
    core.feed("assessments", assessment("e1", NOW, HOMELESS, None))
    core.feed("responses", response("e1", "x", "acknowledged", NOW))
    assert core.refusals == [Refusal("duplicate_id", "event_id")] * 3
    assert core.state.parts["u1"] == before


def test_state_holds_no_word_of_anybody() -> None:
    """What is kept are facts, ids and hashes: neither a text nor a sentence of it."""
    core = Core(RULES)
    core.feed("messages", message("e1", NOW, OVERDOSE, text="a sentence nobody else would write"))
    assert not any(b"sentence" in data for data in core.state.parts["u1"].values())


def test_an_alert_has_one_id_however_its_topics_interleave() -> None:
    """The event that completes a picture raises the same alert, by id and case, whether its other half came before or after it."""
    first = message("e1", NOW - timedelta(hours=1), [{"kind": "suicide", "thoughts": "yes", "plan": "yes"}])
    second = message("e2", NOW, [{"kind": "suicide", "means": "yes", "timeframe": "immediate"}])
    runs = []
    for order in ((first, second), (second, first)):
        core = Core()
        core.feed("profiles", profile(born="1990-01-01"))
        for value in order:
            core.feed("messages", value)
        runs.append([(one.alert_id, one.case_id, one.event_id) for one in core.on("emergency-alerts")])
    assert runs[0] == runs[1]
    assert len(runs[0]) == 1
