"""A program as a process that tests start, signal, kill and start again; all that it says stays in one log."""

import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]


class Running:
    """`state`: the folder that the program keeps, for tests that empty it. `environment`: all of it."""

    def __init__(self, command: Sequence[str | Path], log: Path, state: Path, environment: Mapping[str, str]) -> None:
        self.log, self.state = log, state
        self._command, self._environment = command, environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, file_bytes: int | None = None) -> Self:
        """Start, or start again on the same state. `file_bytes`: no file may grow beyond it, as on a full disk."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stderr=log, stdout=log, env=self._environment)
        if file_bytes is not None:
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        return self

    def send(self, signal_number: int) -> None:
        """Send a signal."""
        assert self._process is not None
        self._process.send_signal(signal_number)

    def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        self.send(signal.SIGKILL)
        self.wait()

    def wait(self, seconds: float = 60) -> int:
        """Wait for the end. Gives the status."""
        assert self._process is not None
        return self._process.wait(seconds)

    def stop(self, seconds: float = 30) -> int:
        """SIGTERM, and wait for the end. Gives the status."""
        self.send(signal.SIGTERM)
        return self.wait(seconds)

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def said(self) -> str:
        """What it wrote."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def inherited() -> dict[str, str]:
    """The environment without settings of Vigil's, so that whoever runs the tests does not set them by accident."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VIGIL_")}
