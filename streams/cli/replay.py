"""`vigil replay`: recorded events under another policy version, nothing emitted."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from streams import clock
from streams.cli.assess import milliseconds
from streams.cli.options import settings_option
from streams.errors import SettingsError
from streams.heart.ports import SourceRecord
from streams.past import Past
from streams.replaying import IN_FORCE, Lost, Replay, recorded, replay
from streams.settings import Settings, load

OUTCOMES = ("emergency", "non_emergency", "review", "none", "out_of_scope")
TOPICS = "topics"
EVERY = 2000
"""Milliseconds between two lines of progress."""


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE...|topics")
@click.option("--policy", required=True, metavar="VERSION", help="the version to try: its name or file")
@click.option("--against", default=IN_FORCE, show_default=True, metavar="VERSION", help="what to compare it with")
@click.option("--merger-at", metavar="INSTANT", help="the instant from which the policy counts; else VIGIL_MERGER_AT")
@click.option("--now", "at", metavar="INSTANT", help="of files: when all records arrive; else the clock")
@click.option("--since", metavar="INSTANT", help="of topics: only records that arrived then or later")
@click.option("--until", metavar="INSTANT", help="of topics: only records that arrived before")
@click.option("--json", "as_json", is_flag=True, help="one JSON object a line")
@settings_option
def command(  # noqa: PLR0913 - a command's options are its arguments
    *,
    sources: tuple[str, ...],
    policy: str,
    against: str,
    merger_at: str | None,
    at: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Judge the past by two versions and say what would become of it. Nothing is emitted, nothing committed.

    The past is FILE... (lines as `vigil assess` reads them, `-` is standard input), or the word `topics`: all that is on the input topics
    of the Kafka that the settings name, up to their ends as they are at the start. It needs the right to read them, and no other.

    Records of topics are judged in the order of their Kafka timestamps over all topics and partitions, each at its own. Of equal ones,
    profiles come first, then posts, messages, assessments and responses. A partition's own order is always kept. Of profiles only the last
    of each person may be left; it is taken at its time, and earlier events are then judged again, as ever.

    Exit status 3 if an emergency would be lost.
    """
    settings = load({"merger_at": merger_at}, settings_file, need=["merger_at", *(["kafka"] if sources == (TOPICS,) else [])])
    records = _records(sources, settings, at, (since, until))
    found = replay(records, settings, (against, policy))
    for line in _objects(found) if as_json else _lines(found):
        click.echo(line)
    sys.exit(3 if found.lost else 0)


def _records(sources: tuple[str, ...], settings: Settings, at: str | None, span: tuple[str | None, str | None]) -> Iterator[SourceRecord]:
    if sources == (TOPICS,):
        if at is not None:
            raise SettingsError("`--now` is for files: records of topics arrive when they arrived; leave it out")
        since, until = (None if one is None else milliseconds(one, name) for one, name in zip(span, ("--since", "--until"), strict=True))
        return _on_topics(settings, since, until)
    if span != (None, None):
        raise SettingsError("`--since` and `--until` are for `topics`: records of files arrive when `--now` says; leave them out")
    return recorded(_all(sources), clock.milliseconds() if at is None else milliseconds(at))


def _all(sources: tuple[str, ...]) -> Iterator[bytes]:
    for source in sources:
        try:
            with click.open_file(source, "rb") as file:
                yield from file
        except OSError as error:
            raise SettingsError(f"`{source}` can't be read ({error.strerror}): give files of records, `-`, or the word `topics`") from None


def _on_topics(settings: Settings, since: int | None, until: int | None) -> Iterator[SourceRecord]:
    last = 0

    def progress(done: int, most: int, moment: int) -> None:
        nonlocal last
        if clock.milliseconds() - last >= EVERY:
            last = clock.milliseconds()
            click.echo(f"{done:,} of at most {most:,} records, at {datetime.fromtimestamp(moment / 1000, UTC).isoformat()}", err=True)

    with Past(settings, since, until) as past:
        yield from past.records(progress)


def _lines(found: Replay) -> list[str]:
    before, after = found.before, found.after
    lost = [f"LOST EMERGENCY  {_says(one)}" for one in found.lost]
    head = f"{len(lost)} emergencies would be lost. From `{before.version}` to `{after.version}`:"
    outcomes = [f"  {name:<14}{before.by_outcome[name]:>8}{after.by_outcome[name]:>8}" for name in OUTCOMES]
    reports = f"  {'reports':<14}{before.reports:>8}{after.reports:>8}"
    clauses = [f"  {name:<14}{before.by_clause[name]:>8}{after.by_clause[name]:>8}" for name in _clauses(found)]
    return [*lost, head, *outcomes, reports, *clauses]


def _says(one: Lost) -> str:
    clauses = f" ({', '.join(one.after.clauses)})" if one.after.clauses else ""
    return f"{one.event_id}: by {', '.join(one.clauses)}; now {one.after.outcome}{clauses}"


def _objects(found: Replay) -> list[str]:
    before, after = found.before, found.after
    made: list[dict[str, object]] = [
        {"lost_emergency": one.event_id, "clauses": one.clauses, "after": one.after.outcome, "clauses_after": one.after.clauses}
        for one in found.lost
    ]
    made += [{"outcome": name, "before": before.by_outcome[name], "after": after.by_outcome[name]} for name in OUTCOMES]
    made.append({"reports": True, "before": before.reports, "after": after.reports})
    made += [{"clause": name, "before": before.by_clause[name], "after": after.by_clause[name]} for name in _clauses(found)]
    return [json.dumps(one) for one in made]


def _clauses(found: Replay) -> list[str]:
    return sorted({*found.before.by_clause, *found.after.by_clause})
