"""Where a real Kafka's jars come from: Maven fetches them once into `.cache/`, by the versions that `pom.xml` names."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FETCH_SECONDS = 300


class NoKafkaError(Exception):
    """No real Kafka can be had here; the message is the plain reason, remedy last."""


def version() -> str:
    """The version of Apache Kafka that `pom.xml` names."""
    found = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([\d.]+)</version>", (HERE / "pom.xml").read_text())
    if found is None:
        raise NoKafkaError("tests/support/pom.xml names no version of kafka_2.13: put it back")
    return found[1]


def java() -> str:
    """The path of a Java of 17 or later. Raises NoKafkaError."""
    found = shutil.which("java")
    if found is None:
        raise NoKafkaError("no `java` on the PATH: install a Java of 17 or later")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, timeout=60, check=False).stderr
    major = re.search(r'version "(\d+)', said)
    if major is None or int(major[1]) < 17:
        raise NoKafkaError(f"`{found}` is not a Java of 17 or later: install one")
    return found


def jars() -> Path:
    """The folder of Kafka's jars, fetched where it is not there yet. Raises NoKafkaError."""
    folder = ROOT / ".cache" / f"kafka-{version()}"
    if not folder.exists():
        with _alone(ROOT / ".cache" / "kafka.lock"):
            if not folder.exists():
                _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoKafkaError("no `mvn` on the PATH to fetch Kafka's jars with: install Maven, or name a Kafka in `VIGIL_KAFKA`")
    arriving = folder.with_suffix(".arriving")
    shutil.rmtree(arriving, ignore_errors=True)
    command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies", "-DincludeScope=runtime"]
    try:
        done = subprocess.run(
            [*command, f"-DoutputDirectory={arriving}"], capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NoKafkaError(f"maven did not fetch Kafka's jars within {FETCH_SECONDS} s: look at the network, then try again") from None
    if done.returncode or not any(arriving.glob("kafka_2.13-*.jar")):
        raise NoKafkaError(f"maven could not fetch Kafka's jars ({_last_line(done.stdout)}): run it by hand with tests/support/pom.xml")
    arriving.rename(folder)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if "ERROR" in line]
    return lines[0][:200] if lines else "it gave no reason"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time, machine-wide."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Fetch the jars ahead of a test run, and say in one line how it went. 1 only where a real Kafka is required and can't be had."""
    if named := os.environ.get("VIGIL_KAFKA"):
        sys.stdout.write(f"real Kafka: `{named}`, as `VIGIL_KAFKA` says; nodes to kill come from the jars\n")
    try:
        java()
        sys.stdout.write(f"real Kafka: {version()}, its jars are in {jars()}\n")
    except NoKafkaError as error:
        sys.stdout.write(f"real Kafka: none from the jars, because {error}\n")
        return int(os.environ.get("VIGIL_REQUIRE_KAFKA") == "1" and shutil.which("docker") is None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
