from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from streams.console.guard import Guard, refuse_open
from streams.errors import SettingsError
from streams.settings import load

if TYPE_CHECKING:
    from tests.streams.console.conftest import Desk

LOGIN = ("lead", "a long password")


def settings(**values: Any) -> Any:
    """Settings with these and nothing from around."""
    return load({"allow_unreplicated": True, **values})


def test_others_need_a_password() -> None:
    """An address that others reach is refused without a login, and the reason says why; with one it is not."""
    with pytest.raises(SettingsError, match=r"`VIGIL_CONSOLE_HOST` is `0\.0\.0\.0`, where others could see who is in danger"):
        refuse_open(settings(console_host="0.0.0.0"))  # noqa: S104 - that it is refused is the point
    refuse_open(settings(console_host="0.0.0.0", console_user=LOGIN[0], console_password=LOGIN[1]))  # noqa: S104 - as above


def test_half_a_login_is_none() -> None:
    """A user without a password is a mistake, on loopback too."""
    with pytest.raises(SettingsError, match="half a login is set"):
        refuse_open(settings(console_user="lead"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_is_open_to_this_machine(host: str) -> None:
    """On loopback no login is needed."""
    refuse_open(settings(console_host=host))


def test_a_login_is_asked_for(desk: "Desk") -> None:
    """With a login set, nothing but 401 without it or with another: pages, stream and files alike."""
    client = TestClient(Guard(desk.app._app, *LOGIN), base_url="http://elsewhere.example")

    for path in ("/", "/lag", "/events", "/static/page.js"):
        assert client.get(path).status_code == 401, path
    assert client.get("/", auth=(LOGIN[0], "another")).status_code == 401
    assert client.get("/", auth=LOGIN).status_code == 200


def test_a_page_elsewhere_cannot_borrow_a_browser(desk: "Desk") -> None:
    """Without a login a request by a foreign host name is refused, so that a rebound name shows nothing."""
    assert desk.client.get("/", headers={"host": "evil.example"}).status_code == 421
    assert desk.client.get("/", headers={"host": "127.0.0.1:9180"}).status_code == 200
    assert desk.client.get("/", headers={"host": "[::1]:9180"}).status_code == 200


def test_a_browser_may_load_from_nowhere_else(full: "Desk") -> None:
    """The policy allows our own files alone, and no page holds a script, a style or an address that it would forbid."""
    answer = full.client.get("/")

    assert "script-src 'self'; style-src 'self'; connect-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")
