"""`vigil demo`: the whole pipeline on a broker inside this process, with a made-up stream; ends by itself."""

import signal
import sys
import time
from datetime import timedelta
from types import FrameType

import click
from rich.console import Console

from streams import clock
from streams.demo.lines import JsonShow, PlainShow
from streams.demo.live import LiveShow
from streams.demo.play import Cast, Play
from streams.demo.show import Show
from streams.demo.stage import stage
from streams.demo.summary import Summary
from streams.errors import VigilError
from streams.sample import stream
from streams.sample.tale import Span

MERGED_AGO = timedelta(days=30)
LEAD = timedelta(seconds=1)


def _show(as_json: bool) -> Show:  # noqa: FBT001  a private helper; the flag is the command's
    if as_json:
        return JsonShow(click.echo, lambda words: click.echo(words, err=True))
    console = Console()
    return LiveShow(console) if console.is_terminal and not console.is_dumb_terminal else PlainShow(click.echo, click.echo)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """A SIGTERM ends the demo as Ctrl-C does, so that the worker and the terminal are put away."""
    del number, frame
    raise KeyboardInterrupt


def _stay(port: int) -> None:
    """Leave the page open until it is enough."""
    click.echo(f"the page stays open at http://127.0.0.1:{port}/ until Ctrl-C", err=True)
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        click.echo("", err=True)


def _run(show: Show, people: int, seed: int, seconds: float, console_port: int | None) -> Summary:
    merger_at = clock.now() - MERGED_AGO
    with show, stage(merger_at, show.step, console_port) as world:
        show.step(f"{people} made-up people, both services; every clause of the policy, about 1 % emergencies")
        span = Span(clock.now() + LEAD, timedelta(seconds=seconds), merger_at)
        cast = Cast(stream.sample(people, seed, span), people, seed)
        summary = Play(world, cast, show, clock.milliseconds).run()
        show.finish(summary)
        if console_port is not None:
            _stay(console_port)
        return summary


@click.command()
@click.option("--people", type=click.IntRange(1, 2000), default=stream.PEOPLE, show_default=True, help="How many people there are.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same people and words.")
@click.option("--seconds", type=click.FloatRange(5, 600), default=25, show_default=True, help="How long the stream lasts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for scripts.")
@click.option("--console", is_flag=True, help="Serve the page on the running demo, and leave it open until Ctrl-C.")
@click.option("--console-port", type=click.IntRange(1, 65535), default=9180, show_default=True, help="The page's port.")
def command(people: int, seed: int, seconds: float, *, as_json: bool, console: bool, console_port: int) -> None:
    """Show the whole pipeline at work on an embedded broker, with a made-up stream. Needs nothing else; ends within a minute.

    Exit status: 0 where every event is accounted for, 3 where one is not, 1 where the pipeline failed.
    """
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        summary = _run(_show(as_json), people, seed, seconds, console_port if console else None)
    except VigilError as error:
        click.echo(f"vigil demo: {error}", err=True)
        sys.exit(error.exit_code)
    sys.exit(0 if summary.conserved else 3)
