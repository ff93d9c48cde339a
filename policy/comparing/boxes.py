"""Covering many points by few boxes, exactly: each box is a set of values for every attribute, and holds nothing else. They may overlap."""

from collections.abc import Iterator, Sequence
from typing import Any

Point = tuple[Any, ...]
Box = tuple[frozenset[Any], ...]


def cover(wanted: frozenset[Point], allowed: frozenset[Point], points: frozenset[Point], columns: Sequence[Sequence[Any]]) -> list[Box]:
    """Boxes that together hold all that is wanted, and of `points` only what is allowed; what is no point is nobody's. Few, not fewest."""
    left = dict.fromkeys(sorted(wanted, key=repr))
    boxes: list[Box] = []
    while left:
        seed = next(iter(left))
        box = max(_grown(seed, allowed, points, columns), key=lambda one: sum(holds(one, point) for point in left))
        boxes.append(box)
        left = {point: None for point in left if not holds(box, point)}
    return _needed(boxes, wanted)


def holds(box: Box, point: Point) -> bool:
    """Whether a point lies in a box."""
    return all(value in values for value, values in zip(point, box, strict=True))


def _grown(seed: Point, allowed: frozenset[Point], points: frozenset[Point], columns: Sequence[Sequence[Any]]) -> Iterator[Box]:
    """The box around a point as wide as it gets, by every attribute in turn as the first to widen."""
    places = range(len(columns))
    forbidden = points - allowed
    for first in places:
        box = [{value} for value in seed]
        for place in (*places[first:], *places[:first]):
            for value in columns[place]:
                wider = [*box[:place], box[place] | {value}, *box[place + 1 :]]
                if not any(all(one in values for one, values in zip(point, wider, strict=True)) for point in forbidden):
                    box = wider
        yield tuple(frozenset(values) for values in box)


def _needed(boxes: list[Box], wanted: frozenset[Point]) -> list[Box]:
    """Without those whose points lie in others all the same."""
    kept = list(boxes)
    for box in boxes:
        others = [one for one in kept if one is not box]
        if all(any(holds(other, point) for other in others) for point in wanted if holds(box, point)):
            kept = others
    return kept
