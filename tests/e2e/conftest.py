from collections.abc import Iterator

import pytest

from tests.e2e.vigil import STARTED


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """No test leaves a process behind, whatever becomes of it."""
    yield
    while STARTED:
        process = STARTED.pop()
        process.kill()
        process.wait()
