"""`vigil sample`: a made-up stream as JSON lines, to judge with `vigil assess` or to publish to a Kafka of one's own."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from streams.cli.options import settings_option
from streams.sample import stream
from streams.sample.answers import all_answers
from streams.sample.line import Line
from streams.sample.tale import Span
from streams.settings import load


class Moment(click.ParamType):
    """An RFC 3339 moment with an offset: one without could be an hour off."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment, or refuse it with the remedy."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is no moment; write it as 2026-11-02T08:00:00Z", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"`{value}` has no offset; add Z or +00:00", param, ctx)
        return moment


@click.command()
@click.option("--people", type=click.IntRange(1, 100_000), default=stream.PEOPLE, show_default=True, help="How many people there are.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same stream.")
@click.option("--start", type=Moment(), default=stream.START.isoformat(), show_default=True, help="When it begins.")
@click.option("--hours", type=click.FloatRange(0.01, 120), default=24.0, show_default=True, help="How long it lasts.")
@click.option("--merger-at", type=Moment(), default=stream.MERGER_AT.isoformat(), show_default=True, help="Some posts are older than this.")
@click.option(
    "--answer", type=click.File(encoding="utf-8"), help="What `vigil assess` wrote of this sample: adds responders' answers to it."
)
@click.option("--publish", "to_kafka", is_flag=True, help="Put it on the Kafka that the settings name, instead of on stdout.")
@settings_option
def command(people: int, seed: int, **options: Any) -> None:
    """Write a made-up stream to stdout, a record a line, as `vigil assess` reads it. All words are our own; nobody is real.

    Responses name alerts, whose ids are known once the stream is judged: judge it, then write it again with `--answer`.
    """
    span = Span(options["start"], timedelta(hours=options["hours"]), options["merger_at"])
    lines = stream.sample(people, seed, span)
    if options["answer"] is not None:
        lines += all_answers(map(json.loads, options["answer"]), span.at(1))
    if options["to_kafka"]:
        _publish(lines, options["settings_file"])
        return
    for line in lines:
        click.echo(line.json())
    click.echo(f"judge it with: vigil assess --merger-at {span.merger_at.isoformat()} -", err=True)


def _publish(lines: Sequence[Line], settings_file: Path | None) -> None:
    from streams.sample.publish import publish  # noqa: PLC0415  a Kafka client is loaded only where it is asked for

    settings = load(file=settings_file, need=["kafka"])
    click.echo(f"{publish(lines, settings)} made-up records are on the topics that begin with `{settings.topic_prefix}`", err=True)
