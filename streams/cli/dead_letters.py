"""`vigil dead-letters`: what could not be judged, and sending it back."""

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import TypeAdapter, ValidationError

from schemas.base import Instant
from schemas.catalogue import READ
from streams import clock
from streams.auditing import Act, Auditor
from streams.cli.options import json_option, plain, settings_option
from streams.dead_letters import Fate, detail, summary
from streams.errors import SettingsError
from streams.judging.outputs import EPOCH
from streams.publishing import Publisher
from streams.redriving import Choice, carry_out, letters, one, place, planned, redriven
from streams.settings import load

LEFT = 3
"""The exit status where something chosen can't be sent back."""
STAYS = (Fate.QUARANTINE, Fate.FOREIGN, Fate.TOO_LARGE)
ROUNDS = 3
Command = TypeVar("Command", bound=Callable[..., object])


def _choosing(command: Command) -> Command:
    since = click.option("--since", metavar="INSTANT", help="Only those whose record first came at or after this moment.")
    reason = click.option("--reason", help="Only those set aside for this reason, such as `invalid`.")
    return click.option("--topic", type=click.Choice(list(READ)), help="Only records of this topic.")(reason(since(command)))


@click.group("dead-letters")
def command() -> None:
    """Records that could not be judged: set aside whole, with the reason. Each has a review."""


@command.command("list")
@_choosing
@settings_option
@json_option
def listing(topic: str | None, reason: str | None, since: str | None, settings_file: Path | None, *, as_json: bool) -> None:
    """What was set aside, why, and whether it was sent back. Nothing of what it says, nor whose it is."""
    settings = load(file=settings_file, need=["kafka"])
    before, reasons = redriven(settings), Counter[str]()
    for letter in letters(settings, Choice(topic, reason, _since(since))):
        reasons[letter.reason or "unknown"] += 1
        _line(summary(letter, before), as_json=as_json)
    click.echo(", ".join(f"{count} {name}" for name, count in reasons.most_common()) or "no dead letters", err=True)


@command.command()
@click.argument("at", metavar="PLACE")
@click.option("--with-text", is_flag=True, help="Key, value and all headers too: somebody's words. Needs --as and --why.")
@click.option("--as", "who", metavar="NAME", help="Who asks for the words: an id of yours.")
@click.option("--why", metavar="TEXT", help="Why they ask. Nobody's name.")
@settings_option
@json_option
def show(at: str, settings_file: Path | None, who: str | None, why: str | None, *, with_text: bool, as_json: bool) -> None:
    """One dead letter, by its place as `list` gives it (`dead-letters/3/17`): headers and sizes.

    With its words it leaves an audit record, before it shows anything.
    """
    if with_text and (who is None or why is None):
        raise SettingsError("somebody's words are shown to somebody, for a reason: give `--as` and `--why`, or leave `--with-text` out")
    settings = load(file=settings_file, need=["kafka"])
    letter = one(settings, *place(at))
    if with_text:
        Auditor(Publisher(settings), Act(who or "", why or "")).of_records("show", [letter.place])
    told = detail(letter, redriven(settings), text=with_text)
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, content in told.items():
        if name == "headers":
            for each in content:
                click.echo(
                    f"  {each['name']}: {each['bytes']} bytes" if each["value"] is None else f"  {each['name']}: {plain(each['value'])}"
                )
        else:
            click.echo(f"{name}: {'-' if content is None else plain(str(content))}")


@command.command()
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@_choosing
@click.option("--why", required=True, metavar="TEXT", help="What was mended. Nobody's name.")
@click.option("--as", "who", required=True, metavar="NAME", help="Who sends back: an id of yours.")
@click.option(
    "--rounds", type=click.IntRange(1, 100), default=ROUNDS, show_default=True, help="How often one record may be sent back in all."
)
@click.option("--yes", is_flag=True, help="Do it; without it only what would be done is shown.")
@settings_option
@json_option
def redrive(  # noqa: PLR0913 - a command's options are its arguments
    *,
    places: tuple[str, ...],
    topic: str | None,
    reason: str | None,
    since: str | None,
    why: str,
    who: str,
    rounds: int,
    yes: bool,
    settings_file: Path | None,
    as_json: bool,
) -> None:
    """Send dead letters back to be judged as new: by PLACE, or by --topic, --reason, --since. Shows what it would do, unless --yes.

    Key, value, headers and first arrival stay. What was sent back too often is in quarantine: it is named and left. Exit status 3 where
    something chosen was left because of that, because no worker wrote it, or because its topic takes no record as large.
    """
    choice, act = Choice(topic, reason, _since(since), frozenset(map(place, places))), Act(who, why)
    act.record("redrive", clock.now())
    if not choice.any:
        raise SettingsError("nothing is chosen: name places, or give `--topic`, `--reason` or `--since`")
    settings = load(file=settings_file, need=["kafka"])
    publisher, plan = Publisher(settings), planned(settings, choice, rounds)
    fates = Counter[Fate]()
    for letter, become in carry_out(plan, publisher, Auditor(publisher, act)) if yes else plan:
        fates[become] += 1
        sent = yes and become is Fate.SEND
        told = {"redriven": sent or become is Fate.DONE, "fate": become, "sent": sent}
        _line(summary(letter, frozenset()) | told, as_json=as_json)
    _tell(fates, len(choice.places), yes=yes)


def _tell(fates: Counter[Fate], named: int, *, yes: bool) -> None:
    total = ", ".join(f"{fates[each]} {each}" for each in Fate if fates[each]) or "no dead letter is chosen"
    click.echo(f"{total}{'' if yes else ' (nothing was sent: say --yes)'}", err=True)
    missing = named > fates.total()
    if missing:
        click.echo(f"{named - fates.total()} of the places named hold no dead letter that is chosen", err=True)
    sys.exit(LEFT if missing or any(fates[each] for each in STAYS) else 0)


def _line(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    origin = "unknown origin" if told["topic"] is None else f"{told['topic']}/{told['partition']}/{told['offset']}"
    field = f" ({told['field']})" if told["field"] else ""
    state = told.get("fate") or ("redriven" if told["redriven"] else "set aside")
    why = f"{told['reason'] or 'unknown'}{field}  from {origin}"
    click.echo(plain(f"{told['place']:24} {state:10} {why}  {told['arrived']}  times: {told['attempts']}"))


def _since(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        moment = TypeAdapter(Instant).validate_python(text)
    except ValidationError:
        raise SettingsError(
            f"`--since` is `{text}`, which is no instant: give one with an offset, such as `2026-11-03T21:14:05Z`"
        ) from None
    return int((moment - EPOCH).total_seconds() * 1000)
