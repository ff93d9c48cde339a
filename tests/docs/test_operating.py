"""docs/operating.md against what it tells of."""

import re

from click.testing import CliRunner

from streams.cli.config import reference
from streams.cli.main import COMMANDS, main
from streams.settings import Settings
from streams.settings_sources import FILE, variable
from streams.topics_plan import COPYING, MOVING
from tests.support.jars import ROOT

PAGE = (ROOT / "docs/operating.md").read_text()


def test_the_table_of_settings_is_the_settings() -> None:
    """Each setting with its default and meaning, as `vigil config show --markdown` prints them; run it and paste where this fails."""
    table = re.search(r"<!-- settings:.*?-->\n(.*?)\n<!-- settings end -->", PAGE, re.DOTALL)

    assert table is not None
    assert table[1] == reference()
    assert CliRunner().invoke(main, ["config", "show", "--markdown"]).stdout.strip() == reference()


def test_only_settings_that_exist_are_named() -> None:
    """No setting is told of that would be refused."""
    known = {variable(name) for name in Settings.model_fields} | {FILE}

    assert set(re.findall(r"\bVIGIL_[A-Z_]*[A-Z]\b", PAGE)) - known == set()


def test_only_commands_that_exist_are_named() -> None:
    """The word after `vigil` at a line's start or in backticks is a command."""
    named = set(re.findall(r"(?:^|`)vigil ([a-z-]+)", PAGE, re.MULTILINE))

    assert named - set(COMMANDS) - {"person"} == set()


def test_refusals_point_to_sections_that_are_there() -> None:
    """What `topics plan` refuses with names a heading of this page."""
    for place in (MOVING, COPYING):
        heading = re.search(r"`(.+)`", place)
        assert heading is not None
        assert f"### {heading[1]}\n" in PAGE
