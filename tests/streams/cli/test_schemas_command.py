import json
from pathlib import Path

from click.testing import CliRunner

from schemas.export import files
from streams.cli.schemas import command


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(command, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_what_is_exported_passes_the_check(tmp_path: Path) -> None:
    """A folder written by `export` holds every file, and `check` finds nothing: exit 0."""
    status, out, _ = _run("export", "--folder", str(tmp_path))
    assert (status, out.split()) == (0, list(files()))
    assert _run("check", "--folder", str(tmp_path)) == (0, "", "")


def test_each_drift_is_named_and_ends_in_three(tmp_path: Path) -> None:
    """A file that is missing, different or of no record is told on stdout, the remedy on stderr: exit 3."""
    _run("export", "--folder", str(tmp_path))
    (tmp_path / "asyncapi.yaml").write_text("asyncapi: 3.0.0\n")
    (tmp_path / "json/post-1.json").unlink()
    (tmp_path / "json/post-0.json").write_text("{}")
    status, out, err = _run("check", "--folder", str(tmp_path))
    assert status == 3
    assert sorted(out.splitlines()) == ["asyncapi.yaml: different", "json/post-0.json: of no record", "json/post-1.json: missing"]
    assert err.strip().endswith("run `vigil schemas export` and commit the files")


def test_scripts_get_one_object(tmp_path: Path) -> None:
    """With `--json` both say what they did in one JSON object, and the check keeps its exit status."""
    status, out, _ = _run("check", "--folder", str(tmp_path), "--json")
    assert (status, set(json.loads(out)["drift"].values())) == (3, {"missing"})
    status, out, _ = _run("export", "--folder", str(tmp_path), "--json")
    assert (status, json.loads(out)["written"]) == (0, list(files()))
