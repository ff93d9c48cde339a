"""`vigil explain`: why an event was decided as it was."""

import json
from pathlib import Path
from typing import IO

import click

from policy.explaining import explanation
from schemas.decision import Decision
from streams import auditing
from streams.auditing import Act, Auditor
from streams.cli.options import plain, settings_option
from streams.decisions_found import find, find_on_topic, quotes
from streams.errors import SettingsError
from streams.publishing import Publisher
from streams.settings import load
from streams.versions import versions_known as versions


@click.command()
@click.argument("event_id")
@click.option("--file", "files", multiple=True, type=click.File("rb"), help="decisions, as `vigil assess` writes them; else the topic's")
@click.option("--person", metavar="PERSON_ID", help="whose event it is: reads one partition in place of all")
@click.option("--as", "who", metavar="NAME", help="who asks, an id of yours: needed to read the topic")
@click.option("--why", metavar="TEXT", help="why they ask, without names: needed to read the topic")
@click.option("--with-text", is_flag=True, help="quote the words behind the facts; needs --source")
@click.option("--source", type=click.File("rb"), help="the events themselves, as `vigil assess` reads them")
@click.option("--json", "as_json", is_flag=True, help="one JSON object: the decision, and the sentences that explain it")
@settings_option
def command(  # noqa: PLR0913 - a command's options are its arguments
    *,
    event_id: str,
    files: tuple[IO[bytes], ...],
    person: str | None,
    who: str | None,
    why: str | None,
    with_text: bool,
    source: IO[bytes] | None,
    as_json: bool,
    settings_file: Path | None,
) -> None:
    """Say why EVENT_ID was decided as it was, by its last decision. Words are named by their place, quoted only --with-text.

    From the topic it leaves an audit record, before it shows anything.
    """
    if with_text != (source is not None):
        raise SettingsError("words are quoted from their source, and only if asked: give both `--with-text` and `--source`, or neither")
    decision = find(event_id, (line for file in files for line in file)) if files else _looked_up(event_id, person, who, why, settings_file)
    says = list(explanation(decision, versions(load(file=settings_file).policy)))
    quoted = list(quotes(decision, source)) if source is not None else []
    if as_json:
        told = {"decision": decision.model_dump(mode="json", by_alias=True), "says": says}
        click.echo(json.dumps(told | ({"quotes": quoted} if with_text else {})))
        return
    click.echo("\n".join(plain(line) for line in (*says, *quoted)))


def _looked_up(event_id: str, person: str | None, who: str | None, why: str | None, settings_file: Path | None) -> Decision:
    if who is None or why is None:
        raise SettingsError("a person's decision is read from the topic by somebody, for a reason: give `--as` and `--why`, or a `--file`")
    if person is not None:
        auditing.person(person)
    settings = load(file=settings_file, need=["kafka"])
    decision = find_on_topic(settings, event_id, person)
    Auditor(Publisher(settings), Act(who, why)).of_person("explain", decision.person_id, event_id)
    return decision
