"""The page beside the demo: the real `vigil console`, as a process of its own, told where the broker is by settings alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from streams.demo.worker import WorkerProcess


def address(port: int) -> str:
    """Where the page is."""
    return f"http://127.0.0.1:{port}/"


@contextmanager
def console(settings: Mapping[str, str], folder: Path, port: int, probes: int) -> Iterator[WorkerProcess]:
    """The page's process, for as long as the demo runs; its probes on a port of their own. It polls each second: the demo is short."""
    page = {"VIGIL_CONSOLE_HOST": "127.0.0.1", "VIGIL_CONSOLE_PORT": str(port), "VIGIL_METRICS_PORT": str(probes), "VIGIL_POLL": "1"}
    place = folder / "console"
    place.mkdir()
    with WorkerProcess({**settings, **page}, place, "console") as process:
        yield process
