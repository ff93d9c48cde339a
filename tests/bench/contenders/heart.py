"""Vigil's worker: `python -m tests.bench.contenders.heart '<json task>'`."""

import json
import sys
from pathlib import Path

from streams.app import create_app
from streams.heart.application import Wiring
from streams.heart.running import run_worker
from tests.bench.judges import make
from tests.bench.task import Task


def main(task: Task) -> int:
    """Run until SIGTERM."""
    wiring = Wiring(task.sources, task.outputs, f"{task.prefix}state", task.prefix, Path(task.folder), make(task.judge, task.partitions))
    return run_worker(create_app(wiring, group=task.group, servers=[task.servers]))


if __name__ == "__main__":
    sys.exit(main(Task(**json.loads(sys.argv[1]))))
