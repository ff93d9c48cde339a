"""A deployment with everybody's rights as deploy/acls.sh gives them, and commands run as one of its principals."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.jars import ROOT
from tests.support.kafka import Cluster
from tests.support.security import ADMIN

SERVICES = ("vigil-worker", "vigil-operator", "vigil-lag", "vigil-console", "vigil-canary")
USERS = ("community", "text-line", "assessors", "responders", *SERVICES)
LOGINS = {name: (name, f"secret-of-{name}") for name in USERS}
SETTINGS = {"VIGIL_ALLOW_UNREPLICATED": "1", "VIGIL_MERGER_AT": "2026-03-01T00:00:00Z", "VIGIL_PARTITIONS": "2"}


def vigil(cluster: Cluster, user: str, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    """A command as this principal, in a process of its own."""
    environment = {**os.environ, **SETTINGS, **cluster.environment(LOGINS[user]), **more}
    command = [sys.executable, "-c", "from streams.cli.main import main; main()", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def grant_all(cluster: Cluster, folder: Path) -> None:
    """Run deploy/acls.sh as an administrator would."""
    tool = folder / "kafka-acls.sh"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.support.kafka_acls "$@"\n')
    tool.chmod(0o755)
    admin = folder / "admin.properties"
    login = cluster.client(ADMIN)
    admin.write_text("".join(f"{name}={value}\n" for name, value in login.items() if name != "bootstrap.servers"))
    environment = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "BOOTSTRAP": cluster.bootstrap,
        "COMMAND_CONFIG": str(admin),
    }
    done = subprocess.run([ROOT / "deploy/acls.sh"], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
