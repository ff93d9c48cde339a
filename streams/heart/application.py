"""The Faust app around the heart: its agent, its table, and what the transport needs to know."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import faust
from aiokafka import AIOKafkaProducer
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faust import stores as faust_stores
from faust.transport import drivers
from faust.transport.drivers.aiokafka import credentials_to_aiokafka_auth, server_list
from faust.types import TP

from streams.heart.batches import Batches
from streams.heart.changelog import reading
from streams.heart.clock import SystemClock
from streams.heart.errors import HeartError
from streams.heart.happenings import Observer, ignore
from streams.heart.heart import Heart
from streams.heart.limits import Limits
from streams.heart.ports import Judge
from streams.heart.restore import Restorer
from streams.heart.rocks import Memory
from streams.heart.schema import Whole
from streams.heart.stores import Stores
from streams.heart.tables import TableManager, together
from streams.heart.watchdog import Watchdog
from streams.heart.work import Parts
from streams.heart.writers import ChangelogWriter, OutputWriter

SCHEME = "heart"
OWNER_BYTES = 16


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a worker reads, writes and keeps. Topics have no prefix but for `changelog`, which is named in full."""

    sources: Sequence[str]
    outputs: Sequence[str]
    changelog: str
    prefix: str
    state: Path
    judge: Judge
    limits: Limits = field(default_factory=Limits)
    observe: Observer = ignore


class App(faust.App):  # type: ignore[misc]  # faust has no types that mypy is shown
    """A Faust app with one agent over chunks and one table."""

    assembled = False
    heart: Heart
    stores: Stores
    restorer: Restorer

    def __init__(self, name: str, wiring: Wiring, **settings: Any) -> None:
        drivers.TRANSPORTS.aliases[SCHEME] = "streams.heart.transport:Transport"
        faust_stores.STORES.aliases[SCHEME] = "streams.heart.tables:Store"
        super().__init__(name, TableManager=TableManager, store=f"{SCHEME}://", **settings)
        self.wiring = wiring
        self.topic_prefix, self.changelog = wiring.prefix, wiring.changelog
        self.source_topics, self.output_topics = tuple(wiring.sources), tuple(wiring.outputs)
        self.watchdog = Watchdog(wiring.limits)
        self._clock = SystemClock()

    def connection(self) -> Mapping[str, Any]:
        """How clients of our own connect: as Faust's do."""
        conf = self.conf
        login = credentials_to_aiokafka_auth(conf.broker_credentials, conf.ssl_context)
        return {
            "bootstrap_servers": server_list(self.transport.url, self.transport.default_port),
            "client_id": conf.broker_client_id,
            **login,
        }

    def assemble(self, outputs: AIOKafkaProducer, changelog: AIOKafkaProducer) -> None:
        """Put the heart together, when both producers are connected."""
        wiring = self.wiring
        journal = ChangelogWriter(Batches(changelog, wiring.limits.batch_bytes), wiring.changelog)
        sink = OutputWriter(Batches(outputs, wiring.limits.batch_bytes), wiring.prefix)
        parts = Parts(wiring.judge, sink, journal, self._clock, wiring.limits, wiring.observe, self.watchdog.judging)
        self.stores = Stores(wiring.state, Memory(), self._clock)
        self.heart = Heart(parts, self.stores.__getitem__, self._failed)
        self.assembled = True
        self.heart.on_overtaken = self.tables.recovery.again
        self.restorer = Restorer(
            reading=partial(reading, self.connection(), wiring.changelog),
            journal=journal,
            stores=self.stores,
            confirm=self._confirm,
            owner=partial(secrets.token_bytes, OWNER_BYTES),
            clock=self._clock,
            observe=wiring.observe,
        )

    def assigned_partitions(self) -> set[int]:
        """The partition numbers that are this worker's, all topics and the changelog together."""
        actives = self.assignor.assigned_actives()
        return together(actives, {self.topic_prefix + topic for topic in self.source_topics} | {self.changelog})

    def held_partitions(self) -> set[int]:
        """The partition numbers whose state is kept here: this worker's, and those for which it stands by."""
        kept: set[TP] = self.assignor.assigned_actives() | self.assignor.assigned_standbys()
        return {tp.partition for tp in kept if tp.topic == self.changelog}

    async def _confirm(self) -> bool:
        return bool(await self.consumer.confirm())

    def _failed(self, error: HeartError) -> None:
        self.watchdog.stopping()
        self.add_future(self.crash(error))


def add_agent(app: App) -> None:
    """Register the agent through which every chunk goes, the table, and the look at what comes due."""
    names = [app.topic_prefix + topic for topic in app.source_topics]
    # acks=False: Faust tracks no acknowledgements for these topics at all, so there is nothing that it could commit
    topic = app.topic(*names, schema=Whole(), acks=False)
    partitions = app.topic(
        app.changelog, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw", acks=False, internal=True
    )
    app.Table("state", key_type=bytes, value_type=bytes, changelog_topic=partitions)

    @app.agent(topic, name="heart", concurrency=1)  # type: ignore[untyped-decorator]  # faust's
    async def judge_chunks(stream: Any) -> None:
        async for event in stream.noack().events():
            await app.heart.take(event.value)

    @app.timer(app.wiring.limits.lapse_seconds, name="lapse")  # type: ignore[untyped-decorator]  # faust's
    async def look_again() -> None:
        app.heart.check()
        app.heart.lapse()

    @app.timer(app.wiring.limits.verify_seconds, name="verify")  # type: ignore[untyped-decorator]  # faust's
    async def verify() -> None:
        with suppress(KafkaError, ConsumerStoppedError):  # brokers are away, or the worker stops: at the next look, then
            await app.heart.verify(app.consumer.changelog_ends)
