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
@click.option("--state", type=click.Choice(STATES), help="What was done; with --answer it is `acknowledged` unless given.")
@click.option("--as", "responder", required=True, metavar="NAME", help="Who answers: an id of yours, not what people call you.")
@click.option("--person", metavar="PERSON_ID", help="Whose it is, if you know: found sooner, for less is read.")
@click.option("--what", multiple=True, help="Which detail was shared; may be repeated.")
@click.option("--with-whom", multiple=True, help="Whom it was shared with; may be repeated.")
@click.option("--reason", help="Why it was not reported, or why the notice is held.")
@click.option("--hold-notice", is_flag=True, help="Do not tell the person yet (T1); needs --reason.")
@click.option("--answer", "answers", multiple=True, metavar="FACT=VALUE", help="Of a review: what you found, such as `means=no`.")
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
    """Answer the alert, referral or review ID, as `vigil inbox` shows it.

    It answers all that the case has out there, and stops its escalation; what comes of the case later is asked anew.

    \b
    acknowledged  somebody is on it
    reported      it was shared: say --what and --with-whom; the person is told (T1), unless --hold-notice
    not_reported  it was not shared, and --reason says why
    resolved      done, the case is closed
    false_alarm   there was nothing; counted, so that the policy can be mended

    \b
    vigil respond 7c3d... --as s-1 --state acknowledged
    vigil respond 7c3d... --as s-1 --state reported --what "risk of suicide" --with-whom 999
    vigil respond 5cc0... --as s-1 --answer means=no

    Exit status 0 once the brokers have it; 1 where that is not known: look at the inbox, then try again; 2 where it says too little.
    """  # noqa: D301 - the backspace is click's word for lines that stay as they are
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
