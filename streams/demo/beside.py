"""The page beside the demo: the real `vigil console`, as a process of its own, told where the broker is by settings alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from streams.demo.worker import WorkerProcess


@contextmanager
def console(settings: Mapping[str, str], folder: Path, port: int) -> Iterator[str]:
    """The page's address, for as long as the demo runs. It polls each second: the demo is short."""
    chosen = {name: value for name, value in settings.items() if name != "VIGIL_METRICS_PORT"}
    page = {"VIGIL_CONSOLE_HOST": "127.0.0.1", "VIGIL_CONSOLE_PORT": str(port), "VIGIL_POLL": "1"}
    place = folder / "console"
    place.mkdir()
    with WorkerProcess({**chosen, **page}, place, "console"):
        yield f"http://127.0.0.1:{port}/"
