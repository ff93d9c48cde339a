"""`vigil sample`: a made-up stream as JSON lines, to judge with `vigil assess` or to publish to a Kafka of one's own."""

from datetime import datetime, timedelta

import click

from streams.sample import stream
from streams.sample.tale import Span


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
def command(people: int, seed: int, start: datetime, hours: float, merger_at: datetime) -> None:
    """Write a made-up stream to stdout, a record a line, as `vigil assess` reads it. All words are our own; nobody is real."""
    for line in stream.sample(people, seed, Span(start, timedelta(hours=hours), merger_at)):
        click.echo(line.json())
    click.echo(f"judge it with: vigil assess --merger-at {merger_at.isoformat()} -", err=True)
