"""Answers that are never guessed: yes, no or unknown, and how they combine."""

from collections.abc import Iterable
from typing import Literal

Answer = Literal["yes", "no", "unknown"]
YES: Answer = "yes"
NO: Answer = "no"
UNKNOWN: Answer = "unknown"


def all_of(answers: Iterable[Answer]) -> Answer:
    """`no` where one is no, `yes` where all are yes, else unknown."""
    given = set(answers)
    return NO if NO in given else UNKNOWN if UNKNOWN in given else YES


def any_of(answers: Iterable[Answer]) -> Answer:
    """`yes` where one is yes, `no` where all are no, else unknown."""
    given = set(answers)
    return YES if YES in given else UNKNOWN if UNKNOWN in given else NO


def not_(answer: Answer) -> Answer:
    """The opposite; unknown stays unknown."""
    return {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[answer]
