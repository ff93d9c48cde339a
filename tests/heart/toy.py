"""A judge so simple that what it must have written can be counted, and a worker around it: `python -m tests.heart.toy '<json settings>'`.

Its state of a key is how many records it has seen and the last offset of each topic. A record that the state knows gives no output: its
output was acknowledged before the state was remembered. So an output that is missing in the end was lost, and a count that is wrong too.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from streams.app import create_app
from streams.heart.application import Wiring
from streams.heart.happenings import Happening
from streams.heart.limits import Limits
from streams.heart.ports import Change, OutputRecord, SourceRecord, State, Verdict
from streams.heart.running import run_worker

SOURCES = ("posts", "messages")
OUTPUTS = ("told", "lapsed")
CHANGELOG = "state"
TOPICS = (*SOURCES, *OUTPUTS, CHANGELOG)


class Toy:
    """`due_in`: seconds after which a key comes due, None for never. `slow`: seconds a record takes. Values `hang` and `raise` do so."""

    def __init__(self, due_in: int | None = None, slow: float = 0.0) -> None:
        self._due_in = due_in
        self._slow = slow

    def judge(self, partition: int, records: Sequence[SourceRecord], state: State, now: int) -> Verdict:
        """One output a record that is new, naming it and its number."""
        outputs: list[OutputRecord] = []
        seen: dict[bytes, dict[str, int]] = {}
        for record in records:
            self._act(record)
            key = record.key or b"-"
            known = seen.setdefault(key, json.loads(state.get(key) or b'{"n":0}'))
            if record.offset > known.get(record.topic, -1):
                known["n"] += 1
                known[record.topic] = record.offset
                told = f"{record.topic}/{record.partition}/{record.offset} {known['n']}".encode()
                outputs.append(OutputRecord("told", partition, key, told))
        due = None if self._due_in is None else now // 1000 + self._due_in
        return Verdict(outputs, [[Change(key, json.dumps(known).encode(), due)] for key, known in seen.items()])

    def _act(self, record: SourceRecord) -> None:
        if self._slow:
            time.sleep(self._slow)
        if record.value == b"hang":
            time.sleep(3600)
        if record.value == b"raise":
            raise ValueError("a secret of `somebody`")

    def lapse(self, partition: int, due: Mapping[bytes, int], state: State, now: int) -> Verdict:  # noqa: ARG002 -- the port's signature
        """One output a key; it is due no more."""
        outputs = [OutputRecord("lapsed", partition, key, str(moment).encode()) for key, moment in due.items()]
        return Verdict(outputs, [[Change(key, state.get(key))] for key in due])

    def forget(self, partitions: Iterable[int]) -> None:
        """Remembers nothing."""


def tell(happening: Happening) -> None:
    """A line for each thing that happened."""
    sys.stderr.write(f"{time.time_ns() / 1e9:.3f} {happening}\n")


def main(settings: dict[str, Any]) -> int:
    """Run the worker. Settings: servers, group, prefix, state, and optionally due_in, slow, limits, standbys, file_bytes."""
    if "file_bytes" in settings:  # no file may grow beyond it, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (settings["file_bytes"],) * 2)
    wiring = Wiring(
        SOURCES,
        OUTPUTS,
        settings["prefix"] + CHANGELOG,
        settings["prefix"],
        Path(settings["state"]),
        Toy(settings.get("due_in"), settings.get("slow", 0.0)),
        Limits(**settings.get("limits", {})),
        tell,
    )
    app = create_app(wiring, group=settings["group"], servers=settings["servers"].split(","), standbys=settings.get("standbys", 0))
    return run_worker(app, loglevel=os.environ.get("LOGLEVEL", "ERROR"))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
