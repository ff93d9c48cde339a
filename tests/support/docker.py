"""A real Kafka in a container, for a machine with a Docker engine but no Java: one node, plain."""

import shutil
import subprocess
import time

from tests.support import ready
from tests.support.jars import NoKafkaError, version
from tests.support.ports import free_ports

START_SECONDS = 120


def start() -> tuple[str, str]:
    """Start a container; its bootstrap servers and its id. Raises NoKafkaError."""
    if shutil.which("docker") is None:
        raise NoKafkaError("no `docker` on the PATH")
    if subprocess.run(["docker", "info"], capture_output=True, timeout=30, check=False).returncode:
        raise NoKafkaError("no Docker engine answers")
    (port,) = free_ports(1)
    command = ["docker", "run", "--detach", "--rm", "--publish", f"127.0.0.1:{port}:{port}"]
    settings = [part for name, value in _settings(port).items() for part in ("--env", f"{name}={value}")]
    done = subprocess.run([*command, *settings, f"apache/kafka:{version()}"], capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise NoKafkaError(f"docker could not run apache/kafka: {done.stderr.strip()[-200:]}")
    bootstrap, container = f"127.0.0.1:{port}", done.stdout.strip()
    if not ready.wait({"bootstrap.servers": bootstrap}, lambda: 1, time.monotonic() + START_SECONDS):
        stop(container)
        raise NoKafkaError(f"apache/kafka in a container did not answer within {START_SECONDS} s")
    return bootstrap, container


def stop(container: str) -> None:
    """End a container; it removes itself."""
    subprocess.run(["docker", "kill", container], capture_output=True, timeout=60, check=False)


def _settings(port: int) -> dict[str, str]:
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": f"PLAINTEXT://:{port},CONTROLLER://localhost:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "4",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }
