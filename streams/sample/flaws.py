"""What goes wrong on a real line: records that can't be read, one under a wrong key, an id used twice, a record delivered again."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from streams.sample.dice import Dice
from streams.sample.line import Line


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def flawed(lines: Sequence[Line], dice: Dice) -> list[Line]:
    """Extra lines made from everyday posts among `lines`: one for each dead-letter reason that a publisher causes, and one redelivery."""
    posts = (line for line in lines if isinstance(line.value, dict) and line.value.get("kind") == "created")
    plain = dice.shuffled([line for line in posts if isinstance(line.value, dict) and "concerns" not in line.value])
    return [_spoilt(name, line) for name, line in zip(("cut", "schema", "time", "key", "twice", "again"), plain, strict=False)]


def _spoilt(name: str, line: Line) -> Line:
    if not isinstance(line.value, dict):
        raise TypeError("only a post is spoilt; pass lines whose value is an object")
    fresh = {**line.value, "event_id": f"{line.value['event_id']}-{name}", "post_id": f"{line.value['post_id']}-{name}"}
    match name:
        case "cut":  # not_json: a producer that died in the middle of a record
            return replace(line, value=_dump(fresh)[:-20])
        case "schema":  # unknown_schema: a publisher ahead of us
            return replace(line, value={**fresh, "schema": "post/9"})
        case "time":  # invalid: a time without an offset could be an hour off
            return replace(line, value={**fresh, "occurred_at": fresh["occurred_at"].removesuffix("Z")})
        case "key":  # key_mismatch: facts would go to somebody else's picture
            return replace(line, key="u-0000000000", value=fresh)
        case "twice":  # duplicate_id: another post under an id that was used before
            return replace(line, value={**line.value, "text": "same id, other words"})
        case _:  # a redelivery: the very same record once more, which changes nothing
            return line
