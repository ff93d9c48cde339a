"""`vigil explain`: why an event was decided as it was."""

import json
from typing import IO

import click

from streams.explaining import explanation, find


@click.command()
@click.argument("event_id")
@click.option("--file", "files", multiple=True, required=True, type=click.File("rb"), help="decisions, as `vigil assess` writes them")
@click.option("--json", "as_json", is_flag=True, help="one JSON object: the decision, and the sentences that explain it")
def command(event_id: str, files: tuple[IO[bytes], ...], *, as_json: bool) -> None:
    """Say why EVENT_ID was decided as it was, by its last decision. Words are named by their place, never quoted."""
    decision = find(event_id, (line for file in files for line in file))
    says = list(explanation(decision))
    if as_json:
        click.echo(json.dumps({"decision": decision.model_dump(mode="json", by_alias=True), "says": says}))
        return
    click.echo("\n".join(says))
