"""`vigil policy`: the rulebook in plain English, and its proofs."""

import sys

import click
import msgspec

from policy.comparing.diff import diff as difference
from policy.comparing.told import Difference
from policy.printing.rulebook import book, version_text
from policy.proving.prove import Proof, prove
from policy.versions.library import shipped
from streams.errors import SettingsError
from streams.versions import find_version


@click.group()
def command() -> None:
    """What the policy says, whether its laws hold, and how two versions differ."""


@command.command()
@click.option("--version", "name", help="a version's name or file; else all that are shipped")
@click.option("--clause", help="one clause, such as N1")
def show(name: str | None, clause: str | None) -> None:
    """Print the rulebook in plain English."""
    if name is None and clause is None:
        click.echo(book(shipped()))
        return
    versions = [find_version(name)] if name else list(shipped().values())
    texts = [text for version in versions if (text := version_text(version, clause))]
    if not texts:
        known = ", ".join(dict.fromkeys(rule.clause for version in versions for rule in version.rules))
        raise SettingsError(f"there is no clause `{clause}`: give one of {known}")
    click.echo("\n".join(texts))


@command.command()
@click.option("--version", "name", default="merged", show_default=True, help="a version's name or file")
@click.option("--json", "as_json", is_flag=True, help="one JSON object a law")
def check(name: str, *, as_json: bool) -> None:
    """Prove the laws of a version over the whole space of facts. Exit status 3 where one is broken."""
    proofs = prove(find_version(name))
    for proof in proofs:
        click.echo(msgspec.json.encode(msgspec.structs.asdict(proof)) if as_json else _line(proof))
    sys.exit(0 if all(proof.holds for proof in proofs) else 3)


@command.command()
@click.argument("before")
@click.argument("after")
@click.option("--json", "as_json", is_flag=True, help="one JSON object a sentence")
def diff(before: str, after: str, *, as_json: bool) -> None:
    """Say what version AFTER judges differently from BEFORE (names or files): lost emergencies first.

    The sentences together tell every combination of facts and persons whose outcome differs, and no other. "What was X becomes Y" is exact;
    "where N1 is found ... at least Y" is a floor, and the highest such floor is what becomes of a situation.
    """
    found = difference(find_version(before), find_version(after))
    lost = [one for one in found.situations if one.lost_emergency]
    rest = [one for one in found.situations if not one.lost_emergency]
    shown: list[dict[str, object]] = [
        *({"kind": "lost_emergency", **_told(one)} for one in lost),
        *(dict[str, object](kind="settings", says=says) for says in found.settings),
        *({"kind": "situations", **_told(one)} for one in rest),
    ]
    for one in shown:
        mark = "LOST EMERGENCY  " if one["kind"] == "lost_emergency" else ""
        click.echo(msgspec.json.encode(one) if as_json else f"{mark}{one['says']}")
    if not shown:
        click.echo("nothing is judged differently", err=True)


def _told(one: Difference) -> dict[str, object]:
    becomes = [
        {"of": claim.who.says, "before": sorted(claim.befores), "after": claim.after, "at_least": claim.at_least} for claim in one.claims
    ]
    return {"says": one.says, "becomes": becomes}


def _line(proof: Proof) -> str:
    mark = "holds " if proof.holds else "BROKEN"
    counterexample = f"\n        smallest counterexample: {proof.counterexample}" if proof.counterexample else ""
    return f"{mark}  {proof.says} ({proof.combinations:,} combinations){counterexample}"
