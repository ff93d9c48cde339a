"""`vigil canary`: a made-up emergency through the pipeline, one for each partition."""

import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import click

from streams import logs
from streams.canary.flights import Landed
from streams.canary.pipe import Pipe
from streams.canary.rounds import Rounds
from streams.canary.service import serve
from streams.cli.options import json_option, settings_option
from streams.settings import load

FOUND = 3
"""The exit status where any is lost or wrong."""


@click.command()
@click.option("--once", is_flag=True, help="One round: send, wait for the answers, say how each ended.")
@settings_option
@json_option
def command(*, once: bool, settings_file: Path | None, as_json: bool) -> None:
    """Send a made-up emergency to every partition, and see whether the right decision comes back, and how soon.

    It is on topics of its own, judged by the workers like any message, and reaches nobody. Goes on, a round every VIGIL_CANARY_SECONDS,
    with Prometheus metrics and probes on VIGIL_METRICS_PORT, until SIGTERM. With --once: exit status 0 where all came back right within
    VIGIL_CANARY_LOST_AFTER seconds, 3 where one did not, 1 where no broker answers or the topics are missing.
    """
    settings = load({}, settings_file, need=["kafka"])
    if as_json and not once:
        raise click.UsageError("--json goes with --once; the service is watched by its metrics")
    logs.configure(settings.log_level, settings.log_format)
    if once:
        pipe = Pipe(settings)
        pipe.open()
        landed = Rounds(settings, pipe).once()
        _write(landed, settings.canary_lost_after, as_json=as_json)
        if pipe.trouble:
            click.echo(f"vigil: the brokers say `{pipe.trouble}`: see `vigil doctor`", err=True)
        sys.exit(0 if all(one.outcome == "right" for one in landed) else FOUND)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        serve(settings)
    except KeyboardInterrupt:
        sys.exit(0)


def _write(landed: list[Landed], bound: float, *, as_json: bool) -> None:
    for one in landed:
        if as_json:
            click.echo(json.dumps(asdict(one), allow_nan=False))
        else:
            said = f"not back in {bound:g} s" if one.seconds is None else f"{one.seconds:.3f} s"
            click.echo(f"partition {one.partition:<4} {one.outcome:<6} {said}{f': {one.wrong}' if one.wrong else ''}")
