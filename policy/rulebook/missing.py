"""When facts are missing: under which condition each clause's unknown facts are asked for (U1), and three of four (U3)."""

from collections.abc import Callable, Mapping

import msgspec

from policy.answers import NO, UNKNOWN, YES, Answer
from policy.rulebook.questions import WITHIN_30_DAYS, criteria, given, within
from policy.rulebook.rule import Rule
from policy.situation import Concern

RULES = (
    Rule(
        clause="U3",
        says="three of the four criteria of a plan to end their life are yes",
        kind="suicide",
        facts=("suicide.three_of_four",),
        outcome="review",
        recipients=("supervisor",),
    ),
)


class Asking(msgspec.Struct, frozen=True):
    """A named condition of U1, which holds or not."""

    says: str
    holds: Callable[[Concern], bool]


def _thoughts_and_another(thoughts: Answer, others: tuple[Answer, ...]) -> bool:
    least = {YES: 1, UNKNOWN: 2, NO: len(others) + 1}[thoughts]
    return others.count(YES) >= least


def _criteria_48h(concern: Concern) -> bool:
    thoughts, *others = criteria(concern)
    return _thoughts_and_another(thoughts, tuple(others))


def _criteria_30d(concern: Concern) -> bool:
    thoughts, plan, means, _ = criteria(concern)
    return _thoughts_and_another(thoughts, (plan, means, within(concern, WITHIN_30_DAYS)))


ASKED_WHEN: Mapping[str, Asking] = {
    "raised": Asking("it was raised", lambda _: True),
    "thoughts_and_another_or_two_others": Asking(
        "thoughts and one other criterion are yes, or any two others while thoughts are unknown", _criteria_48h
    ),
    "thoughts_and_another_or_two_others_30d": Asking(
        "thoughts and one other criterion are yes, or any two others while thoughts are unknown (a timeframe within 30 days counts)",
        _criteria_30d,
    ),
    "either_fact_of_injury": Asking("either of its two facts is yes", lambda c: YES in (given(c, "recent"), given(c, "life_threatening"))),
    "position_of_trust": Asking("the position of trust is yes", lambda c: given(c, "position_of_trust") == YES),
    "caring": Asking("there are caring responsibilities", lambda c: given(c, "caring") == YES),
}
