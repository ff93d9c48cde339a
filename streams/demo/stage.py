"""Sets the stage: the embedded broker with its topics, the real worker, and the consumer that watches; and clears it all away."""

import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from streams import clock, topics
from streams.demo.beside import address, console
from streams.demo.kafka import KafkaWorld
from streams.demo.worker import WorkerProcess
from streams.embedded import EmbeddedKafka
from streams.errors import VigilError
from streams.settings import Settings, load

PARTITIONS = 4
READY_WITHIN = 45_000
"""Milliseconds that the worker, or the page, may take to be ready."""
PROBE_SECONDS = 0.5


class WatchedWorld(KafkaWorld):
    """Kafka with a worker process that is watched over."""

    def __init__(self, settings: Settings, worker: WorkerProcess) -> None:
        super().__init__(settings.bootstrap, settings.topic_prefix, settings.group, settings.partitions)
        self._worker = worker

    def check(self) -> None:
        """Raise VigilError where the worker has ended."""
        self._worker.check()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _variables(bootstrap: str, merger_at: datetime, folder: Path) -> dict[str, str]:
    """The settings of the demo, as anybody would set them in the environment."""
    return {
        "VIGIL_KAFKA": bootstrap,
        "VIGIL_MERGER_AT": merger_at.isoformat(),
        "VIGIL_PARTITIONS": str(PARTITIONS),
        "VIGIL_ALLOW_UNREPLICATED": "1",
        "VIGIL_STATE_DIR": str(folder / "state"),
        "VIGIL_METRICS_PORT": str(_free_port()),
        "VIGIL_HASH_KEY": "a key for the demo alone",
    }


def _settings(variables: dict[str, str]) -> Settings:
    return load({name.removeprefix("VIGIL_").lower(): value for name, value in variables.items()})


def _until_answered(url: str, process: WorkerProcess, name: str) -> None:
    """Wait until a process says that it is ready. Raises VigilError where it ends or takes too long."""
    end = clock.milliseconds() + READY_WITHIN
    while not _ready(url):
        process.check()
        if clock.milliseconds() > end:
            raise VigilError(f"the {name} was not ready within `{READY_WITHIN // 1000}` s; try again on a less busy machine")
    process.check()


def _ready(url: str) -> bool:
    try:
        with urlopen(url, timeout=PROBE_SECONDS):  # noqa: S310  our own worker on loopback
            return True
    except (URLError, TimeoutError, ConnectionError):
        time.sleep(PROBE_SECONDS / 2)
        return False


@contextmanager
def stage(merger_at: datetime, say: Callable[[str], None], console_port: int | None = None) -> Iterator[WatchedWorld]:
    """All that the demo needs, ready to be played on; gone afterwards. `say` is told each step; with a port, the page is served too."""
    with tempfile.TemporaryDirectory(prefix="vigil-demo-") as name, EmbeddedKafka() as broker:
        say(f"a broker inside this process: {broker.bootstrap}")
        variables = _variables(broker.bootstrap, merger_at, Path(name))
        settings = _settings(variables)
        broker.create({topic: topics.partitions(row, settings) for topic, row in topics.all_topics(settings).items()})
        probes = _free_port()
        shown = console(variables, Path(name), console_port, probes) if console_port is not None else nullcontext()
        with WorkerProcess(variables, Path(name)) as worker, shown as page:
            say(f"a worker beside it: process {worker.pid}, getting ready")
            _until_answered(f"http://127.0.0.1:{settings.metrics_port}/readyz", worker, "worker")
            if page is not None and console_port is not None:
                _until_answered(f"http://127.0.0.1:{probes}/readyz", page, "page")
                say(f"the page: {address(console_port)} (this broker describes no groups: the words of *Lag* stay UNKNOWN)")
            world = WatchedWorld(settings, worker)
            try:
                yield world
            finally:
                world.close()
