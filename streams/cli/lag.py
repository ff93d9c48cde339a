"""`vigil lag`: how far behind every group is, by describing the brokers alone."""

import json
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live

from streams import clock
from streams.cli.options import json_option, settings_option
from streams.connection import librdkafka
from streams.endpoint import Address
from streams.lag import display
from streams.lag.broker import KafkaDescriber
from streams.lag.polling import Poll, poll_once, polls
from streams.lag.sampling import Sampler
from streams.lag.service import serve
from streams.lag.wanted import wanted
from streams.settings import load

FOUND = 3
"""The exit status where any row is not OK, or there are none."""


@click.command()
@click.option("--watch", is_flag=True, help="Go on, poll after poll, until interrupted.")
@click.option("--serve", "address", metavar="HOST:PORT", help="Run as a service: Prometheus metrics and probes on this address.")
@click.option("--poll", type=click.FloatRange(0.1, 3600), help="Seconds between two samples; more than the group's commit interval.")
@click.option("--group", "groups", multiple=True, help="Only this group; may be repeated.")
@click.option("--topic", "names", multiple=True, help="Only this topic, by its full name; may be repeated.")
@settings_option
@json_option
def command(
    *,
    watch: bool,
    address: str | None,
    poll: float | None,
    groups: tuple[str, ...],
    names: tuple[str, ...],
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """How far behind every group is, per topic and partition: records, seconds, speed, and a status word.

    Two samples, a poll apart, are compared. OK, LAGGING, STALLED, STOPPED, REWOUND, LOSING or UNKNOWN: docs/lag.md has the table of
    rules. Exit status 0 where every row is OK, 3 where one isn't, 1 where no broker answers.
    """
    settings = load({"poll": poll}, settings_file, need=["kafka"])
    sampler = Sampler(KafkaDescriber(librdkafka(settings)), clock.seconds, wanted(settings, groups, names))
    if address is not None:
        _serve(sampler, settings.poll, address)
    elif watch:
        _watch(polls(sampler, settings.poll, time.sleep), as_json=as_json)
    else:
        found = poll_once(sampler, settings.poll, time.sleep)
        _write(found, as_json=as_json)
        sys.exit(0 if found.well else FOUND)


def _serve(sampler: Sampler, seconds: float, text: str) -> None:
    try:
        address = Address.parse(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--serve") from None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(sampler, seconds, address, lambda port: click.echo(f"metrics and probes on http://{address.host}:{port}/metrics", err=True))


def _watch(found: Iterable[Poll], *, as_json: bool) -> None:
    """Ctrl-C is the ordinary end of watching."""
    console = Console()
    try:
        if as_json or not console.is_terminal:
            for poll in found:
                _write(poll, as_json=as_json)
        else:
            with Live(console=console, screen=True) as live:
                for poll in found:
                    live.update(display.shown(poll), refresh=True)
    except KeyboardInterrupt:
        sys.exit(0)


def _write(poll: Poll, *, as_json: bool) -> None:
    for remark in filter(None, (poll.trouble, poll.incomplete)):
        click.echo(f"vigil: {remark}", err=True)
    if as_json:
        for row in poll.rows:
            click.echo(json.dumps(row.as_json(), allow_nan=False))
    else:
        Console().print(display.shown(poll))
