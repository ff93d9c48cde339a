"""`vigil doctor`: is this deployment as it should be?"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from streams.cli.options import json_option, settings_option
from streams.doctor.cluster import Login
from streams.doctor.examine import examine
from streams.settings import load

FOUND = 3


@click.command("doctor")
@click.option(
    "--login",
    type=click.Choice(get_args(Login)),
    default="operator",
    show_default=True,
    help="Whose rights this login should have. A worker's is not asked for the brokers' clocks.",
)
@settings_option
@json_option
def command(login: Login, settings_file: Path | None, *, as_json: bool) -> None:
    """Look at settings, brokers, topics, rights, clocks, publishers and the group, and say what to mend.

    Changes nothing; to learn the brokers' clock it writes an empty record to the topic `probe`, which nobody reads.
    Exit status 0: all well; 3: something to mend; 1: no broker can be reached.
    """
    findings = examine(load(file=settings_file, need=["kafka"]), login)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.level:9}{finding.check:12}{finding.detail}")
    sys.exit(FOUND if any(finding.level == "problem" for finding in findings) else 0)
