"""The demo's worker: the real one, as a process of its own, told where the broker is by settings alone."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from streams.errors import VigilError

_START = "from streams.cli.main import main; main()"
GRACE = 5.0
"""Seconds that it may take to end."""
TAIL = 12


class WorkerProcess:
    """One `vigil worker` (or another command that serves), from entering the context to leaving it. Its log goes to a file in `folder`."""

    def __init__(self, settings: Mapping[str, str], folder: Path, name: str = "worker") -> None:
        self._settings, self._log, self._name = settings, folder / f"{name}.log", name
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
        command = [sys.executable, "-c", _START, self._name]
        with self._log.open("wb") as log:
            # A session of its own: Ctrl-C is for the demo, which then ends the worker in order.
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module, no shell
                command, env={**inherited, **self._settings}, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def __exit__(self, *error: object) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def pid(self) -> int | None:
        """Its process, once started."""
        return None if self._process is None else self._process.pid

    def check(self) -> None:
        """Raise VigilError, with the end of its log, where it has ended by itself."""
        if self._process is None or self._process.poll() is None:
            return
        tail = "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-TAIL:])
        raise VigilError(
            f"the {self._name} ended with status `{self._process.returncode}`; the end of its log:\n{tail}\nrun `vigil doctor`"
        )
