"""`vigil policy`: the rulebook in plain English, and its proofs."""

import sys

import click
import msgspec

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


def _line(proof: Proof) -> str:
    mark = "holds " if proof.holds else "BROKEN"
    counterexample = f"\n        smallest counterexample: {proof.counterexample}" if proof.counterexample else ""
    return f"{mark}  {proof.says} ({proof.combinations:,} combinations){counterexample}"
