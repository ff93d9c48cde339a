import json

import pytest
from click.testing import CliRunner

from streams.cli.main import main


def test_every_value_is_shown_with_its_source() -> None:
    """`--json` gives each setting with its value and where that is from."""
    result = CliRunner(env={"VIGIL_GROUP": "night"}).invoke(main, ["config", "show", "--json"])

    rows = {row["name"]: row for row in json.loads(result.stdout)}
    assert (rows["VIGIL_GROUP"]["value"], rows["VIGIL_GROUP"]["source"]) == ("night", "environment")
    assert (rows["VIGIL_STATE_DAYS"]["value"], rows["VIGIL_STATE_DAYS"]["source"]) == (30, "default")


@pytest.mark.parametrize("arguments", [["config", "show"], ["config", "show", "--json"]])
def test_secrets_are_masked(arguments: list[str]) -> None:
    """Neither form shows a secret."""
    result = CliRunner(env={"VIGIL_HASH_KEY": "correct horse battery"}).invoke(main, arguments)

    assert result.exit_code == 0
    assert "horse" not in result.output
    assert "**********" in result.output


def test_a_bad_setting_ends_with_2_and_one_line_on_stderr() -> None:
    """Wrong settings: one line that names the setting, nothing on stdout, exit status 2."""
    result = CliRunner(env={"VIGIL_STATE_DAY": "9"}).invoke(main, ["config", "show"])

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "vigil: `VIGIL_STATE_DAY` is no setting: did you mean `VIGIL_STATE_DAYS`?\n"
