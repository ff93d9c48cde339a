"""Dead letters of one topic and reason, counted: beyond a limit within a window, one review stands for the rest (U2).

Pure. A window begins with the first dead letter after the last window's end and is measured by arrival.
"""

from dataclasses import dataclass

import msgspec

from policy.core import Part
from schemas.wire import Reason
from streams.judging.letters import Letter

NAME = "burst/"
"""Parts of a topic's owner that count dead letters are called this and the reason."""


class Burst(Part, frozen=True, kw_only=True):
    """One window of one topic and reason: `began` and `due` (its end) in whole seconds since the epoch.

    `raised` names those with a review of their own, `rest` counts the others.
    """

    reason: Reason
    began: int
    raised: tuple[tuple[str, int, int], ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """So many dead letters of one topic and reason get a review each within a window (seconds)."""

    each: int = 20
    window: int = 600


def over(burst: Burst, arrival: int) -> bool:
    """Whether a window has ended by a moment (seconds since the epoch)."""
    return burst.due is not None and arrival >= burst.due


def count(burst: Burst | None, letter: Letter, arrival: int, limits: Limits) -> tuple[Burst, bool]:
    """The window with one more dead letter (its arrival in seconds), and whether it gets a review of its own.

    One that is counted again, since its record came again, is told again: a review too many is dropped by its id, one too few is lost.
    """
    if burst is None or over(burst, arrival):
        burst = Burst(reason=letter.reason, began=arrival, due=arrival + limits.window)
    if letter.origin in burst.raised:
        return burst, True
    if len(burst.raised) < limits.each:
        return msgspec.structs.replace(burst, raised=(*burst.raised, letter.origin)), True
    return msgspec.structs.replace(burst, rest=burst.rest + 1), False
