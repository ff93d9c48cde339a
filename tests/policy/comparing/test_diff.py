"""The difference of two versions is complete, exact and short."""

import pytest
from msgspec.structs import replace

from policy.comparing.diff import Diff, diff
from policy.comparing.points import fields
from policy.versions.library import shipped
from policy.versions.version import Version

BEFORE, AFTER = "pre-merger", "merged"


@pytest.fixture(scope="module")
def found() -> Diff:
    """What the merger changed."""
    return diff(shipped()[BEFORE], shipped()[AFTER])


def test_every_point_that_differs_is_told_and_no_other(found: Diff) -> None:
    """Each point of the space whose outcome differs lies in a sentence of its own change, and none whose outcome is the same in any."""
    for field in fields(shipped()[BEFORE], shipped()[AFTER]):
        told = [one for one in found.situations if one.kind == field.kind]
        differing = {point: change for point, change in field.differing.items() if change.before != change.after}
        for point in field.points:
            holding = {(one.before, one.after) for one in told if one.holds(point)}
            change = differing.get(point)
            assert not holding if change is None else (change.before, change.after) in holding


def test_it_is_short_and_lost_emergencies_come_first(found: Diff) -> None:
    """Few enough to be read, and whoever reads only the top sees every lost emergency."""
    lost = [one.lost_emergency for one in found.situations]
    assert len(lost) < 70
    assert any(lost)
    assert lost == sorted(lost, reverse=True)


def test_a_version_does_not_differ_from_itself() -> None:
    """No sentence where nothing changed."""
    assert diff(shipped()[AFTER], shipped()[AFTER]) == Diff((), ())


def _changed(**thresholds: int) -> Version:
    merged = shipped()[AFTER]
    return replace(merged, thresholds=replace(merged.thresholds, **thresholds))


def test_a_threshold_gives_its_own_sentences_alone() -> None:
    """Pregnancy under 15 rather than 16: one sentence on the threshold, at most five, and short, on pregnancy, none on anything else."""
    planted = diff(shipped()[AFTER], _changed(pregnancy_under_age=15))
    assert planted.settings == ("`pregnancy_under_age` is 16 in `merged` and 15 in `merged`.",)
    assert {one.kind for one in planted.situations} == {"pregnancy"}
    assert len(planted.situations) <= 5
    assert max(len(one.says) for one in planted.situations) < 400


def test_a_dropped_emergency_clause_is_a_lost_emergency() -> None:
    """Without E4 an overdose is an emergency no more, and the clause is named."""
    merged = shipped()[AFTER]
    planted = diff(merged, replace(merged, name="planted", rules=tuple(rule for rule in merged.rules if rule.clause != "E4")))
    assert planted.settings == ("Only `merged` has E4.",)
    assert planted.situations[0].lost_emergency
    assert planted.situations[0].says.startswith("Overdose (taken yes) of ")
