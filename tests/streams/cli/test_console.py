import pytest
from click.testing import CliRunner

from streams.cli.main import main


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "where others could see who is in danger"),
        ({"VIGIL_CONSOLE_USER": "lead"}, "half a login is set"),
    ],
)
def test_the_page_is_not_opened_to_others_without_a_login(more: dict[str, str], reason: str) -> None:
    """Another address than loopback without a login, or with half of one, ends the command at once with status 2 and the reason."""
    environment = {"VIGIL_KAFKA": "127.0.0.1:1", "VIGIL_ALLOW_UNREPLICATED": "1", "VIGIL_CONSOLE_HOST": "0.0.0.0", **more}  # noqa: S104 - that it is refused is the point
    done = CliRunner().invoke(main, ["console"], env=environment)

    assert done.exit_code == 2
    assert reason in done.stderr
    assert "the page:" not in done.stderr
