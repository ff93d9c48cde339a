"""Matching compiled patterns against the words of a sentence: steps forward and back from an anchor, without backtracking."""

from dataclasses import dataclass

from policy.reading.lexicon import Tags
from policy.reading.notation import Role

Span = tuple[Role, int, int]


State = dict[int, tuple[Span, ...]]  # words reached -> the spans of marked items on the way


@dataclass(frozen=True, slots=True)
class Step:
    """One item, compiled: the class that must stand here, or a gap."""

    number: int
    optional: bool
    gap: int
    role: Role


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a pattern, compiled: what stands at the anchor, what before it (nearest first) and what after."""

    pattern: int
    anchor: Step
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    previous: int | None  # the class that must end right before the anchor, if any must
    following: int | None  # the class that must begin right after it
    need: frozenset[int]  # the classes that a sentence must hold
    plain: bool  # no denial is among its own words: one within a match then denies it


@dataclass(frozen=True, slots=True)
class Window:
    """Where to match: the classes that begin and end at each word, and the words `[low, high)` to stay within."""

    heads: list[Tags]
    tails: list[Tags]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Match:
    """Words `[start, end)` of a text that a pattern's line fits; `roles` are the spans of marked items."""

    pattern: int
    start: int
    end: int
    roles: tuple[Span, ...]
    plain: bool


def match_at(line: Line, index: int, window: Window) -> Match | None:
    """Fit a line with its anchor at word `index`; the longest fit, or None."""
    heads, high, following = window.heads, window.high, line.following
    if line.previous is not None and (index <= window.low or line.previous not in window.tails[index - 1]):
        return None
    before: State | None = None
    best: Match | None = None
    for length in heads[index].get(line.anchor.number, ()):
        end = index + length
        if end > high or (following is not None and (end == high or following not in heads[end])):
            continue
        before = before or _walk_back(line.before, index, window.tails, window.low)
        after = _walk_on(line.after, end, heads, high) if before else {}
        if before and after and (best is None or max(after) > best.end):
            best = _match(line, index, end, before, after)
    return best


def _match(line: Line, index: int, end: int, before: State, after: State) -> Match:
    anchor: tuple[Span, ...] = ((line.anchor.role, index, end),) if line.anchor.role else ()
    first, last = min(before), max(after)
    return Match(line.pattern, first, last, before[first] + anchor + after[last], line.plain)


def _walk_on(steps: tuple[Step, ...], begin: int, heads: list[Tags], high: int) -> State:
    states: State = {begin: ()}
    for step in steps:
        if step.gap:
            states = _widen(states, step.gap, 1, high)
            continue
        following: State = dict(states) if step.optional else {}
        for place, roles in states.items():
            for length in heads[place].get(step.number, ()) if place < high else ():
                if place + length <= high:
                    following[place + length] = (*roles, (step.role, place, place + length)) if step.role else roles
        states = following
        if not states:
            break
    return states


def _walk_back(steps: tuple[Step, ...], begin: int, tails: list[Tags], low: int) -> State:
    states: State = {begin: ()}
    for step in steps:
        if step.gap:
            states = _widen(states, step.gap, -1, low)
            continue
        following: State = dict(states) if step.optional else {}
        for place, roles in states.items():
            for length in tails[place - 1].get(step.number, ()) if place > low else ():
                if place - length >= low:
                    following[place - length] = (*roles, (step.role, place - length, place)) if step.role else roles
        states = following
        if not states:
            break
    return states


def _widen(states: State, gap: int, direction: int, limit: int) -> State:
    wider: State = {}
    for place, roles in states.items():
        stop = min(place + gap, limit) if direction > 0 else max(place - gap, limit)
        for reached in range(place, stop + direction, direction):
            wider.setdefault(reached, roles)
    return wider
