"""The bounds within which the heart works, each with what would break without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts, bytes and seconds. The defaults are what the documentation promises; tests make them smaller.

    Raises:
        ValueError: a bound that is not positive, or bounds that contradict each other.
    """

    chunk_records: int = 500  # beyond it one partition would hold up the others
    chunk_bytes: int = 1 << 20
    chunk_seconds: float = 0.05  # of judging, by what a record took lately
    in_flight: int = 3  # chunks of one partition number that wait for the brokers; a topic that has none of them may add one
    waiting: int = 2  # chunks handed over and not yet judged: what comes later may be more urgent
    overlap_records: int = 64  # fewer wait until nothing of their topic and partition is in flight: small chunks cost more than they gain
    buffer_records: int = 1000  # read ahead per topic and partition
    buffer_bytes: int = 2 << 20
    batch_bytes: int = 512 << 10  # of records in one request to one partition; a larger record goes alone and compressed
    produce_seconds: float = 120.0  # without an acknowledgement for so long: failed for good
    judge_seconds: float = 60.0  # for one chunk; beyond it the process ends
    revoke_seconds: float = 10.0  # how long a rebalance waits for what is in flight
    drain_seconds: float = 20.0  # how long a stop may take in all
    lapse_records: int = 200  # keys looked at again in one go
    lapse_seconds: float = 0.25  # what a step left waits so long for each part of it
    verify_seconds: float = 10.0  # between two looks for records of a replaced worker; far below the changelog's compaction lag

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if getattr(self, name) <= 0:
                raise ValueError(f"`{name}` must be more than 0, and is `{getattr(self, name)}`")
        if self.revoke_seconds >= self.drain_seconds:
            raise ValueError("`revoke_seconds` must be less than `drain_seconds`: a rebalance may be the last thing before a stop")
