"""`vigil inbox`: what waits for a responder."""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Never

import click

from streams import clock
from streams.cli.options import json_option, settings_option
from streams.errors import BrokerError
from streams.inbox import Inbox, lines, shown
from streams.settings import load
from streams.topic_reading import TopicReader
from streams.waiting import TOPICS


@click.command()
@click.option("--watch", is_flag=True, help="Go on until Ctrl-C, and show it again whenever something has come.")
@click.option("--every", type=click.IntRange(1, 3600), default=2, show_default=True, help="Seconds between looks, with --watch.")
@json_option
@settings_option
def command(settings_file: Path | None, every: int, *, watch: bool, as_json: bool) -> None:
    """What waits for a responder: the most severe first, then by deadline.

    Each has its id, until when to answer, why, and for whom it is; nobody's words. Answer with `vigil respond ID`. "no data" is not
    "nothing open": then look at the workers. Exit status 1 where Kafka can't be read, or something may wait that can't be shown.
    """
    inbox = Inbox()
    with TopicReader(load(file=settings_file), (*TOPICS, "responses")) as reader, suppress(KeyboardInterrupt):
        if watch:
            _watch(reader, inbox, every, as_json=as_json)
        _read(reader, inbox)
        _show(inbox, reader.ever, as_json=as_json)
    if inbox.unreadable:
        raise BrokerError(f"{inbox.unreadable} records can't be read and may wait too: compare this version with the workers'")


def _read(reader: TopicReader, inbox: Inbox) -> None:
    for found in reader.more():
        inbox.take(found)


def _watch(reader: TopicReader, inbox: Inbox, every: int, *, as_json: bool) -> Never:
    """A broker that is away for a while ends no watch: that is said each time, for what is shown is old meanwhile."""
    shown_at = None
    while True:
        try:
            _read(reader, inbox)
        except BrokerError as error:
            click.echo(f"vigil: what is shown is old: {error}", err=True)
            shown_at = None
        else:
            if inbox.read != shown_at:
                _show(inbox, reader.ever, as_json=as_json)
            shown_at = inbox.read
        time.sleep(every)


def _show(inbox: Inbox, ever: int, *, as_json: bool) -> None:
    cases, now = inbox.waiting(), clock.now()
    if as_json:
        open_cases = [shown(case, now) for case in cases]
        click.echo(json.dumps({"data": ever > 0, "read": inbox.read, "unreadable": inbox.unreadable, "open": open_cases}))
    elif cases:
        click.echo("\n".join(lines(cases, now)))
    else:
        click.echo(
            "nothing open" if ever else "no data: nothing was ever written to these topics, so this does not say that nothing is wrong"
        )
