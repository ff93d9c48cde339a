"""The order in which verdicts of one partition number were reached, kept until they are safe.

Topics come in no order among themselves. What is judged again after a crash must meet in the order in which it met before, or outputs that
are out already come again with other contents, or others in their place. So before any output of a verdict is enqueued, the changelog has a
note of all verdicts on their way; whoever gets the partition hands over in that order first.
"""

from collections.abc import Iterable, Mapping

import msgspec

from streams.heart.chunk import Source
from streams.heart.frames import ORDER_KEY, Framed, pack


class Judged(msgspec.Struct, frozen=True, array_like=True):
    """One verdict: of all of `topic` before the offset `end`, or (no topic) of the keys that had come due, with their moments."""

    topic: str
    end: int = 0
    due: dict[bytes, int] = {}

    def covers(self, earlier: "Judged") -> bool:
        """Whether this verdict has judged again all that an earlier one did."""
        return bool(self.topic) and self.topic == earlier.topic and self.end >= earlier.end


class Progress:
    """Notices an order that gets no further: it names records that no longer exist, and going on is worth more."""

    def __init__(self) -> None:
        self._left: dict[int, tuple[int, float]] = {}

    def stuck(self, left: Mapping[int, int], now: float) -> list[int]:
        """Partition numbers in whose order as much has been left for too long. `left`: how much now; `now` in monotonic seconds."""
        before, self._left = self._left, {}
        for partition, count in left.items():
            known, since = before.get(partition, (count, now))
            self._left[partition] = (count, since if known == count else now)
        return [partition for partition, (count, since) in self._left.items() if count and now - since > STUCK_SECONDS]


STUCK_SECONDS = 60.0
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Judged])


def note(verdicts: Iterable[Judged]) -> Framed:
    """The entry of the state that keeps an order."""
    return ORDER_KEY, pack(_ENCODER.encode(list(verdicts)), None)


def noted(value: bytes | None) -> list[Judged]:
    """The order in an entry's value; none where it can't be read: an order is worth less than going on."""
    try:
        return [] if value is None else _DECODER.decode(value)
    except msgspec.MsgspecError:
        return []


def still_open(order: Iterable[Judged], partition: int, positions: Mapping[Source, int]) -> list[Judged]:
    """What of an order is not committed yet. Keys that had come due stay: whoever looks at them again sees whether they still are."""
    return [one for one in order if not one.topic or one.end > positions.get(Source(one.topic, partition), one.end)]
