"""Covering many points by few boxes, exactly: each box is a set of values for every attribute, and holds nothing else. They may overlap."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

Point = tuple[Any, ...]
Box = tuple[frozenset[Any], ...]
_Masks = Sequence[Mapping[Any, int]]
"""For each attribute and value, the points that have it, a bit each: so that a box is looked at in a few steps, however many there are."""


def cover(wanted: frozenset[Point], allowed: frozenset[Point], points: frozenset[Point], columns: Sequence[Sequence[Any]]) -> list[Box]:
    """Boxes that together hold all that is wanted, and of `points` only what is allowed; what is no point is nobody's. Few, not fewest."""
    sought = sorted(wanted, key=repr)
    forbidden, of_wanted = _masks(points - allowed, columns), _masks(sought, columns)
    left, boxes = (1 << len(sought)) - 1, list[Box]()
    while left:
        seed = sought[(left & -left).bit_length() - 1]
        box = max(_grown(seed, forbidden, columns), key=lambda one: (_inside(one, of_wanted) & left).bit_count())
        boxes.append(box)
        left &= ~_inside(box, of_wanted)
    return _needed(boxes, of_wanted)


def holds(box: Box, point: Point) -> bool:
    """Whether a point lies in a box."""
    return all(value in values for value, values in zip(point, box, strict=True))


def _masks(points: Iterable[Point], columns: Sequence[Sequence[Any]]) -> _Masks:
    masks: list[dict[Any, int]] = [dict.fromkeys(column, 0) for column in columns]
    for bit, point in enumerate(points):
        for mask, value in zip(masks, point, strict=True):
            mask[value] |= 1 << bit
    return masks


def _inside(box: Iterable[Iterable[Any]], masks: _Masks) -> int:
    """The points in a box."""
    return reduce(int.__and__, (reduce(int.__or__, (mask[value] for value in values), 0) for values, mask in zip(box, masks, strict=True)))


def _grown(seed: Point, forbidden: _Masks, columns: Sequence[Sequence[Any]]) -> Iterator[Box]:
    """The box around a point as wide as it gets, by every attribute in turn as the first to widen."""
    places = range(len(columns))
    for first in places:
        box = [{value} for value in seed]
        for place in (*places[first:], *places[:first]):
            others = _inside([*box[:place], columns[place], *box[place + 1 :]], forbidden)
            box[place] |= {value for value in columns[place] if not others & forbidden[place][value]}
        yield tuple(frozenset(values) for values in box)


def _needed(boxes: list[Box], of_wanted: _Masks) -> list[Box]:
    """Without those whose points lie in others all the same."""
    kept = list(boxes)
    for box in boxes:
        others = reduce(int.__or__, (_inside(one, of_wanted) for one in kept if one is not box), 0)
        if not _inside(box, of_wanted) & ~others:
            kept = [one for one in kept if one is not box]
    return kept
