import os
import subprocess
import sys

from tests.support.jars import ROOT, version


def run_without_java(**more: str) -> "subprocess.CompletedProcess[str]":
    """One test that needs a real Kafka, on a machine without Java, Maven and Docker."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIL_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/support/test_kafka.py", "-k", "shared"]
    return subprocess.run(
        command, env={**environment, "PATH": "/nowhere", **more}, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_without_a_real_kafka_tests_are_left_out_with_the_reason() -> None:
    """The run succeeds and says at its end what was left out and why."""
    done = run_without_java()

    assert done.returncode == 0, done.stdout
    assert "LEFT OUT: 1 tests, because: no real Kafka: no `java` on the PATH: install a Java of 17 or later" in done.stdout
    assert "1 skipped" in done.stdout.splitlines()[-1]


def test_where_a_real_kafka_is_required_its_absence_fails() -> None:
    """With `VIGIL_REQUIRE_KAFKA=1` nothing is left out silently."""
    done = run_without_java(VIGIL_REQUIRE_KAFKA="1")

    assert done.returncode == 1
    assert "`VIGIL_REQUIRE_KAFKA=1`, but no real Kafka: no `java` on the PATH" in done.stdout


def test_the_version_is_named_once() -> None:
    """`pom.xml` says which Kafka the tests run."""
    assert version().count(".") == 2
