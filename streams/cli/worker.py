"""`vigil worker`: the pipeline against the Kafka that the settings name."""

import sys
from pathlib import Path

import click

from streams.fitness import refuse_unfit
from streams.settings import load


@click.command()
@click.option("--settings", "file", type=click.Path(path_type=Path), help="A TOML file of settings; the environment wins over it.")
def command(file: Path | None) -> None:
    """Judge what comes, until SIGTERM or SIGINT.

    Reads VIGIL_... settings (`vigil config show`); topics must be there (`vigil topics apply`). Exit status: 0 stopped in good order,
    1 failed, with the reason on stderr; nothing that was not acknowledged by the brokers counts as done.
    """
    settings = load({}, file, need=["kafka", "merger_at"])
    refuse_unfit(settings)
    from streams import logs  # noqa: PLC0415 - Faust takes a second to import; a wrong setting is told before that
    from streams.heart.running import run_worker  # noqa: PLC0415 - as above
    from streams.judging.build import build_judge  # noqa: PLC0415 - as above
    from streams.watching import Watching, watched  # noqa: PLC0415 - as above
    from streams.working import build_worker  # noqa: PLC0415 - as above

    logs.configure(settings.log_level, settings.log_format)
    watching = Watching()
    judge = build_judge(settings, observer=watching, failed=watching.failed, shadow_failed=watching.shadow_failed)
    watching.versions(judge.rules)
    app = build_worker(settings, judge, observe=watching.happened)
    with watched(watching, settings):
        # override_logging: Faust would put its own handlers in the place of ours, and they print what records hold
        sys.exit(run_worker(app, follow=watching.follow, override_logging=False))
