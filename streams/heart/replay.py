"""Which records of a changelog count, although workers that lost a partition may still have written to it."""

from dataclasses import dataclass, field

from streams.heart.frames import OWNER_KEY


@dataclass(slots=True)
class Replay:
    """Reads one partition's changelog in order.

    Every record carries the epoch of the worker that wrote it, and a worker writes nothing before its claim to a higher epoch than any it
    has read stands in the log. So a record of a lower epoch than one before it is of a worker that had been replaced: it does not count.
    (It may hide the good one from compaction, though; `late` keeps its key, to be written again.)
    """

    epoch: int = 0
    claims: dict[int, bytes] = field(default_factory=dict)  # epoch -> who was first to claim it
    late: set[bytes] = field(default_factory=set)

    def counts(self, key: bytes, value: bytes | None, epoch: int) -> bool:
        """Whether a record is to be applied; to be asked of every record, in order."""
        if key == OWNER_KEY:
            self._claim(value or b"", epoch)
            return False
        if epoch < self.epoch:
            self.late.add(key)
            return False
        self.epoch = epoch
        self.late.discard(key)
        return True

    def _claim(self, owner: bytes, epoch: int) -> None:
        if epoch > self.epoch:
            self.epoch = epoch
            self.claims = {epoch: owner}

    def owned_by(self, owner: bytes, epoch: int) -> bool:
        """Whether this claim was the first to its epoch, and no higher one was made."""
        return self.epoch == epoch and self.claims.get(epoch) == owner
