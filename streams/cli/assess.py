"""`vigil assess`: the same judgement without Kafka."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

import click
from pydantic import TypeAdapter, ValidationError

from schemas.base import Instant
from streams import clock
from streams.assessing.assess import Assessor
from streams.errors import SettingsError
from streams.judging.build import build_judge
from streams.judging.outputs import EPOCH
from streams.settings import load


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.option("--merger-at", metavar="INSTANT", help="the instant from which the policy counts; else VIGIL_MERGER_AT")
@click.option("--now", "at", metavar="INSTANT", help="when all records arrive; else the clock")
@click.option("--settings", "file", type=click.Path(path_type=Path), help="a settings file")
def command(files: tuple[IO[bytes], ...], merger_at: str | None, at: str | None, file: Path | None) -> None:
    """Judge records from FILE... (`-` is standard input) and write what the pipeline would write.

    Both are JSON lines: {"topic": "messages", "key": "u1", "value": {...}}. A value that is a string, or `value_base64`, is the record's
    raw bytes. Exit status 0 whatever the records hold; 2 where a line is no such object.
    """
    settings = load({"merger_at": merger_at}, file, need=["merger_at"])
    now = clock.milliseconds() if at is None else milliseconds(at)
    assessor = Assessor(build_judge(settings, partitions=1), now)
    out = click.get_binary_stream("stdout")
    for line in assessor.lines(_all(files)):
        out.write(line)
    out.flush()


def _all(files: tuple[IO[bytes], ...]) -> Iterator[bytes]:
    for file in files:
        yield from file


def milliseconds(text: str, option: str = "--now") -> int:
    """An instant as milliseconds since the epoch. Raises `SettingsError`, which names the option, where it is none or has no offset."""
    try:
        moment: datetime = TypeAdapter(Instant).validate_python(text)
    except ValidationError:
        raise SettingsError(
            f"`{option}` is `{text}`, which is no instant: give one with an offset, such as `2026-11-03T21:14:05Z`"
        ) from None
    return int((moment - EPOCH).total_seconds() * 1000)
