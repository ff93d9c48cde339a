"""`vigil topics plan / apply`: the topics as the one table has them."""

import json
import sys
import time
from pathlib import Path

import click

from streams import topics_plan
from streams.broker import Broker
from streams.cli.options import json_option, settings_option
from streams.errors import BrokerError, SettingsError
from streams.settings import Settings, load
from streams.topics import all_topics
from streams.topics_plan import Step

DIFFERS = 3
SECONDS = 15
"""How long a change may take to show."""


@click.group("topics")
def command() -> None:
    """Topics: what they should be, and making them so."""


@command.command()
@settings_option
@json_option
def plan(settings_file: Path | None, *, as_json: bool) -> None:
    """Show what differs between the cluster's topics and the table; change nothing. Exit status 3 where something does."""
    settings = load(file=settings_file, need=["kafka"])
    steps = _steps(Broker(settings), settings)
    _show(steps, as_json=as_json)
    sys.exit(DIFFERS if steps else 0)


@command.command()
@settings_option
@json_option
def apply(settings_file: Path | None, *, as_json: bool) -> None:
    """Create and alter topics until they are as the table says. Refuses, before changing anything, what would part a person's records."""
    settings = load(file=settings_file, need=["kafka"])
    broker = Broker(settings)
    if settings.replication == 1:
        click.echo("warning: topics get one copy (`VIGIL_ALLOW_UNREPLICATED=1`): a broker's disk lost is everything lost", err=True)
    steps = _steps(broker, settings)
    topics_plan.apply(broker, steps)
    _wait(broker, settings)
    _show(steps, as_json=as_json)


@command.command()
@click.option("--from-prefix", required=True, help="Prefix of the topics that were used until now.")
@click.option("--from-group", required=True, help="Consumer group of the workers that ran until now.")
@settings_option
@json_option
def move(from_prefix: str, from_group: str, settings_file: Path | None, *, as_json: bool) -> None:
    """Write profiles and state again for new topics with another number of partitions.

    The settings name the new prefix, group and number; the new topics must be there and empty, the old workers done and stopped.
    """
    new = load(file=settings_file, need=["kafka"])
    old = load({"topic_prefix": from_prefix, "group": from_group}, settings_file, need=["kafka"])
    if from_prefix == new.topic_prefix or from_group == new.group:
        raise SettingsError("`--from-prefix` and `--from-group` are the new ones too: give those that were used until now")
    from streams.moving import move as write_again  # noqa: PLC0415 - it brings the heart and the policy in, which the others don't need

    written = write_again(old, new)
    if as_json:
        click.echo(json.dumps(written))
    else:
        for topic, records in written.items():
            click.echo(f"{topic:36}{records} records")


def _steps(broker: Broker, settings: Settings) -> list[Step]:
    brokers = broker.cluster().brokers
    return topics_plan.plan(settings, broker.topics(all_topics(settings)), brokers)


def _wait(broker: Broker, settings: Settings) -> None:
    """Brokers learn of a change a moment after it was acknowledged; what runs next should find it done."""
    deadline = time.monotonic() + SECONDS
    while remaining := _steps(broker, settings):
        if time.monotonic() > deadline:
            raise BrokerError(f"topic `{remaining[0].topic}` is not as it was made after {SECONDS} s: see `vigil topics plan`")
        time.sleep(0.1)


def _show(steps: list[Step], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{"action": step.action, "topic": step.topic, "detail": step.detail} for step in steps], indent=2))
        return
    for step in steps:
        click.echo(f"{step.action:8}{step.topic:36}{step.detail}")
    if not steps:
        click.echo("all topics are as the table says", err=True)
