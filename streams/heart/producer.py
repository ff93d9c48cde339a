"""Faust's producer, with the heart's two behind it: for outputs, and for the changelog."""

import asyncio
import contextlib
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faust.transport.drivers.aiokafka import Producer as FaustProducer

from streams.heart.errors import WriteFailedError, describe
from streams.heart.writers import know, new_producer

STOP_SECONDS = 5.0


class Producer(FaustProducer):  # type: ignore[misc]  # faust has no types that mypy is shown
    """Started before the consumer and stopped after it, so that what is in flight can finish."""

    _producer: AIOKafkaProducer | None
    _changelog: AIOKafkaProducer | None = None

    def _new_producer(self, transactional_id: str | None = None) -> AIOKafkaProducer:  # noqa: ARG002 -- faust's signature
        return new_producer(self.app.connection())

    async def on_start(self) -> None:
        """Connect, learn where all topics are, and put the heart together."""
        try:
            await super().on_start()
        except KafkaError as error:
            raise WriteFailedError(
                f"brokers can't be reached: {describe(error)}; see to their addresses and to what they ask of clients"
            ) from error
        self._changelog = new_producer(self.app.connection())
        await self._changelog.start()
        await know(self._producer, [self.app.topic_prefix + topic for topic in self.app.output_topics])
        await know(self._changelog, [self.app.changelog])
        self.app.assemble(self._producer, self._changelog)

    async def flush(self) -> None:
        """Faust flushes before it lets partitions go, without a bound; the heart waits for what is in flight, within one."""

    async def on_stop(self) -> None:
        """Close both. What brokers have not acknowledged by now is not marked done either."""
        for producer in (self._changelog, self._producer):
            await _stopped(producer)
        self._producer = None
        await super().on_stop()


async def _stopped(producer: Any) -> None:
    if producer is not None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(producer.stop(), STOP_SECONDS)
