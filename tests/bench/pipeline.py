"""What the worker's heart costs beside a loop written by hand, stock Faust and Quix Streams, all around the same judge.

`python -m tests.bench.pipeline --judge policy --events 60000` on a real Kafka (`--kafka`, or one of its own from the jars). Prints events
a second by the broker's append times, CPU seconds and peak memory, and ratios. Quix Streams needs `.venv-bench` (`make bench-setup`).
"""

import argparse
import json
import tempfile
import uuid
from contextlib import ExitStack
from pathlib import Path

from tests.bench.runs import Run, delays, measure, publish
from tests.bench.task import Task
from tests.bench.traffic import events, people
from tests.support import ready
from tests.support.kafka import Cluster

CONTENDERS = ("heart", "plain", "quix", "stock")
SOURCES = ("profiles", "posts", "messages", "assessments", "responses", "detour")
OUTPUTS = (
    "decisions",
    "emergency-alerts",
    "non-emergency-referrals",
    "reviews",
    "notices",
    "support",
    "dead-letters",
    "detour",
)
BROKER_TIME = {"message.timestamp.type": "LogAppendTime"}


def main() -> None:
    """Run what the arguments name."""
    options = _options()
    with ExitStack() as stack:
        servers = options.kafka or stack.enter_context(Cluster(1)).bootstrap
        for traffic in options.traffic:
            if options.rate:
                _delays(servers, traffic, options)
                continue
            found = {name: _run(servers, name, traffic, options) for name in options.contenders}
            _print(traffic, options, found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", help="host:port of a real Kafka; without it one is started")
    parser.add_argument("--judge", default="policy", choices=("policy", "small", "copy"))
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--workers", type=int, default=1, help="how many of the heart's workers share the work")
    parser.add_argument("--rate", type=float, help="events a second: measure delays at this rate, beside a bare relay, instead of speed")
    parser.add_argument("--traffic", nargs="+", default=["text", "facts"], choices=("text", "facts"))
    parser.add_argument("--contenders", nargs="+", default=list(CONTENDERS), choices=CONTENDERS)
    return parser.parse_args()


def _run(servers: str, name: str, traffic: str, options: argparse.Namespace) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        task = _task(servers, folder, options.judge, options)
        lines = list(events(options.events, options.people, 1, text=traffic == "text"))
        return measure(name, task, lines, options.workers if name == "heart" else 1, Path(folder))


def _delays(servers: str, traffic: str, options: argparse.Namespace) -> None:
    print(f"\n{traffic}, judge `{options.judge}`, {options.rate:.0f} events/s, seconds from an event's append time to its decision's")
    for title, name, judge in (("heart", "heart", options.judge), ("bare relay", "plain", "copy")):
        with tempfile.TemporaryDirectory() as folder:
            task = _task(servers, folder, judge, options)
            lines = events(options.events, options.people, 1, text=traffic == "text")
            found = delays(name, task, lines, options.rate, Path(folder))
        print(f"{title:12}" + "".join(f"  p{share} {found[int(len(found) * share / 100)]:.3f}" for share in (50, 90, 99)))


def _task(servers: str, folder: str, judge: str, options: argparse.Namespace) -> Task:
    """Topics of a run's own, everybody's profile in them."""
    prefix = f"b{uuid.uuid4().hex[:8]}."
    client = {"bootstrap.servers": servers}
    ready.create(client, [prefix + topic for topic in {*SOURCES, *OUTPUTS}], options.partitions, 1, BROKER_TIME)
    ready.create(client, [f"{prefix}state"], options.partitions, 1, {"cleanup.policy": "compact"})
    publish(servers, prefix, people(options.people))
    return Task(servers, f"{prefix}group", prefix, options.partitions, folder, judge, SOURCES, OUTPUTS)


def _print(traffic: str, options: argparse.Namespace, found: dict[str, Run]) -> None:
    print(f"\n{traffic}, judge `{options.judge}`, {options.events} events of {options.people} people, {options.partitions} partitions")
    print(f"{'':12}{'events/s':>10}{'CPU s':>8}{'us/event':>10}{'MiB':>7}{'ratio':>8}")
    ours = found.get("heart")
    for name, run in found.items():
        ratio = f"{ours.rate / run.rate:8.2f}" if ours else ""
        print(f"{name:12}{run.rate:10.0f}{run.cpu:8.1f}{run.cpu / options.events * 1e6:10.1f}{run.memory >> 20:7}{ratio}")
    print(json.dumps({"traffic": traffic, "judge": options.judge, **{name: run.as_json() for name, run in found.items()}}))


if __name__ == "__main__":
    main()
