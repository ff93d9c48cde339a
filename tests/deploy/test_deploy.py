"""What of deploy/ can be checked without a Docker engine or a cluster."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.cli.main import COMMANDS
from streams.console.guard import refuse_open
from streams.settings import Settings, load
from streams.settings_sources import FILE, variable
from streams.topics import table
from tests.support.jars import ROOT, version

DEPLOY = ROOT / "deploy"
KNOWN = {variable(name) for name in Settings.model_fields} | {FILE}
PLACEHOLDERS = {
    "VIGIL_SSL_CAFILE": str(DEPLOY / "acls.sh"),
    "VIGIL_SASL_PASSWORD": "secret",
    "VIGIL_HASH_KEY": "sixteen or more characters",
    "VIGIL_CONSOLE_PASSWORD": "twelve or more",
}


def text_files() -> Iterator[Path]:
    """Everything under deploy/ that is text."""
    for path in sorted(DEPLOY.rglob("*")):
        if path.is_file() and path.suffix not in {".lock", ".png"}:
            yield path


def compose() -> dict[str, Any]:
    """The compose file."""
    loaded: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return loaded


def manifests() -> list[dict[str, Any]]:
    """All Kubernetes manifests."""
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [document for path in files for document in yaml.safe_load_all(path.read_text())]


def pods() -> dict[str, dict[str, Any]]:
    """The pod that each workload runs, by the workload's name."""
    return {one["metadata"]["name"]: one["spec"]["template"]["spec"] for one in manifests() if "template" in one.get("spec", {})}


def config() -> dict[str, str]:
    """What the ConfigMap sets for all."""
    (only,) = [one["data"] for one in manifests() if one["kind"] == "ConfigMap"]
    return dict(only)


def accepted(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Settings:
    """These settings as `load` takes them, what is secret or a file of the container's replaced."""
    for name in [name for name in os.environ if name.startswith("VIGIL_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, PLACEHOLDERS.get(name, value))
    return load(need=["kafka", "merger_at"])


@pytest.mark.parametrize("path", list(text_files()), ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_setting_named_is_one(path: Path) -> None:
    """A name that is no setting would stop the start: `deploy/` names none."""
    assert set(re.findall(r"\bVIGIL_[A-Z_]*[A-Z]\b", path.read_text())) - KNOWN == set()


def test_what_the_dockerfile_copies_is_there_and_let_through() -> None:
    """Each path that is copied exists and is not left out by the ignore file."""
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    paths = [path for line in copied for path in line.split()]
    let_through = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert set(paths) == let_through


def test_the_image_runs_as_nobody_in_particular_by_locked_packages() -> None:
    """Not root, and nothing is installed that the lock files don't pin by hash."""
    lines = (DEPLOY / "Dockerfile").read_text()

    assert re.search(r"^USER 10001$", lines, re.MULTILINE)
    installs = re.findall(r"pip install (.+)", lines)
    assert all("--require-hashes" in install or "--no-deps --no-index" in install for install in installs)


@pytest.mark.parametrize("lock", ["requirements.lock", "dev.lock", "bench.lock", "deploy/build.lock"])
def test_lock_files_carry_hashes_and_no_address(lock: str) -> None:
    """Every pin has a hash; no registry is named."""
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[a-z].*==.*$", text, re.MULTILINE)

    assert pins
    assert len(re.findall(r"^[a-z].*==.*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pins)
    assert re.search(r"https?://|--(?:extra-)?index-url|--find-links", text) is None


def test_compose_starts_workers_on_topics_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kafka healthy, then topics applied, then the worker; with settings that are accepted."""
    services = compose()["services"]

    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert services["worker"]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}
    environment = {**services["worker"]["environment"], "VIGIL_MERGER_AT": "2026-03-01T00:00:00Z"}
    settings = accepted(monkeypatch, environment)
    assert settings.replication == 1
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > settings.grace_seconds


def test_compose_runs_the_kafka_that_the_tests_run() -> None:
    """One version of Kafka is named, and it makes no topics by itself."""
    kafka = compose()["services"]["kafka"]

    assert kafka["image"] == f"apache/kafka:{version()}"
    assert kafka["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert all(port.startswith("127.0.0.1:") for service in compose()["services"].values() for port in service.get("ports", []))


def test_all_containers_run_commands_that_exist() -> None:
    """The first word of what is run is one of `vigil`'s commands."""
    composed = [service["command"][0] for service in compose()["services"].values() if "command" in service]
    run = [container["args"][0] for pod in pods().values() for container in pod["containers"]]

    assert {*composed, *run} - set(COMMANDS) == set()


@pytest.mark.parametrize("workload", ["vigil-topics", "vigil-worker", "vigil-lag", "vigil-canary"])
def test_a_pods_settings_are_accepted_and_its_container_locked(monkeypatch: pytest.MonkeyPatch, workload: str) -> None:
    """Each starts with its settings, not as root, on a file system that it can't write."""
    pod = pods()[workload]
    (container,) = pod["containers"]
    own = {entry["name"]: entry.get("value", "from a secret") for entry in container["env"]}

    settings = accepted(monkeypatch, {**config(), **own})

    assert settings.sasl_username == {"vigil-topics": "vigil-operator"}.get(workload, workload)
    assert pod["securityContext"]["runAsNonRoot"] is True
    locked = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    assert container["securityContext"] == locked


def test_the_worker_is_given_time_to_stop_a_disk_and_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubernetes waits longer than the worker takes, keeps its state, and asks where it answers."""
    pod = pods()["vigil-worker"]
    (container,) = pod["containers"]
    settings = accepted(
        monkeypatch,
        {**config(), **{entry["name"]: entry["value"] for entry in container["env"] if "value" in entry}, "VIGIL_SASL_PASSWORD": "x"},
    )

    assert pod["terminationGracePeriodSeconds"] > settings.grace_seconds
    assert {"name": "state", "mountPath": "/state"} in container["volumeMounts"]
    probed = {container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe", "startupProbe")}
    assert probed == {"/livez", "/readyz"}
    assert container["ports"] == [{"name": "metrics", "containerPort": settings.metrics_port}]


def test_the_page_is_locked_probed_and_reachable_while_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is open to nobody without a login, probed where it answers, and its service shows it while it is not ready."""
    (container,) = pods()["vigil-console"]["containers"]
    own = {entry["name"]: entry.get("value", "from a secret") for entry in container["env"]}
    settings = accepted(monkeypatch, {**config(), **own})

    refuse_open(settings)
    assert (settings.console_host, settings.console_user) == ("0.0.0.0", "lead")  # noqa: S104 - a pod's only address
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"page": settings.console_port, "metrics": settings.metrics_port}
    probes = {container[probe]["httpGet"]["path"]: container[probe]["httpGet"]["port"] for probe in ("livenessProbe", "readinessProbe")}
    assert probes == {"/livez": "metrics", "/readyz": "metrics"}
    (service,) = [one for one in manifests() if one["kind"] == "Service" and one["metadata"]["name"] == "vigil-console"]
    assert service["spec"]["publishNotReadyAddresses"] is True


def test_there_is_one_table_of_topics() -> None:
    """deploy/topics.toml is the very file that `topics apply` reads."""
    assert (DEPLOY / "topics.toml").resolve() == ROOT / "streams/topics.toml"
    assert len(table()) > 10


def test_rights_are_given_on_topics_that_exist() -> None:
    """deploy/acls.sh is a shell script that parses, and every topic of the table has somebody who may write it."""
    script = (DEPLOY / "acls.sh").read_text()
    assert subprocess.run(["sh", "-n", DEPLOY / "acls.sh"], check=False).returncode == 0

    words = set(re.findall(r'^grant "\$\w+" "[A-Za-z ]+" (.+)$', script, re.MULTILINE))
    named = {word for line in words for word in line.split() if not word.startswith('"=')}
    assert named - set(table()) == set()
    written = {
        word for line in re.findall(r'^grant "\$\w+" "[A-Za-z ]*Write[A-Za-z ]*" (.+)$', script, re.MULTILINE) for word in line.split()
    }
    assert {topic.name for topic in table().values() if topic.writer != "operator"} - written == set()
