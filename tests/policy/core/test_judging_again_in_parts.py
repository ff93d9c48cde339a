"""What one step leaves to the next, so that no person holds up others, comes to the same as all in one go (S4, O5)."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from policy.core import encode_part, lapse
from policy.history import log
from policy.steps import replaying
from tests.policy.core.driver import NOW, Core, assessment, message, post, profile

START = NOW - timedelta(days=9)
CONCERNS: list[dict[str, Any]] = [
    {"kind": "suicide", "thoughts": "yes"},
    {"kind": "suicide", "plan": "yes", "means": "yes"},
    {"kind": "suicide", "plan": "no", "timeframe": "immediate"},
    {"kind": "abuse", "ongoing": "yes", "position_of_trust": "yes"},
    {"kind": "homelessness", "homeless_or_at_risk": "yes"},
    {"kind": "pregnancy", "pregnant": "yes", "person_at_risk": {"relation": "friend", "age": 15}},
]
TOPICS = ("decisions", "emergency-alerts", "non-emergency-referrals", "reviews", "support")
Told = tuple[str, dict[str, Any]]
BORN = ["1990-05-05", "2011-05-05", "2008-11-15", None]


@contextmanager
def small(events: int, outputs: int) -> Iterator[None]:
    """Pages of a few events, and steps that can do so much."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "PAGE", 4)
        patch.setattr(log, "MOST_RECENT", 2)
        patch.setattr(replaying, "MOST_EVENTS", events)
        patch.setattr(replaying, "MOST_OUTPUTS", outputs)
        yield


def story(seed: int) -> list[Told]:
    """A life of some dozen events, in order or late, edits and findings among them, while what is known of the author changes."""
    dice = random.Random(seed)  # noqa: S311  the same stories every time, no secret
    told: list[Told] = []
    for number in range(dice.randrange(15, 40)):
        at = START + timedelta(minutes=dice.randrange(11_000) if dice.random() < 0.25 else number * 200)
        concerns = [dice.choice(CONCERNS)] if dice.random() < 0.5 else []
        event = f"e{number}"
        match dice.randrange(8):
            case 0:
                born, at_risk = dice.choice(BORN), dice.choice(["yes", "no"])
                told.append(("profiles", profile(born=born, at=f"2025-01-01T00:{number:02d}:00Z", adult_at_risk=at_risk)))
            case 1:
                told.append(("posts", post(event, at, concerns, kind=dice.choice(["created", "edited"]), post_id="p")))
            case 2:
                about, found = f"e{dice.randrange(40)}", dice.choice(["yes", None])
                told.append(("assessments", assessment(event, at, concerns, about, adult_at_risk=found)))
            case _:
                told.append(("messages", message(event, at, concerns)))
    return told


def shown(core: Core) -> dict[str, Any]:
    """What the last decision about each event comes to."""
    return {event: (one.outcome, one.findings, one.enrichment.age) for event, one in core.last().items()}


def whole(told: list[Told]) -> Core:
    """Everything in one go."""
    with small(10**9, 10**9):
        core = Core()
        for topic, value in told:
            core.feed(topic, value)
    return core


@pytest.mark.parametrize("seed", range(24))
def test_in_parts_the_same_outputs_come_in_the_same_order(seed: int) -> None:
    """A page a step, each record's rest done before the next record: on every topic all outputs are the same, one by one.

    Notices in another order: what a new way to reach somebody makes due does not wait for the past. Nor does a record that changes
    two far places of the past at once, an edit or a finding about an earlier event: its own event is decided in its own step.
    """
    told = [(topic, value) for topic, value in story(seed) if topic in ("messages", "profiles")]
    with small(1, 1):
        core = Core()
        for topic, value in told:
            core.feed(topic, value)
    expected = whole(told)
    assert len(core.outputs) == len(expected.outputs)
    assert {topic: core.on(topic) for topic in TOPICS} == {topic: expected.on(topic) for topic in TOPICS}
    assert sorted(map(str, core.on("notices"))) == sorted(map(str, expected.on("notices")))


@pytest.mark.parametrize("seed", range(100, 148))
def test_whatever_comes_between_two_parts_the_last_decisions_are_the_same(seed: int) -> None:
    """Records that come while pages wait, later profiles and late events included, end in the decisions of one go; then nothing waits."""
    told, dice = story(seed), random.Random(seed)  # noqa: S311  as above
    with small(dice.choice([1, 5]), 10**9):
        core = Core(whole=False)
        for topic, value in told:
            core.feed(topic, value)
            if dice.random() < 0.5:
                left(core)
        while left(core):
            pass
    expected = whole(told)
    assert {event: one[:2] for event, one in shown(core).items()} == {event: one[:2] for event, one in shown(expected).items()}
    for name, data in core.state.parts["u1"].items():
        part = core.state.view("u1").get(name)
        assert part is not None
        assert encode_part(part) == data
        assert getattr(part, "judged", None) is None, "a page that nothing will judge again"
    assert not getattr(core.state.view("u1").get("head"), "anew", False)


def left(core: Core) -> bool:
    """Take up what a step left, twice from one state as after a crash. Gives whether there was anything."""
    view = core.state.view("u1")
    if view.get("anew") is None:
        return False
    first, again = (lapse(view, "u1", ["anew"], core.now, core.rules) for _ in range(2))
    assert first == again, "what was told before a crash has the same ids after it"
    core._take("u1", first)
    return True


def test_a_new_event_is_judged_by_the_new_profile_while_pages_wait() -> None:
    """Who turns out to be a minor is one at once for what they write next, whatever of their past still waits (O5)."""
    with small(1, 1):
        core = Core(whole=False)
        core.feed("profiles", profile(born="1990-05-05"))
        for number in range(40):
            core.feed("messages", message(f"e{number}", START + timedelta(minutes=number), [CONCERNS[4]]))
        core.feed("profiles", profile(at="2025-01-02T00:00:00Z"))
        assert core.state.view("u1").get("anew") is not None
        core.feed("messages", message("new", START + timedelta(hours=2), [CONCERNS[0]]))
        assert core.last()["new"].outcome == "non_emergency"
        assert core.last()["e20"].outcome == "none", "the test asks for a past that still waits"
        while left(core):
            pass
        assert {one.outcome for one in core.last().values()} == {"non_emergency"}


def test_an_erased_person_is_not_judged_again() -> None:
    """A tombstone takes what waited with it."""
    with small(1, 1):
        core = Core(whole=False)
        for number in range(40):
            core.feed("messages", message(f"e{number}", START + timedelta(minutes=number), [CONCERNS[4]]))
        core.feed("profiles", profile())
        core.feed("profiles", None)
        assert core.state.view("u1").get("anew") is None
        had = len(core.on("decisions"))
        core.tick(5)
        assert len(core.on("decisions")) == had


def test_a_profile_that_changes_no_ones_age_reads_no_page() -> None:
    """A date of birth corrected by a day judges nothing again and writes nothing but itself."""
    core = Core()
    core.feed("profiles", profile())
    for number in range(400):
        core.feed("messages", message(f"e{number}", START + timedelta(minutes=number), [CONCERNS[4]]))
    before = dict(core.state.parts["u1"])
    core.feed("profiles", profile(born="2011-05-06", at="2025-01-02T00:00:00Z"))
    after = core.state.parts["u1"]
    assert {name for name in after if after[name] != before.get(name)} == {"head"}
