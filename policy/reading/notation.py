"""The notation of patterns: a line of words, classes of words, gaps and options. `docs/reading.md` explains it to whoever adds one."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["", "at_risk", "actor", "time"]
_ROLES: dict[str, Role] = {"@": "at_risk", "^": "actor", "#": "time"}
_GAP = 3  # words that `..` may stand for


@dataclass(frozen=True, slots=True)
class Item:
    """One step of a pattern: words or classes of which one must stand here, or a gap of up to `gap` words."""

    choices: tuple[str, ...]
    optional: bool = False
    gap: int = 0
    role: Role = ""


def parse_line(line: str) -> tuple[Item, ...]:
    """Read one line of notation.

    Raises:
        ValueError: an item cannot be read, or the line begins or ends with a gap or an option.
    """
    items = tuple(_parse_item(piece) for piece in line.split())
    if not items or items[0].gap or items[-1].gap:
        raise ValueError(f"`{line}` begins or ends with a gap: begin and end with a word")
    return items


def _parse_item(piece: str) -> Item:
    if piece.startswith(".."):
        return Item((), gap=int(piece[2:] or _GAP))
    role = _ROLES.get(piece[0], "")
    body = piece[1:] if role else piece
    optional = body.endswith("?")
    choices = tuple(body.removesuffix("?").split("/"))
    if not all(choices):
        raise ValueError(f"`{piece}` names an empty choice: write `word/word` or `<class>`")
    return Item(choices, optional=optional, role=role)
