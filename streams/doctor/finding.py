"""What a check says."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and in `detail` why, with the next step where there is one.

    `note` is something to know; `problem` is something to mend, and so is whatever could not be looked at.
    """

    check: str
    level: Level
    detail: str
