"""One process of Apache Kafka: its properties, its start, and every way in which it can end."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.jars import jars, java

LOGGING = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
STOP_SECONDS = 30


@dataclass(slots=True)
class Node:
    """A broker and controller in one JVM. `folder` holds its properties, log (`node.log`) and data."""

    number: int
    folder: Path
    megabytes: int = 400
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def prepare(self, cluster_id: str, properties: Mapping[str, str], users: tuple[tuple[str, str], ...]) -> None:
        """Write the properties and format the data folder; `users` are SCRAM users, name and password."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = [f"{name}={value}\n" for name, value in properties.items()]
        (self.folder / "node.properties").write_text("".join(lines))
        scram = [part for name, password in users for part in ("--add-scram", f"SCRAM-SHA-512=[name={name},password={password}]")]
        self._run("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(self.folder / "node.properties"), *scram)

    def start(self) -> None:
        """Start the process; it is not ready yet when this returns."""
        heap = [f"-Xmx{self.megabytes}m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        with (self.folder / "node.log").open("ab") as log:
            self.process = subprocess.Popen(
                [java(), *heap, LOGGING, "-cp", f"{jars()}/*", "kafka.Kafka", str(self.folder / "node.properties")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        (self.folder / "pid").write_text(f"{self.process.pid}\n")

    @property
    def running(self) -> bool:
        """Whether the process lives, paused or not."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """End it at once, as a crash would (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order (SIGTERM), and with SIGKILL where that takes more than half a minute."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Freeze it (SIGSTOP): its connections stay open and say nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it run on (SIGCONT)."""
        self._signal(signal.SIGCONT)

    def tail(self) -> str:
        """The end of its log, for an error message."""
        log = self.folder / "node.log"
        return log.read_text(errors="replace")[-1500:] if log.exists() else "it wrote no log"

    def _signal(self, number: int) -> None:
        if self.process is not None and self.running:
            os.kill(self.process.pid, number)

    def _end(self, number: int) -> None:
        if self.process is None:
            return
        self._signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(STOP_SECONDS)
        (self.folder / "pid").unlink(missing_ok=True)

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            [java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", LOGGING, "-cp", f"{jars()}/*", *command],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"kafka's `{command[1]}` failed for node `{self.number}`: {done.stdout[-800:]}{done.stderr[-800:]}")
