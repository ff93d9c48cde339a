"""The page's process: reads the outputs, polls the lag, serves the page, and shows what waits to Prometheus."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import uvicorn
from prometheus_client import CollectorRegistry

from streams import clock, logs
from streams.connection import aiokafka, librdkafka
from streams.console.course import Course
from streams.console.feed import Feed
from streams.console.guard import LOCAL, Guard, refuse_open
from streams.console.held import Held
from streams.console.pages import Views, build
from streams.errors import BrokerError
from streams.lag.broker import KafkaDescriber
from streams.lag.polling import Poll, polls
from streams.lag.sampling import Sampler, Wanted
from streams.metrics.unacknowledged import UnacknowledgedCollector, Waiting
from streams.settings import Settings

LOG = logs.get(__name__)
METRICS_SECONDS = 2.0


async def serve(settings: Settings, wanted: Wanted, registry: CollectorRegistry, ready: Callable[[], None]) -> None:
    """Serve until told to end. `ready` is called when the page answers. Raises SettingsError where it would be open to others."""
    refuse_open(settings)
    course, describer = Course(), KafkaDescriber(librdkafka(settings))
    feed = Feed(aiokafka(settings), describer.partitions, settings.topic_prefix, Held(), clock.seconds)
    collector = UnacknowledgedCollector(clock.seconds)
    registry.register(collector)
    password = settings.console_password.get_secret_value() if settings.console_password else None
    app = Guard(build(Views(feed, course, clock.seconds)), settings.console_user, password, (*LOCAL, settings.console_host))
    config = uvicorn.Config(
        app,
        settings.console_host,
        settings.console_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    threading.Thread(target=_poll, args=(settings, wanted, course), name="lag", daemon=True).start()
    tasks = [asyncio.create_task(feed.run()), asyncio.create_task(_measure(feed, collector)), asyncio.create_task(_announce(ready))]
    try:
        await uvicorn.Server(config).serve()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _announce(ready: Callable[[], None]) -> None:
    ready()
    await asyncio.sleep(0)


async def _measure(feed: Feed, collector: UnacknowledgedCollector) -> None:
    """Hand what waits to the metrics, whenever all of it has been read; where it hasn't, they stand still and show their age."""
    counted: dict[str, int] = {}
    while True:
        if feed.current_at is not None:
            collector.take(_waiting(feed), feed.current_at)
            counted = _count(feed, collector, counted)
        await asyncio.sleep(METRICS_SECONDS)


def _count(feed: Feed, collector: UnacknowledgedCollector, counted: dict[str, int]) -> dict[str, int]:
    alarms = dict(feed.held.fold.false_alarms)
    for clause, number in alarms.items():
        for _ in range(number - counted.get(clause, 0)):
            collector.false_alarm((clause,))
    return alarms


def _waiting(feed: Feed) -> Iterable[Waiting]:
    return [Waiting(case.topic, case.since.timestamp(), case.newest.respond_by.timestamp()) for case in feed.held.fold.unanswered()]


def _poll(settings: Settings, wanted: Wanted, course: Course) -> None:
    sampler = Sampler(KafkaDescriber(librdkafka(settings)), clock.seconds, wanted)
    while True:
        try:
            for poll in polls(sampler, settings.poll, time.sleep):
                course.take(poll, clock.seconds())
        except BrokerError as error:
            course.take(Poll([], str(error)), clock.seconds())
        time.sleep(settings.poll)
