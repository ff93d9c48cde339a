"""`vigil person`: all that was shared about somebody (T3), and removing them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from streams import auditing, clock, erasing, sharing, sharing_words
from streams.auditing import Act, Auditor
from streams.broker import Broker
from streams.cli.options import json_option, plain, settings_option
from streams.errors import BrokerError
from streams.judging.headers import SWEEP
from streams.publishing import Publisher
from streams.settings import Settings, load
from streams.topic_reading import TopicReader

Command = TypeVar("Command", bound=Callable[..., object])


def _acting(command: Command) -> Command:
    why = click.option("--why", required=True, metavar="TEXT", help="Why. Nobody's name.")
    return click.option("--as", "who", required=True, metavar="NAME", help="Who does it: an id of yours.")(why(command))


@click.group("person")
def command() -> None:
    """One person: what was shared about them, and removing them. Each leaves an audit record."""


@command.command()
@click.argument("person_id")
@_acting
@settings_option
@json_option
def export(person_id: str, who: str, why: str, settings_file: Path | None, *, as_json: bool) -> None:
    """What was shared about PERSON_ID, why, with whom and when (T3). Whoever asks gets the same.

    It is found by reading the partition of each topic that is the person's home, and of what responders said all of them.
    """
    settings, person = load(file=settings_file, need=["kafka"]), auditing.person(person_id)
    Auditor(Publisher(settings), Act(who, why)).of_person("export", person)
    found = _shared(settings, person)
    answer = found.answer()
    told = json.dumps(answer, ensure_ascii=False, indent=2) if as_json else "\n".join(map(plain, sharing_words.lines(answer)))
    click.echo(told)
    if found.held:
        click.echo("a responder holds a notice to them back: ask before you answer, and answer in a way that nobody else sees", err=True)
    if found.unreadable:
        raise BrokerError(f"{found.unreadable} records can't be read and may tell more: compare this version with the workers'")


@command.command()
@click.argument("person_id")
@_acting
@click.option("--yes", is_flag=True, help="Do it; without it only what would become of what is shown.")
@settings_option
@json_option
def erase(person_id: str, who: str, why: str, settings_file: Path | None, *, yes: bool, as_json: bool) -> None:
    """Remove PERSON_ID: a tombstone to `profiles`. Says what goes by it, what only with retention and when, and what stays open.

    Shows what it would do, unless --yes. What nobody has answered stays open and escalates.
    """
    settings, person = load(file=settings_file, need=["kafka"]), auditing.person(person_id)
    publisher = Publisher(settings)
    Auditor(publisher, Act(who, why)).of_person("erase" if yes else "erase_plan", person)
    configs = {name: topic.config for name, topic in erasing.described(Broker(settings), settings).items()}
    planned = erasing.plan(erasing.look(settings, person), configs, clock.now()) | {"person_id": person, "erased": yes}
    if yes:
        publisher.publish("profiles", person, None)
        publisher.elsewhere("profiles", person, None, ((SWEEP, b"1"),))
    click.echo(json.dumps(planned, indent=2) if as_json else "\n".join(plain(line) for line in erasing.lines(planned, done=yes)))
    if planned["unreadable"]:
        click.echo(f"{planned['unreadable']} records can't be read: something may be open that is not shown", err=True)
    click.echo(
        "erased; whoever publishes their profile must stop, for a later one starts anew" if yes else "nothing was removed: say --yes",
        err=True,
    )


def _shared(settings: Settings, person: str) -> sharing.Sharing:
    found = sharing.Sharing(person)
    with TopicReader(settings, sharing.READ, person, sharing.EVERYWHERE) as reader:
        for record in reader.more():
            found.take(record)
    return found
