"""The page's process: reads the outputs, polls the lag, serves the page, and shows what waits to Prometheus."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from socket import socket

import uvicorn
from prometheus_client import CollectorRegistry

from streams import clock
from streams.connection import aiokafka, librdkafka
from streams.console.course import Course
from streams.console.feed import Feed
from streams.console.guard import LOCAL, Guard, refuse_open
from streams.console.held import Held
from streams.console.pages import Views, build
from streams.console.pulse import Pulse
from streams.errors import VigilError
from streams.health import BEAT_SECONDS
from streams.lag.broker import KafkaDescriber
from streams.lag.polling import polls
from streams.lag.sampling import Sampler, Wanted
from streams.metrics.unacknowledged import UnacknowledgedCollector, Waiting
from streams.settings import Settings
from streams.versions import versions_known

METRICS_SECONDS = 2.0


class PageError(VigilError):
    """The page can't be served, or a part of its process has ended."""


class _Server(uvicorn.Server):
    """Says when it answers, and raises where it can't listen: uvicorn's own ends the process, and says why only in a log of its own."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def run_here(self) -> None:
        """Serve until told to end. Raises PageError. A signal is handed on once it has ended: that is the ordinary end."""
        try:
            await self.serve()
        except SystemExit:
            if not self.started:
                place = f"{self.config.host}:{self.config.port}"
                raise PageError(f"the page can't be served on `{place}`: something else listens there; give another `--port`") from None


async def serve(settings: Settings, wanted: Wanted, registry: CollectorRegistry, pulse: Pulse, ready: Callable[[], None]) -> None:
    """Serve until told to end. `ready` is called when the page answers. Raises PageError, and SettingsError where others could see it."""
    refuse_open(settings)
    describer = KafkaDescriber(librdkafka(settings))
    feed = Feed(aiokafka(settings), describer.partitions, settings.topic_prefix, Held(), clock.seconds)
    pulse.standing = feed.standing
    collector = UnacknowledgedCollector(clock.seconds)
    registry.register(collector)
    views = Views(feed, Course(settings.group, settings.poll), clock.seconds, versions_known(settings.policy))
    server = _Server(_config(settings, views), ready)
    threading.Thread(target=_poll, args=(settings, wanted, views, pulse), name="lag", daemon=True).start()
    work = [feed.run(), _measure(feed, collector), _beat(pulse)]
    await _together(server, [asyncio.create_task(each) for each in work])


def _config(settings: Settings, views: Views) -> uvicorn.Config:
    password = settings.console_password.get_secret_value() if settings.console_password else None
    return uvicorn.Config(
        Guard(build(views), settings.console_user, password, (*LOCAL, settings.console_host)),
        settings.console_host,
        settings.console_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )


async def _together(server: "_Server", tasks: list[asyncio.Task[None]]) -> None:
    """The server and what works beside it: where one of those fails, all end, so that whoever supervises starts them anew."""
    serving = asyncio.create_task(server.run_here())
    try:
        done, _ = await asyncio.wait([serving, *tasks], return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
        for task in done:
            await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _beat(pulse: Pulse) -> None:
    while True:
        pulse.beat()
        await asyncio.sleep(BEAT_SECONDS)


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


def _poll(settings: Settings, wanted: Wanted, views: Views, pulse: Pulse) -> None:
    """The course is replaced, never changed: a page that is being made keeps the one that it began with."""
    sampler = Sampler(KafkaDescriber(librdkafka(settings)), clock.seconds, wanted)
    for poll in polls(sampler, settings.poll, time.sleep):
        views.course = views.course.taken(poll, clock.seconds())
        pulse.polled()
