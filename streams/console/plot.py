"""A plot of the lag's course as SVG: by time, with what could not be known shown as that, never as nothing behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import Literal

from streams.console.course import Point

Measure = Literal["records", "seconds"]
WIDTH, HEIGHT = 720, 120


@dataclass(frozen=True, slots=True)
class Plot:
    """`lines`: SVG points of each stretch that is known. `gaps`: place and width of those that are not. `top`: what the upper edge means.

    `begin`, `end`: the moments at the left and right edge. `latest`, `most`: what the last poll and any poll found (None: not known).
    """

    lines: tuple[str, ...]
    gaps: tuple[tuple[float, float], ...]
    top: float
    begin: datetime
    end: datetime
    latest: float | None
    most: float | None


def plot(points: Sequence[Point], measure: Measure) -> Plot:
    """The plot of one measure of at least one point."""
    values: list[float | None] = [getattr(point, measure) for point in points]
    known = [value for value in values if value is not None]
    top = max([1.0, *known])
    places = [_across(points, point.at) for point in points]
    spots = [None if value is None else (place, HEIGHT - value / top * HEIGHT) for place, value in zip(places, values, strict=True)]
    begin, end = (datetime.fromtimestamp(point.at, UTC) for point in (points[0], points[-1]))
    return Plot(_lines(spots), _gaps(places, values), top, begin, end, values[-1], max(known, default=None))


def _across(points: Sequence[Point], at: float) -> float:
    span = points[-1].at - points[0].at
    return (at - points[0].at) * WIDTH / span if span > 0 else 0.0


def _lines(spots: list[tuple[float, float] | None]) -> tuple[str, ...]:
    """A stretch of one point is drawn as a line to itself, which round ends make a dot."""
    stretches = [[spot for spot in run if spot] for known, run in groupby(spots, key=lambda spot: spot is not None) if known]
    drawn = [stretch if len(stretch) > 1 else stretch * 2 for stretch in stretches]
    return tuple(" ".join(f"{across:.1f},{down:.1f}" for across, down in stretch) for stretch in drawn)


def _gaps(places: list[float], values: list[float | None]) -> tuple[tuple[float, float], ...]:
    """From each point to the next where either is not known, neighbours put together; all of it where there is but one."""
    if values == [None]:
        return ((0.0, float(WIDTH)),)
    gaps: list[tuple[float, float]] = []
    for (left, before), (right, after) in pairwise(zip(places, values, strict=True)):
        if before is not None and after is not None:
            continue
        begin = gaps.pop()[0] if gaps and gaps[-1][0] + gaps[-1][1] >= left else left
        gaps.append((round(begin, 1), round(right - begin, 1)))
    return tuple(gaps)
