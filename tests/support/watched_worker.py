"""A worker with the toy's judge and all that watches a real one: `python -m tests.support.watched_worker '<json settings>'`.

Settings: servers, group, prefix, state, port.
"""

import json
import sys
from pathlib import Path
from typing import Any

from streams import logs
from streams.app import create_app
from streams.endpoint import Address
from streams.heart.application import Wiring
from streams.heart.running import run_worker
from streams.watching import Watching
from tests.heart.toy import CHANGELOG, OUTPUTS, SOURCES, Toy


def main(settings: dict[str, Any]) -> int:
    """Run the worker, as `vigil worker` does."""
    logs.configure("info", "json")
    watching = Watching()
    prefix = settings["prefix"]
    wiring = Wiring(SOURCES, OUTPUTS, prefix + CHANGELOG, prefix, Path(settings["state"]), Toy(), observe=watching.happened)
    app = create_app(wiring, group=settings["group"], servers=settings["servers"].split(","))
    with watching.endpoint(Address("127.0.0.1", settings["port"])):
        return run_worker(app, follow=watching.follow, override_logging=False)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
