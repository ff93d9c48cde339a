"""`vigil schemas`: the JSON Schemas and the AsyncAPI document, written out or compared with what the models say."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

import schemas
from schemas.export import files

BESIDE_THE_MODELS = Path(schemas.__file__).parent
_folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=BESIDE_THE_MODELS,
    show_default="beside the models",
    help="The folder that holds `asyncapi.yaml` and `json/`.",
)
_json = click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")


@click.group("schemas")
def command() -> None:
    """What travels, for other languages: JSON Schema 2020-12 of every record, and AsyncAPI 3.0."""


@command.command()
@_folder
@_json
def export(folder: Path, *, as_json: bool) -> None:
    """Write the files, in place of what is there."""
    texts = files()
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    click.echo(json.dumps({"folder": str(folder), "written": list(texts)}) if as_json else "\n".join(texts))


@command.command()
@_folder
@_json
def check(folder: Path, *, as_json: bool) -> None:
    """Compare the files with the models; exit status 3 where they differ."""
    found = dict(drift(folder, files()))
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "drift": found}))
    else:
        for name, what in found.items():
            click.echo(f"{name}: {what}")
    if found:
        click.echo(f"`{folder}` is not what the models say; run `vigil schemas export` and commit the files", err=True)
        raise SystemExit(3)


def drift(folder: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each file of a folder that is not as the models say, with what is wrong: missing, different, or of no record."""
    for name, text in texts.items():
        path = folder / name
        if not path.is_file():
            yield name, "missing"
        elif path.read_bytes() != text.encode():
            yield name, "different"
    for path in sorted((folder / "json").glob("*.json")):
        if (name := path.relative_to(folder).as_posix()) not in texts:
            yield name, "of no record"
