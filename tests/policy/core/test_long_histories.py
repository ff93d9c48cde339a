import random
from datetime import timedelta
from typing import Any

import pytest

from policy.core import encode_part
from tests.policy.core.driver import NOW, Core, assessment, message, post, profile

START = NOW - timedelta(days=20)
MOST_BYTES = 65_536
KINDS: list[dict[str, Any]] = [
    {"kind": "suicide", "thoughts": "yes"},
    {"kind": "suicide", "plan": "yes", "means": "no"},
    {"kind": "suicide", "timeframe": "immediate"},
    {"kind": "abuse", "ongoing": "yes"},
    {"kind": "abuse", "ongoing": "no", "person_at_risk": {"relation": "friend", "age": 15}},
    {"kind": "self_injury", "recent": "yes"},
]


def life(count: int, seed: int) -> list[tuple[str, dict[str, Any]]]:
    """Many events of one person over three weeks, every third of them telling something."""
    dice = random.Random(seed)  # noqa: S311  the same stories every time, no secret
    told = []
    for number in range(count):
        at = START + timedelta(minutes=number * 60 * 24 * 18 // count, seconds=dice.randrange(30))
        concerns = [dice.choice(KINDS)] if number % 3 == 0 else []
        told.append(("messages", message(f"e{number}", at, concerns)))
    return told


def shown(core: Core) -> dict[str, Any]:
    """What the last decision about each event comes to."""
    return {event: (one.outcome, one.findings) for event, one in core.last().items()}


def run(records: list[tuple[str, dict[str, Any]]]) -> Core:
    """A run over records, a profile first."""
    core = Core()
    core.feed("profiles", profile())
    for topic, value in records:
        core.feed(topic, value)
    return core


@pytest.mark.parametrize("order", ["backwards", "shuffled", "nearly in order"])
def test_a_long_history_ends_the_same_in_whatever_order_it_came(order: str) -> None:
    """Hundreds of events, over many pages, lead to the same last decisions backwards, shuffled or a little out of order (S4)."""
    told = life(420, 7)
    mixed = list(told)
    if order == "backwards":
        mixed.reverse()
    elif order == "shuffled":
        random.Random(3).shuffle(mixed)  # noqa: S311  the same order every time, no secret
    else:
        mixed = [record for pair in zip(told[1::2], told[::2], strict=True) for record in pair]
    assert shown(run(mixed)) == shown(run(told))


@pytest.mark.parametrize("backwards", [False, True])
def test_no_part_grows_with_the_history(backwards: bool) -> None:  # noqa: FBT001  a case of the test
    """However many events somebody writes, and in whatever order, every part of their state stays small."""
    told = life(900, 11)
    core = run(told[::-1] if backwards else told)
    assert max(len(data) for data in core.state.parts["u1"].values()) < MOST_BYTES
    heads = len(core.state.parts["u1"]["head"])
    assert heads < 4096, "the head is written with every event and must stay smallest"


def test_many_findings_about_one_event_take_no_room_without_end() -> None:
    """Of many assessments about one event the newest word on each fact is kept."""
    core = run([("messages", message("e1", START, [{"kind": "overdose", "taken": "yes"}]))])
    for number in range(200):
        taken = "yes" if number % 2 else "no"
        found = assessment(f"a{number}", START + timedelta(minutes=number + 1), [{"kind": "overdose", "taken": taken}], "e1")
        core.feed("assessments", found)
    assert core.last()["e1"].outcome == "emergency"
    assert len(core.state.parts["u1"]["id/e1"]) < 4096


def test_a_finding_about_a_silent_event_is_remembered_in_later_replays() -> None:
    """What a trained person found about an event without facts of its own still counts after another late event is taken in (O6, S4)."""
    core = run([("messages", message("e1", START)), ("messages", message("e3", START + timedelta(hours=2)))])
    core.feed("assessments", assessment("a1", START + timedelta(hours=3), [{"kind": "other", "immediate_risk": "yes"}], "e1"))
    core.feed("messages", message("e2", START + timedelta(hours=1), [{"kind": "homelessness", "homeless_or_at_risk": "yes"}]))
    core.feed("messages", message("e4", START + timedelta(hours=4)))
    assert {event: one.outcome for event, one in core.last().items()} == dict.fromkeys(["e1", "e2", "e3", "e4", "a1"], "emergency")


def test_an_edit_that_came_before_its_post_is_judged_again_beside_it() -> None:
    """An edit of unknown earlier text leads to review at most, until its earlier version comes and shows what the edit adds (S3, S4)."""
    core = Core()
    injury = {"kind": "self_injury", "recent": "yes", "life_threatening": "yes"}
    overdose = {"kind": "overdose", "taken": "yes"}
    edit = post("e2", START + timedelta(minutes=5), [injury, overdose], kind="edited", post_id="p1")
    core.feed("posts", edit)
    assert core.last()["e2"].outcome == "review"
    core.feed("posts", post("e1", START, [injury], post_id="p1"))
    assert core.last()["e2"].outcome == "emergency"
    assert {finding.clause for finding in core.last()["e2"].findings} == {"E2", "E4"}


def test_parts_survive_their_encoding() -> None:
    """A part that is written and read again is the same part."""
    core = run(life(60, 5))
    view = core.state.view("u1")
    for name, data in core.state.parts["u1"].items():
        part = view.get(name)
        assert part is not None
        assert encode_part(part) == data
