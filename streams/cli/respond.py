"""`vigil respond`: answering what waits."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import click

from streams import clock
from streams.answering import assessment, response
from streams.cli.options import json_option, settings_option
from streams.errors import SettingsError
from streams.inbox import asked
from streams.publishing import Publisher
from streams.settings import load

STATES = ("acknowledged", "reported", "not_reported", "resolved", "false_alarm")


@click.command()
@click.argument("name", metavar="ID")
@click.option("--state", type=click.Choice(STATES), help="what was done; with --answer it is `acknowledged` unless given")
@click.option("--as", "responder", required=True, metavar="NAME", help="who answers: an id of yours, not what people call you")
@click.option("--person", metavar="PERSON_ID", help="whose it is: reads one partition in place of all")
@click.option("--what", multiple=True, help="what was reported; may be repeated")
@click.option("--with-whom", multiple=True, help="whom it was reported to; may be repeated")
@click.option("--reason", help="why it was not reported, or why the notice is held")
@click.option("--hold-notice", is_flag=True, help="do not tell the person yet (T1); needs --reason")
@click.option("--answer", "answers", multiple=True, metavar="FACT=VALUE", help="of a review: what was found, such as `means=no`")
@json_option
@settings_option
def command(
    *,
    name: str,
    state: str | None,
    responder: str,
    person: str | None,
    answers: tuple[str, ...],
    settings_file: Path | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Answer the alert, referral or review ID, and all that its case has out on that topic.

    Whose it is, is found by reading the three output topics; --person reads that person's partition alone.
    """
    if state is None and not answers:
        raise SettingsError("nothing is answered: give `--state`, or `--answer` on a review")
    settings, now = load(file=settings_file), clock.now()
    found, event_id = asked(settings, name, person), uuid4().hex
    said |= {"state": state or "acknowledged", "responder_id": responder}
    answered = response(found, f"r-{event_id}", now, said)
    assessed = assessment(found, f"a-{event_id}", now, responder, answers) if answers else None
    publisher = Publisher(settings)
    # the facts first: where only they arrive, the review stays open and is asked again
    if assessed is not None:
        publisher.publish("assessments", found.key, assessed)
    publisher.publish("responses", found.key, answered)
    done = {"id": name, "state": said["state"], "event_id": f"r-{event_id}", "assessment": f"a-{event_id}" if answers else None}
    click.echo(json.dumps(done) if as_json else f"{name}: {said['state']}")
