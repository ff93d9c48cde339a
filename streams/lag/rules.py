"""The table that turns two readings into a status word. The first rule whose facts all hold wins; where none does, it is UNKNOWN.

A rule is a value: facts are named questions about the two readings, and a question that can't be answered is not a yes. What differs from
Burrow, and why: the end of the log is the broker's at this moment, not at the group's last commit (a hung group looked fine); no window of
ten commits must be full (a slow or new group looked fine); one moment without lag excuses nothing; a handful of records that came since
the last look is no warning; a group without members is shown; and OK must be proven by numbers, it is never what is left over.
"""

from collections.abc import Callable
from dataclasses import dataclass

from streams.lag.measures import lost, retention_used
from streams.lag.reading import Reading, Status

Question = Callable[[Reading, Reading], bool | None]

NEARLY = 0.9
"""The share of retention from which the oldest waiting record counts as about to be lost."""
PATIENCE = 0.5
"""The share of the time between two readings that a record may wait for a group that commits nothing."""


def has_lost(first: Reading, last: Reading) -> bool | None:
    """Records were deleted before the group committed them, or the log now ends before what the group has committed."""
    del first
    cut, beyond = lost(last), _beyond_the_end(last)
    return None if cut is None and beyond is None else bool(cut or beyond)


def nearly_loses(first: Reading, last: Reading) -> bool | None:
    """The oldest waiting record has used `NEARLY` of its retention."""
    del first
    used = retention_used(last)
    return None if used is None else used >= NEARLY


def is_incomplete(first: Reading, last: Reading) -> bool:
    """A number that the rules below need is missing from either reading, or no time lies between the two."""
    needed = (first.begin, first.committed, first.end, last.begin, last.committed, last.end, last.members)
    return last.at <= first.at or any(number is None for number in needed)


def went_back(first: Reading, last: Reading) -> bool | None:
    """The group has committed an earlier offset, or its commit is gone, or the log itself is shorter."""
    if first.committed is None or last.committed is None or first.end is None or last.end is None:
        return None
    return last.committed < first.committed or last.end < first.end


def is_unread(first: Reading, last: Reading) -> bool | None:
    """The group has no members, or none that holds this partition."""
    del first
    if last.members is None:
        return None
    return last.members == 0 or last.held is False


def has_left(first: Reading, last: Reading) -> bool | None:
    """The group had members and has none: what it committed as it went does not say that anybody reads on."""
    if first.members is None or last.members is None:
        return None
    return first.members > 0 and last.members == 0


def stood_still(first: Reading, last: Reading) -> bool | None:
    """Nothing was committed between the readings."""
    if first.committed is None or last.committed is None:
        return None
    return first.committed == last.committed


def left_waiting(first: Reading, last: Reading) -> bool | None:
    """A record that was there at the first reading is still uncommitted at the last."""
    if last.position is None or first.end is None:
        return None
    return last.position < first.end


def is_overdue(first: Reading, last: Reading) -> bool | None:
    """The oldest waiting record has waited `PATIENCE` of the time between the readings."""
    if last.waited is None:
        return None
    return last.waited >= PATIENCE * (last.at - first.at)


def is_caught_up(first: Reading, last: Reading) -> bool | None:
    """All that was there at the first reading has been committed, and where nothing ever was, nothing can have been deleted either."""
    waiting = left_waiting(first, last)
    if waiting is None or last.begin is None or is_incomplete(first, last):
        return None
    return not waiting and not (last.never and last.begin > 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """If all `facts` hold, the status is `status`, because of `reason` (a sentence for an operator)."""

    name: str
    status: Status
    facts: tuple[Question, ...]
    reason: str


RULES = (
    Rule("lost", Status.LOSING, (has_lost,), "records were deleted before the group read them, or the log was made anew"),
    Rule("nearly_lost", Status.LOSING, (nearly_loses,), "the oldest waiting record is about to be deleted by retention"),
    Rule("incomplete", Status.UNKNOWN, (is_incomplete,), "the broker did not give all numbers in both samples"),
    Rule("went_back", Status.REWOUND, (went_back,), "the committed offset or the log's end went back: records are read again"),
    Rule("unread", Status.STOPPED, (is_unread, stood_still), "no member of the group reads this partition"),
    Rule("left", Status.STOPPED, (has_left,), "the last member of the group has left"),
    Rule("left_waiting", Status.STALLED, (left_waiting, stood_still), "a member holds it, records wait and nothing was committed"),
    Rule("overdue", Status.STALLED, (is_overdue, stood_still), "records came in and nothing was committed for half a poll or more"),
    Rule("behind", Status.LAGGING, (left_waiting,), "the group commits, but what was there one poll ago is not all read"),
    Rule("caught_up", Status.OK, (is_caught_up,), "all that was there one poll ago is read"),
)
OTHERWISE = Rule("unproven", Status.UNKNOWN, (), "nothing was ever committed and old records are gone: what was read can't be known")


def judge(first: Reading, last: Reading) -> Rule:
    """The first rule of the table that holds for two readings of one place."""
    return next((rule for rule in RULES if all(fact(first, last) is True for fact in rule.facts)), OTHERWISE)


def _beyond_the_end(reading: Reading) -> bool | None:
    if reading.committed is None or reading.end is None:
        return None
    return reading.committed > reading.end
