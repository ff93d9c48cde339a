from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from streams.lag.reading import NO_COMMIT, Reading, Status
from streams.lag.rules import OTHERWISE, RULES, judge

FIRST = Reading(at=1000.0, begin=0, committed=50, end=60, members=1, held=True, oldest_at=999.0, retention=3600.0)
LAST = replace(FIRST, at=1010.0, committed=70, end=80, oldest_at=1009.0)

CASES = {
    "everything read": (FIRST, replace(LAST, committed=80, oldest_at=None), "caught_up"),
    "a record came just now": (FIRST, LAST, "caught_up"),
    "a slow group": (FIRST, replace(LAST, committed=55), "behind"),
    "a slow group whose lag shrinks": (replace(FIRST, end=1000), replace(LAST, committed=900, end=1000), "behind"),
    "hung, records waiting since before": (FIRST, replace(LAST, committed=50), "left_waiting"),
    "hung, records came in between": (replace(FIRST, end=50), replace(LAST, committed=50, end=51, oldest_at=1004.0), "overdue"),
    "not yet hung": (replace(FIRST, end=50), replace(LAST, committed=50, end=51, oldest_at=1009.0), "caught_up"),
    "hung while it rebalances": (FIRST, replace(LAST, committed=50, held=None), "left_waiting"),
    "no members": (FIRST, replace(LAST, committed=50, members=0, held=False), "unread"),
    "no members and nothing to do": (replace(FIRST, end=50), replace(LAST, committed=50, end=50, members=0), "unread"),
    "members elsewhere": (FIRST, replace(LAST, committed=50, members=3, held=False), "unread"),
    "commits from outside the group": (replace(FIRST, members=0, held=False), replace(LAST, members=0, held=False), "caught_up"),
    "ended in good order, all committed": (FIRST, replace(LAST, committed=80, members=0, held=False, oldest_at=None), "left"),
    "one of two ended": (replace(FIRST, members=2), replace(LAST, committed=80, oldest_at=None), "caught_up"),
    "set back": (FIRST, replace(LAST, committed=20), "went_back"),
    "set back and stopped": (FIRST, replace(LAST, committed=20, members=0), "went_back"),
    "its commit is gone": (FIRST, replace(LAST, committed=NO_COMMIT), "went_back"),
    "the log is shorter": (FIRST, replace(LAST, committed=50, end=55), "went_back"),
    "retention overtook it": (FIRST, replace(LAST, committed=50, begin=51), "lost"),
    "everything waiting is gone": (FIRST, replace(LAST, committed=50, begin=80, oldest_at=None), "lost"),
    "overtaken, and nothing else known": (Reading(at=0), Reading(at=1, begin=5, committed=4), "lost"),
    "committed beyond the end": (FIRST, replace(LAST, committed=81), "lost"),
    "about to be deleted": (FIRST, replace(LAST, committed=51, oldest_at=1010.0 - 3300), "nearly_lost"),
    "cut by size and nothing of it read": (FIRST, replace(LAST, committed=51, begin=50, bounded=True), "nearly_lost"),
    "never committed, records wait": (replace(FIRST, committed=NO_COMMIT), replace(LAST, committed=NO_COMMIT), "left_waiting"),
    "never committed, nothing ever written": (
        replace(FIRST, committed=NO_COMMIT, end=0),
        replace(LAST, committed=NO_COMMIT, end=0),
        "caught_up",
    ),
    "never committed, old records gone": (
        replace(FIRST, committed=NO_COMMIT, begin=60),
        replace(LAST, committed=NO_COMMIT, begin=80),
        "unproven",
    ),
    "its first commit": (replace(FIRST, committed=NO_COMMIT), LAST, "caught_up"),
    "two samples of one moment": (LAST, LAST, "incomplete"),
}


@pytest.mark.parametrize(("first", "last", "rule"), CASES.values(), ids=CASES.keys())
def test_each_situation_has_its_rule(first: Reading, last: Reading, rule: str) -> None:
    """What an operator can meet is told apart by name, not only by status word."""
    assert judge(first, last).name == rule


def test_every_rule_is_met_by_a_case() -> None:
    """No line of the table is dead, and every status word can come out."""
    assert {rule for _, _, rule in CASES.values()} == {rule.name for rule in (*RULES, OTHERWISE)}
    assert {rule.status for rule in RULES} == set(Status)


@pytest.mark.parametrize("name", ["begin", "committed", "end"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_missing_number_is_unknown(name: str, place: int) -> None:
    """Each number that the broker failed to give, in either sample, makes a healthy group UNKNOWN."""
    readings = [FIRST, LAST]
    readings[place] = replace(readings[place], **{name: None})
    assert judge(*readings).name == "incomplete"


def test_unknown_members_are_unknown() -> None:
    """A group that could not be described is UNKNOWN even where its commits move."""
    assert judge(FIRST, replace(LAST, members=None, held=None)).name == "incomplete"


def samples(at: float) -> list[Reading]:
    """Every combination of small offsets, each possibly unknown."""
    numbers = product((None, 0, 1, 2), (None, NO_COMMIT, 0, 1, 2), (None, 0, 1, 2))
    return [Reading(at=at, begin=begin, committed=committed, end=end) for begin, committed, end in numbers]


def ends() -> list[Reading]:
    """Every later sample: with members unknown, none or one, the partition held or not, the oldest record unknown, old or new."""
    others = list(product((None, 0, 1), (None, False, True), (None, 1.0, 9.0), (None, 5.0)))
    return [
        replace(reading, members=members, held=held, oldest_at=oldest_at, retention=retention)
        for reading in samples(at=10.0)
        for members, held, oldest_at, retention in others
    ]


def all_pairs() -> Iterator[tuple[Reading, Reading]]:
    """Some 350,000 pairs of samples."""
    yield from product(samples(at=0.0), ends())


def test_ok_is_proven() -> None:
    """Over every pair of small samples: OK only with all numbers known, all that waited read, somebody there or moving, nothing lost."""
    well = [(first, last) for first, last in all_pairs() if judge(first, last).status is Status.OK]
    assert len(well) > 100
    for first, last in well:
        assert None not in (first.begin, first.committed, first.end, last.begin, last.committed, last.end, last.members)
        assert last.begin is not None
        assert last.position is not None
        assert last.end is not None
        assert first.end is not None
        assert first.end <= last.position
        assert last.begin <= last.position <= last.end
        assert last.committed != NO_COMMIT or last.begin == 0
        assert (last.members and last.held is not False) or last.committed != first.committed


def test_a_loss_outranks_everything() -> None:
    """Over every pair of small samples: where records are known to be deleted unread, LOSING is said, however little else is known."""
    losing = [
        (first, last)
        for first, last in all_pairs()
        if last.begin is not None and last.committed not in (None, NO_COMMIT) and last.committed < last.begin
    ]
    assert losing
    assert all(judge(first, last).status is Status.LOSING for first, last in losing)


def test_seeing_less_never_makes_it_well() -> None:
    """Taking any of the broker's answers away from any pair never makes it OK."""
    for first, last in product(samples(at=0.0), samples(at=10.0)):
        full = replace(last, members=1, held=True)
        for name in ("begin", "committed", "end"):
            assert judge(first, replace(full, **{name: None})).status is not Status.OK
            assert judge(replace(first, **{name: None}), full).status is not Status.OK
        assert judge(first, replace(full, members=None)).status is not Status.OK


def test_a_stranger_commit_counts_as_life() -> None:
    """A group that assigns partitions by hand has no members; while its commits move it is not STOPPED."""
    assert judge(replace(FIRST, members=0, held=False), replace(LAST, members=0, held=False)).status is Status.OK
