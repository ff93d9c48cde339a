"""Looking for records of a replaced worker in changelogs to which this one has nothing to write: a write would notice by itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from streams.heart.lane import Lane
from streams.heart.sinks import Journal

Ends = Callable[[Sequence[int]], Awaitable[Mapping[int, int]]]


async def find_stranger(lanes: Callable[[], Mapping[int, Lane]], journal: Journal, ends: Ends) -> int | None:
    """A partition number whose changelog has grown although this worker wrote nothing, or None. Where it has not, the store is trusted.

    `ends` asks brokers where changelogs end; `lanes` may change meanwhile.
    """
    before = _quiet_ends(lanes(), journal)
    found = await ends(sorted(before)) if before else {}
    after = _quiet_ends(lanes(), journal)
    for partition, end in before.items():
        if after.get(partition) != end:
            continue
        if found.get(partition, end) > end:
            return partition
        lanes()[partition].trusted()
    return None


def _quiet_ends(lanes: Mapping[int, Lane], journal: Journal) -> dict[int, int]:
    ends = {partition: journal.end(partition) for partition, lane in lanes.items() if not lane.busy}
    return {partition: end for partition, end in ends.items() if end is not None}
