from datetime import timedelta
from typing import Any

import pytest

from tests.policy.core.driver import NOW, Core, message, profile, response

OVERDOSE = [{"kind": "overdose", "taken": "yes"}]
HOMELESS = [{"kind": "homelessness", "homeless_or_at_risk": "yes"}]
HOUR = timedelta(hours=1)
SAID: dict[str, Any] = {"what": ["an overdose"], "with_whom": ["999"]}


def alerted(**more: Any) -> Core:
    """A run in which an adult's overdose has just been told."""
    core = Core()
    core.feed("profiles", profile(born="1990-01-01", **more))
    core.feed("messages", message("e1", NOW, OVERDOSE))
    return core


def answer(core: Core, state: str, event: str = "r1", **more: Any) -> None:
    """Answer the first alert, an hour later."""
    core.feed("responses", response(event, core.on("emergency-alerts")[0].alert_id, state, NOW + HOUR, **more))


def statuses(core: Core) -> list[str]:
    """What became of notices, in order."""
    return [one.status for one in core.on("notices")]


def test_a_notice_says_what_a_responder_reported_and_with_whom() -> None:
    """A due notice holds the responder's words, not the recommendation (T1)."""
    core = alerted()
    answer(core, "reported", what=["an overdose"], with_whom=["an ambulance"])
    prepared, due = core.on("notices")
    assert (prepared.status, prepared.with_whom) == ("prepared", ("999",))
    assert (due.status, due.what, due.with_whom, due.why) == ("due", ("an overdose",), ("an ambulance",), ("E4",))
    assert prepared.notice_id != due.notice_id
    assert prepared.about == due.about == core.on("emergency-alerts")[0].alert_id


@pytest.mark.parametrize("state", ["acknowledged", "not_reported", "resolved", "false_alarm"])
def test_only_a_report_makes_a_notice_due(state: str) -> None:
    """A notice that was prepared and not reported is never sent as if it had been (T1)."""
    core = alerted()
    answer(core, state, reason="as found")
    assert statuses(core) == ["prepared"]


def test_a_report_said_twice_is_one_notice() -> None:
    """The same report by a second responder tells the person nothing twice."""
    core = alerted()
    answer(core, "reported", **SAID)
    answer(core, "reported", event="r2", **SAID)
    assert statuses(core) == ["prepared", "due"]


def test_a_held_notice_is_not_sent_when_a_way_to_the_person_appears() -> None:
    """What a responder holds stays held while another of the case goes: the phone may be the one that an abuser reads (T1)."""
    core = Core()
    core.feed("profiles", profile(reachable=False))
    core.feed("messages", message("e1", NOW, OVERDOSE))
    core.feed("messages", message("e2", NOW + HOUR / 2, [{"kind": "self_injury", "recent": "yes", "life_threatening": "yes"}]))
    first, second = core.on("emergency-alerts")
    assert first.case_id == second.case_id
    answer(core, "reported", hold_notice=True, reason="the phone is shared", **SAID)
    core.feed("profiles", profile(at="2026-01-01T00:00:00Z"))
    assert [(one.about, one.status) for one in core.on("notices")] == [(first.alert_id, "held"), (second.alert_id, "prepared")]


def test_a_notice_waits_for_a_first_profile() -> None:
    """Without a profile there is no way to the person; with the first one that has a way the notice is prepared (T1)."""
    core = Core()
    core.feed("messages", message("e1", NOW, OVERDOSE))
    assert statuses(core) == []
    core.feed("profiles", profile(born="1990-01-01"))
    assert statuses(core) == ["prepared"]


def test_a_notice_of_a_referral_invites_them_and_one_of_an_alert_does_not() -> None:
    """Where possible they are involved in the decision: a notice of a non-emergency invites them (T2)."""
    core = Core()
    core.feed("profiles", profile())
    core.feed("messages", message("e1", NOW, HOMELESS))
    core.feed("messages", message("e2", NOW, OVERDOSE))
    assert [one.involve for one in core.on("notices")] == [True, False]


@pytest.mark.parametrize(
    ("state", "closes"), [("resolved", True), ("false_alarm", True), ("acknowledged", False), ("reported", False), ("not_reported", False)]
)
def test_which_answers_close_a_case(state: str, closes: bool) -> None:  # noqa: FBT001  a case of the test
    """Resolved and false alarm close; what comes after is a new case, opened by a fact told after the closing (O4)."""
    core = alerted()
    answer(core, state, reason="as found", **SAID)
    core.now += 3 * HOUR
    core.feed("messages", message("e2", NOW + 2 * HOUR, [{"kind": "self_injury", "recent": "yes", "life_threatening": "yes"}]))
    first, second = core.on("emergency-alerts")
    assert (second.case_id != first.case_id) is closes
    assert second.change == ("opened" if closes else "updated")


def test_an_answer_to_a_referral_leaves_an_open_emergency_open() -> None:
    """A referral that is resolved neither closes nor stills the alert of the same case (O4)."""
    core = Core()
    core.feed("profiles", profile())
    core.feed("messages", message("e1", NOW, [*HOMELESS, *OVERDOSE]))
    referral = core.on("non-emergency-referrals")[0]
    core.feed("responses", response("r1", referral.referral_id, "resolved", NOW + timedelta(minutes=1)))
    core.tick(300)
    first, again = core.on("emergency-alerts")
    assert (again.change, again.case_id) == ("escalated", first.case_id)
    core.feed("messages", message("e2", core.now, [{"kind": "self_injury", "recent": "yes", "life_threatening": "yes"}]))
    last = core.on("emergency-alerts")[-1]
    assert (last.change, last.case_id) == ("updated", first.case_id)
