"""The one real Kafka that a whole test run shares, whichever of its processes asks first."""

import fcntl
import json
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from tests.support import docker
from tests.support.jars import NoKafkaError
from tests.support.kafka import Cluster


def obtain(run: Path, owner: int) -> dict[str, str]:
    """The run's Kafka: `bootstrap` and `how` it was had. Started by the first who asks; ends with process `owner`. Raises NoKafkaError.

    The order: the one that `VIGIL_KAFKA` names, the jars, Docker.
    """
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = run / "kafka.json"
        if not found.exists():
            found.write_text(json.dumps(_start(owner)))
        answer: dict[str, str] = json.loads(found.read_text())
    if "reason" in answer:
        raise NoKafkaError(answer["reason"])
    return answer


def release(run: Path) -> None:
    """End what `obtain` started."""
    found = run / "kafka.json"
    answer = json.loads(found.read_text()) if found.exists() else {}
    if "container" in answer:
        docker.stop(answer["container"])
    if "folder" in answer:
        for pid in Path(answer["folder"]).glob("*/pid"):
            with suppress(ProcessLookupError):
                os.kill(int(pid.read_text()), signal.SIGKILL)
        shutil.rmtree(answer["folder"], ignore_errors=True)
    shutil.rmtree(run, ignore_errors=True)


def _start(owner: int) -> dict[str, str]:
    if named := os.environ.get("VIGIL_KAFKA"):
        return {"bootstrap": named, "how": "the Kafka that `VIGIL_KAFKA` names"}
    cluster = Cluster(owner=owner)
    try:
        cluster.start()
    except NoKafkaError as jars:
        cluster.close()
        return _start_container(str(jars))
    return {"bootstrap": cluster.bootstrap, "folder": str(cluster.folder), "how": "Apache Kafka from its jars"}


def _start_container(why_no_jars: str) -> dict[str, str]:
    try:
        bootstrap, container = docker.start()
    except NoKafkaError as error:
        return {"reason": f"{why_no_jars}; {error}"}
    return {"bootstrap": bootstrap, "container": container, "how": "Apache Kafka in a container"}
