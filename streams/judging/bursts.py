"""Dead letters of one topic and reason, counted: beyond a limit within a window, one review stands for the rest (U2).

Pure. A window begins with the first dead letter after the last window's end and is measured by arrival: what comes out of a backlog is one
burst, however late. The clock ends a window only when as much time has passed since it was begun, for more of it may be on its way.
"""

from dataclasses import dataclass

import msgspec

from policy.core import Part
from schemas.wire import Reason
from streams.judging.letters import Letter

NAME = "burst/"
"""Parts of a topic's owner that count dead letters are called this and the reason."""


class Burst(Part, frozen=True, kw_only=True):
    """One window of one topic and reason, in whole seconds since the epoch: it counts what arrived from `began` until `ends`.

    `due`: when it is over though nothing came after it. `raised` names those with a review of their own, `rest` counts the others.
    """

    reason: Reason
    began: int
    ends: int = 0
    raised: tuple[tuple[str, int, int], ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """So many dead letters of one topic and reason get a review each within a window (seconds)."""

    each: int = 20
    window: int = 600


def over(burst: Burst, arrival: int) -> bool:
    """Whether a window has ended by an arrival (seconds since the epoch)."""
    return arrival >= burst.ends


def count(burst: Burst | None, letter: Letter, now: int, limits: Limits) -> tuple[Burst, bool]:
    """The window with one more dead letter (`now` in seconds), and whether it gets a review of its own.

    One that is counted again, since its record came again, is told again: a review too many is dropped by its id, one too few is lost.
    """
    arrival = letter.arrival // 1000
    if burst is None or over(burst, arrival):
        burst = Burst(reason=letter.reason, began=arrival, ends=arrival + limits.window, due=max(arrival, now) + limits.window)
    if letter.origin in burst.raised:
        return burst, True
    if len(burst.raised) < limits.each:
        return msgspec.structs.replace(burst, raised=(*burst.raised, letter.origin)), True
    return msgspec.structs.replace(burst, rest=burst.rest + 1), False
