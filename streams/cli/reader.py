"""`vigil reader`: what the reader makes of texts, of one phrase, and how well it does."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import click

from policy.reading.reader import text_reader
from policy.reading.turns import read_after
from streams.cli.options import json_option
from streams.readings.evaluation import evaluate
from streams.readings.lines import objects, reading_line, turns
from streams.readings.report import as_text

_lines = click.argument("file", type=click.File("r", encoding="utf-8"))


@click.group("reader")
def command() -> None:
    """Words into facts with evidence: try it, and measure it. See docs/reading.md."""


@command.command()
@_lines
def read(file: Iterable[str]) -> None:
    """Read texts: JSON lines with `id`, `text`, `at` and, of a conversation, `context`; `-` is stdin."""
    for line in objects(file):
        earlier, last = turns(line)
        _write(reading_line(line["id"], read_after(text_reader(), earlier, last)))


@command.command()
@_lines
def negation(file: Iterable[str]) -> None:
    """Say of one phrase in each text whether it is denied, past, or about somebody else: JSON lines with `id`, `text`, `phrase`."""
    reader = text_reader()
    for line in objects(file):
        phrase = reader.phrase(line["text"], str(line.get("phrase", "")))
        _write({"id": line["id"], "negated": phrase.negated, "historical": phrase.historical, "other": phrase.other})


@command.command("evaluate")
@_lines
@click.option("--with-text", is_flag=True, help="Show the text of each miss. It may be somebody's own words: mind who sees the screen.")
@json_option
def evaluate_command(file: Iterable[str], *, with_text: bool, as_json: bool) -> None:
    """Compare readings with what is expected: lines as for `read`, with `facts` (an object) and, if wanted, `outcome` and `profile`.

    Prints precision and recall of each fact and outcome, and the misses by id.
    """
    from streams.readings.outcomes import outcome_of  # noqa: PLC0415 the judge is slow to load and only this command needs it

    report = evaluate(text_reader(), objects(file), outcome_of, with_text=with_text)
    if as_json:
        _write(report.as_object())
    else:
        click.echo(as_text(report))


def _write(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))
