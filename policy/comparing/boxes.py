"""Covering many points by few boxes, exactly: each box is a set of values for every attribute, and holds nothing else."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from policy.comparing.points import Change, Field, Point

Box = tuple[frozenset[Any], ...]


def cover(field: Field) -> Iterator[tuple[Change, Box]]:
    """Boxes that together hold all points where versions differ, each of one change. Points that the space doesn't have are nobody's."""
    by_change: dict[Change, set[Point]] = defaultdict(set)
    for point, change in field.differing.items():
        by_change[change].add(point)
    for change, points in by_change.items():
        left = sorted(points, key=repr)
        while left:
            box = _grow(left[0], field, points)
            yield change, box
            left = [point for point in left if not _holds(box, point)]


def _grow(point: Point, field: Field, allowed: Collection[Point]) -> Box:
    """The box around a point, as wide as it gets, one attribute after the other; those of the person first, since most don't matter."""
    box: list[set[Any]] = [{value} for value in point]
    inside = [point]
    for place, values in enumerate(field.attributes.values()):
        for value in values:
            if value not in box[place]:
                moved = [(*one[:place], value, *one[place + 1 :]) for one in _slice(inside, place)]
                real = [one for one in moved if one in field.points]
                if real and all(one in allowed for one in real):
                    box[place].add(value)
                    inside += real
    return tuple(frozenset(values) for values in box)


def _slice(points: Sequence[Point], place: int) -> list[Point]:
    """Points that differ in more than one attribute, once each."""
    seen: dict[Point, Point] = {}
    for point in points:
        seen.setdefault((*point[:place], *point[place + 1 :]), point)
    return list(seen.values())


def _holds(box: Box, point: Point) -> bool:
    return all(value in values for value, values in zip(point, box, strict=True))
