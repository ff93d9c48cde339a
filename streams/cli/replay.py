"""`vigil replay`: recorded events under another policy version, nothing emitted."""

import json
import sys
from pathlib import Path
from typing import IO

import click

from streams import clock
from streams.cli.assess import milliseconds
from streams.cli.options import settings_option
from streams.replaying import IN_FORCE, Replay, replay
from streams.settings import load

OUTCOMES = ("emergency", "non_emergency", "review", "none", "out_of_scope")


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.option("--policy", required=True, metavar="VERSION", help="the version to try: its name or file")
@click.option("--against", default=IN_FORCE, show_default=True, metavar="VERSION", help="what to compare it with")
@click.option("--merger-at", metavar="INSTANT", help="the instant from which the policy counts; else VIGIL_MERGER_AT")
@click.option("--now", "at", metavar="INSTANT", help="when all records arrive; else the clock")
@click.option("--json", "as_json", is_flag=True, help="one JSON object a line")
@settings_option
def command(
    files: tuple[IO[bytes], ...],
    policy: str,
    against: str,
    merger_at: str | None,
    at: str | None,
    *,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Judge recorded events of FILE... (as `vigil assess` reads them) by two versions. Exit status 3 if an emergency would be lost."""
    settings = load({"merger_at": merger_at}, settings_file, need=["merger_at"])
    now = clock.milliseconds() if at is None else milliseconds(at)
    found = replay((line for file in files for line in file), settings, (against, policy), now)
    for line in _objects(found) if as_json else _lines(found):
        click.echo(line)
    sys.exit(3 if found.lost else 0)


def _lines(found: Replay) -> list[str]:
    before, after = found.before, found.after
    lost = [f"LOST EMERGENCY  {event}: now {found.outcome_after(event)}" for event in found.lost]
    head = f"{len(lost)} emergencies would be lost. From `{before.version}` to `{after.version}`:"
    outcomes = [f"  {name:<14}{before.by_outcome[name]:>8}{after.by_outcome[name]:>8}" for name in OUTCOMES]
    reports = f"  {'reports':<14}{before.reports:>8}{after.reports:>8}"
    clauses = [f"  {name:<14}{before.by_clause[name]:>8}{after.by_clause[name]:>8}" for name in _clauses(found)]
    return [*lost, head, *outcomes, reports, *clauses]


def _objects(found: Replay) -> list[str]:
    before, after = found.before, found.after
    made: list[dict[str, object]] = [{"lost_emergency": event, "after": found.outcome_after(event)} for event in found.lost]
    made += [{"outcome": name, "before": before.by_outcome[name], "after": after.by_outcome[name]} for name in OUTCOMES]
    made.append({"reports": True, "before": before.reports, "after": after.reports})
    made += [{"clause": name, "before": before.by_clause[name], "after": after.by_clause[name]} for name in _clauses(found)]
    return [json.dumps(one) for one in made]


def _clauses(found: Replay) -> list[str]:
    return sorted({*found.before.by_clause, *found.after.by_clause})
