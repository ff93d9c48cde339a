"""Reads the output topics into memory: no group, nothing committed, nothing written. Knows how old what it has read is."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from streams import logs
from streams.console.held import READ, Came, Held
from streams.errors import BrokerError

LOG = logs.get(__name__)
WINDOW = 500
"""Records of decisions and dead letters of each partition that are read from before the start."""
RECENT = ("decisions", "dead-letters")
ASK_SECONDS = 2.0
STALE_SECONDS = 20.0
"""Seconds after which what was read last counts as old: several questions to the brokers went unanswered, or reading falls behind."""
AGAIN_SECONDS = 5.0
RETRY_MILLISECONDS = 1000
"""How often the client itself tries brokers that don't answer: it complains of each time."""
ALONE: dict[str, Any] = {"group_id": None, "enable_auto_commit": False, "auto_offset_reset": "earliest"}


class Feed:
    """`run` reads until cancelled; `changed` grows with every record; `current_at` when all was read (None: never)."""

    def __init__(
        self, client: dict[str, Any], partitions: Callable[[], Mapping[str, int]], prefix: str, held: Held, clock: Callable[[], float]
    ) -> None:
        self._partitions = partitions
        self._client, self._prefix, self._clock = client, prefix, clock
        self.held = held
        self.changed = 0
        self.current_at: float | None = None
        self.trouble: str | None = None
        self._asked = 0.0
        self._goal: tuple[float, Mapping[TopicPartition, int]] | None = None

    @property
    def through(self) -> bool:
        """Whether all that there was has been read once."""
        return self.current_at is not None

    def standing(self) -> str | None:
        """Why what is held is not all that there is; None where it is."""
        match self.state():
            case "current":
                return None
            case "stale":
                return f"nothing was read for {self._clock() - (self.current_at or 0):.0f} s: {self.trouble or 'reading falls behind'}"
            case _:
                return self.trouble or "the outputs are still being read"

    def state(self) -> str:
        """`blind` (never through, and the brokers can't be read), `reading` (not yet through), `current`, or `stale`."""
        if self.current_at is None:
            return "blind" if self.trouble else "reading"
        return "stale" if self._clock() - self.current_at > STALE_SECONDS else "current"

    async def run(self) -> None:
        """Read for ever. A broker that is away is asked again; what was read stays, and grows stale. Where reading has begun it goes on."""
        places: dict[TopicPartition, int] = {}
        while True:
            try:
                await self._read(places)
            except BrokerError as error:
                self.trouble = str(error)
                LOG.warning("feed.broken", reason="BrokerError")
            except (KafkaError, OSError, TimeoutError) as error:
                self.trouble = f"the brokers can't be read ({type(error).__name__})"
                LOG.warning("feed.broken", reason=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _read(self, places: dict[TopicPartition, int]) -> None:
        consumer = AIOKafkaConsumer(**self._client, **ALONE, retry_backoff_ms=RETRY_MILLISECONDS)
        try:
            await consumer.start()
            await self._begin(consumer, places)
            self.trouble = self._goal = None
            while True:
                for came in (await consumer.getmany(timeout_ms=500, max_records=2000)).values():
                    self._take(came, places)
                await self._look(consumer)
        finally:
            await _stop(consumer)

    async def _begin(self, consumer: Any, places: dict[TopicPartition, int]) -> None:
        """Assign every partition of every topic that is read; where it was read before, from there."""
        counts = await asyncio.to_thread(self._partitions)
        missing = [name for name in READ if not counts.get(self._prefix + name)]
        if missing:
            raise BrokerError(f"there is no topic `{self._prefix}{missing[0]}`, or no right to read it: run `vigil topics plan`")
        found = [TopicPartition(self._prefix + name, number) for name in READ for number in range(counts[self._prefix + name])]
        consumer.assign(found)
        begins, ends = await consumer.beginning_offsets(found), await consumer.end_offsets(found)
        for place in found:
            recent = place.topic.removeprefix(self._prefix) in RECENT
            first = max(begins[place], ends[place] - WINDOW) if recent else begins[place]
            consumer.seek(place, max(first, places.get(place, 0)))

    def _take(self, records: list[Any], places: dict[TopicPartition, int]) -> None:
        for record in records:
            topic = record.topic.removeprefix(self._prefix)
            self.held.take(Came(topic, record.key, record.value, record.headers, record.timestamp, record.partition, record.offset))
            places[TopicPartition(record.topic, record.partition)] = record.offset + 1
        self.changed += len(records)

    async def _look(self, consumer: Any) -> None:
        """Whether everything is read that was there when the brokers were asked; until it is, that question stands.

        What comes in meanwhile is the next question's, so that a stream that never rests is not taken for one that is never read.
        """
        if self._goal is None:
            if self._clock() - self._asked < ASK_SECONDS:
                return
            self._asked = self._clock()
            ends = await asyncio.wait_for(consumer.end_offsets(consumer.assignment()), ASK_SECONDS * 5)
            self._goal = (self._asked, ends)
        asked, ends = self._goal
        for place, end in ends.items():
            if await consumer.position(place) < end:
                return
        self.current_at, self.trouble, self._goal = asked, None, None


async def _stop(consumer: Any) -> None:
    """The client lets out that its own tasks were cancelled, where a broker was away; only a cancellation of ours is one."""
    task = asyncio.current_task()
    try:
        await consumer.stop()
    except asyncio.CancelledError:
        if task is not None and task.cancelling():
            raise
