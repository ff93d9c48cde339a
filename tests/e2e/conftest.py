from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.vigil import STARTED, Vigil
from tests.support.plugin import SharedKafka


@pytest.fixture
def vigil(kafka: SharedKafka, tmp_path: Path) -> Vigil:
    """A deployment of its own on the shared Kafka."""
    return Vigil(kafka, tmp_path)


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """No test leaves a process behind, whatever becomes of it."""
    yield
    while STARTED:
        process = STARTED.pop()
        process.kill()
        process.wait()
