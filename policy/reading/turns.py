"""Reading one text after the turns before it, as `vigil reader read` and `evaluate` do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from policy.reading.seam import Carry, Context, Reader, Reading, Sender


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words, who said them and when (aware)."""

    text: str
    at: datetime
    sender: Sender = "texter"


def read_after(reader: Reader, earlier: Iterable[Spoken], last: Spoken) -> Reading:
    """Read the last turn with what the earlier ones, oldest first, left for it."""
    carry = Carry()
    for turn in earlier:
        carry = reader.read(turn.text, Context(turn.at, turn.sender, carry)).carry
    return reader.read(last.text, Context(last.at, last.sender, carry))
