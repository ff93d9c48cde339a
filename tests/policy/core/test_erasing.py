from datetime import timedelta

from tests.policy.core.driver import NOW, Core, assessment, message, profile, response

OVERDOSE = [{"kind": "overdose", "taken": "yes"}]
HALF = [{"kind": "self_injury", "recent": "yes"}]
REST = [{"kind": "self_injury", "life_threatening": "yes"}]


def test_an_event_that_comes_again_after_a_tombstone_does_not_come_back() -> None:
    """A redelivery of what an erased person wrote is known by its id: no output, and no part of the state changes."""
    core = Core()
    core.feed("profiles", profile(born="1990-01-01"))
    told = message("e1", NOW, OVERDOSE)
    core.feed("messages", told)
    core.feed("profiles", None)
    before = dict(core.state.parts["u1"])
    assert core.feed("messages", told) == []
    assert core.state.parts["u1"] == before


def test_what_was_told_before_a_tombstone_adds_to_nothing_after_it() -> None:
    """Half of an injury told before the erasure and half after it make no emergency."""
    core = Core()
    core.feed("profiles", profile(born="1990-01-01"))
    core.feed("messages", message("e1", NOW - timedelta(hours=1), HALF))
    core.feed("profiles", None)
    core.feed("messages", message("e2", NOW, REST))
    assert [(one.clause, one.status) for one in core.last()["e2"].findings] == [("E2", "incomplete")]
    assert core.last()["e2"].findings[0].missing == ("self_injury.recent",)


def test_a_second_tombstone_hides_no_open_alert() -> None:
    """However often a person is erased, what nobody answered escalates three times and takes its answer."""
    core = Core()
    core.feed("profiles", profile(born="1990-01-01"))
    core.feed("messages", message("e1", NOW, OVERDOSE))
    core.feed("profiles", None)
    core.tick(300)
    core.feed("profiles", None)
    for _ in range(5):
        core.tick(300)
    assert [one.sequence for one in core.on("emergency-alerts")] == [1, 2, 3, 4]
    core.feed("responses", response("r1", core.on("emergency-alerts")[-1].alert_id, "resolved", core.now))
    for _ in range(80):
        core.tick(86_400)
    assert set(core.state.parts["u1"]) <= {"head"}


def test_erasing_somebody_unknown_leaves_nothing() -> None:
    """A tombstone for a key that was never seen writes no output and no state."""
    core = Core()
    assert core.feed("profiles", None, person="u9") == []
    assert core.state.parts["u9"] == {}


def test_a_long_history_is_emptied_of_every_fact_in_small_steps() -> None:
    """Of somebody who wrote a lot no fact of any kind is left in any part once the steps that a tombstone leaves due are done."""
    core = Core()
    for number in range(1500):
        core.feed("messages", message(f"e{number}", NOW - timedelta(minutes=5 * number), HALF))
    assert any(b"self_injury" in data for data in core.state.parts["u1"].values())
    core.feed("profiles", None)
    for _ in range(60):
        core.tick(1)
    kept = {name for name, data in core.state.parts["u1"].items() if b"self_injury" in data or b"recent" in data}
    assert kept == set()


def test_a_finding_about_an_event_and_its_turn_go_with_a_tombstone() -> None:
    """What a trained person found about a recent event, and the turn that a reply would be read with, leave no part behind."""
    core = Core()
    core.feed("messages", message("e1", NOW - timedelta(hours=1), HALF))
    core.feed("assessments", assessment("a1", NOW, REST, "e1"))
    assert any(b"life_threatening" in data for name, data in core.state.parts["u1"].items() if name.startswith("id/"))
    core.feed("profiles", None)
    left = core.state.parts["u1"]
    assert [name for name, data in left.items() if b"life_threatening" in data or name.startswith("turn/")] == []
    assert {"id/e1", "id/a1"} <= set(left), "their ids stay, so that a redelivery brings nobody back"


def test_an_answer_to_what_was_erased_answers_nothing_after_it() -> None:
    """Numbers of cases begin anew: a second answer to an alert from before the tombstone does not end the wait of a new emergency."""
    core = Core()
    core.feed("profiles", profile(born="1990-01-01"))
    core.feed("messages", message("e1", NOW, OVERDOSE))
    core.feed("responses", response("r1", core.on("emergency-alerts")[0].alert_id, "acknowledged", core.now))
    core.feed("profiles", None)
    core.tick(60)
    core.feed("messages", message("e2", core.now, OVERDOSE))
    core.feed("responses", response("r2", core.on("emergency-alerts")[0].alert_id, "resolved", core.now))
    core.tick(300)
    assert [(one.event_id, one.change) for one in core.on("emergency-alerts")] == [("e1", "opened"), ("e2", "opened"), ("e2", "escalated")]


def test_a_response_that_waits_for_its_alert_goes_with_a_tombstone() -> None:
    """What a responder wrote that was shared is about the person too: it does not stay because its alert is missing."""
    core = Core()
    core.feed("responses", response("r1", "f" * 32, "reported", NOW, what=["an overdose"], with_whom=["999"]))
    assert any(b"an overdose" in data for data in core.state.parts["u1"].values())
    core.feed("profiles", None)
    assert set(core.state.parts["u1"]) == {"head", "id/r1"}


def test_a_response_that_waits_goes_with_its_time() -> None:
    """So does the place where it is written down for an erasure."""
    core = Core()
    core.feed("responses", response("r1", "f" * 32, "acknowledged", NOW))
    core.tick(40 * 86_400)
    assert core.state.parts["u1"] == {}
