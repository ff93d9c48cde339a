"""Who may see the page: anybody on this machine, or whoever has the password. And what a browser may do with it: nothing but show it."""

import base64
import binascii
import ipaddress
import secrets
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from streams.errors import SettingsError
from streams.settings import Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LOCAL = ("localhost", "127.0.0.1", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_open(settings: Settings) -> None:
    """Raise SettingsError where the page would be open to others without a password."""
    login = (settings.console_user, settings.console_password)
    if (None in login) and login != (None, None):
        raise SettingsError("half a login is set: give both `VIGIL_CONSOLE_USER` and `VIGIL_CONSOLE_PASSWORD`")
    if login == (None, None) and not is_loopback(settings.console_host):
        raise SettingsError(
            f"`VIGIL_CONSOLE_HOST` is `{settings.console_host}`, where others could see who is in danger: "
            "give `VIGIL_CONSOLE_USER` and `VIGIL_CONSOLE_PASSWORD`, or `127.0.0.1`"
        )


class Guard:
    """Wraps an app. Without a login only requests to this machine by its own name are answered (no page elsewhere can borrow a browser)."""

    def __init__(self, app: ASGIApp, user: str | None, password: str | None, names: Sequence[str] = LOCAL) -> None:
        self._app, self._names = app, frozenset(names)
        self._login = f"{user}:{password}".encode() if user is not None and password is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse; with the headers either way."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refused = self._refusal(Headers(scope=scope))
        await (refused or self._app)(scope, receive, with_headers)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        if self._login is None:
            host = headers.get("host", "").rsplit(":", 1)[0] if not headers.get("host", "").endswith("]") else headers["host"]
            known = host.lower() in self._names
            return None if known else PlainTextResponse("open the page by the address that `vigil console` printed\n", 421)
        if secrets.compare_digest(_given(headers.get("authorization", "")), self._login):
            return None
        return PlainTextResponse("a user and a password are needed\n", 401, {"WWW-Authenticate": 'Basic realm="vigil", charset="UTF-8"'})


def _given(authorization: str) -> bytes:
    kind, _, text = authorization.partition(" ")
    if kind.lower() != "basic":
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
