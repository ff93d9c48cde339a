"""pytest's fixtures for Kafka, and the plain word at the end of a run on what was left out."""

import os
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from streams.embedded import EmbeddedKafka
from tests.support import ready, shared
from tests.support.browser import CHROMIUM, Browser
from tests.support.jars import NoKafkaError, jars, java
from tests.support.kafka import Cluster

RUN = pytest.StashKey[Path]()
NO_KAFKA = "no real Kafka"


@dataclass(frozen=True, slots=True)
class SharedKafka:
    """The run's real Kafka as one test sees it: `prefix` is the test's own, for topics, and `group` for its consumer group."""

    bootstrap: str
    prefix: str

    @property
    def group(self) -> str:
        """A consumer group of the test's own."""
        return f"{self.prefix}group"

    def topic(self, name: str) -> str:
        """A topic's full name."""
        return self.prefix + name

    def client(self) -> dict[str, str]:
        """Settings of a librdkafka client."""
        return {"bootstrap.servers": self.bootstrap}

    def environment(self) -> dict[str, str]:
        """Vigil's settings for a process of its own."""
        names = {"VIGIL_KAFKA": self.bootstrap, "VIGIL_TOPIC_PREFIX": self.prefix, "VIGIL_GROUP": self.group}
        return {**names, "VIGIL_REPLICATION": "1", "VIGIL_ALLOW_UNREPLICATED": "1"}

    def create(self, *names: str, partitions: int = 4, config: Mapping[str, str] | None = None) -> None:
        """Create topics (names without the prefix), ready when this returns."""
        ready.create(self.client(), [self.topic(name) for name in names], partitions, 1, config or {})


def absent(reason: str) -> None:
    """Leave the test out with a plain reason, or fail it where `VIGIL_REQUIRE_KAFKA=1` wants a real Kafka."""
    if os.environ.get("VIGIL_REQUIRE_KAFKA") == "1":
        pytest.fail(f"`VIGIL_REQUIRE_KAFKA=1`, but {NO_KAFKA}: {reason}", pytrace=False)
    pytest.skip(f"{NO_KAFKA}: {reason}")


@pytest.fixture(scope="session")
def kafka_bootstrap(request: pytest.FixtureRequest) -> str:
    """Bootstrap servers of the real Kafka that the whole run shares."""
    worker = getattr(request.config, "workerinput", None)
    run, owner = (Path(worker["kafka_run"]), int(worker["kafka_owner"])) if worker else (request.config.stash[RUN], os.getpid())
    try:
        return shared.obtain(run, owner)["bootstrap"]
    except NoKafkaError as error:
        absent(str(error))
        raise


@pytest.fixture
def kafka(kafka_bootstrap: str) -> Iterator[SharedKafka]:
    """The run's real Kafka (one node at least), with a prefix of this test's own; topics under it go with the test."""
    shared_kafka = SharedKafka(kafka_bootstrap, f"t{uuid.uuid4().hex[:10]}.")
    yield shared_kafka
    ready.remove(shared_kafka.client(), shared_kafka.prefix)


@pytest.fixture
def start_cluster() -> Iterator[Callable[..., Cluster]]:
    """Start clusters of this test's own (`Cluster`'s arguments), whose nodes it may kill; they end with it."""
    try:
        java(), jars()
    except NoKafkaError as error:
        absent(str(error))
    started: list[Cluster] = []

    def start(nodes: int = 3, **options: Any) -> Cluster:
        started.append(Cluster(nodes, **options))
        return started[-1].start()

    yield start
    for cluster in started:
        cluster.close()


@pytest.fixture
def embedded() -> Iterator[EmbeddedKafka]:
    """A broker inside librdkafka of this test's own."""
    with EmbeddedKafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One headless Chromium for all tests of a process; each opens windows of its own."""
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("no `chromium` here: apt-get install chromium")
    with Browser(tmp_path_factory.mktemp("chromium")) as running:
        yield running


def pytest_configure(config: pytest.Config) -> None:
    """Choose where the run's processes meet over their Kafka."""
    if not hasattr(config, "workerinput"):
        config.stash[RUN] = Path(tempfile.mkdtemp(prefix="vigil-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each of xdist's workers of it."""
    node.workerinput["kafka_run"] = str(node.config.stash[RUN])
    node.workerinput["kafka_owner"] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's Kafka."""
    if not hasattr(config, "workerinput"):
        shared.release(config.stash[RUN])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they use, so that `-m kafka` and `-m embedded` need no second word."""
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        if used & {"kafka", "kafka_bootstrap", "start_cluster"}:
            item.add_marker("kafka")
        if "embedded" in used:
            item.add_marker("embedded")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly what ran on a real Kafka, and what was left out and why."""
    ran = [report for report in terminalreporter.stats.get("passed", []) if "kafka" in report.keywords and report.when == "call"]
    if ran:
        terminalreporter.write_line(f"real Kafka: {len(ran)} tests passed on it")
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped if isinstance(report.longrepr, tuple))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"LEFT OUT: {count} tests, because: {reason}", yellow=True)
