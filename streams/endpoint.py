"""A small HTTP endpoint in a thread of its own: `/metrics`, `/livez` and `/readyz`, answered whatever the event loop is doing.

Listens on loopback unless told otherwise. It has no authentication and shows nothing of any person.
"""

import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Self
from urllib.parse import urlsplit

from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry

from streams import logs
from streams.errors import VigilError

LOG = logs.get(__name__)
Probe = Callable[[], str | None]
"""Why it is not so, as a short sentence; None where it is."""
CLIENT_SECONDS = 10
"""How long a client may take over its request."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read `HOST:PORT`, `[IPV6]:PORT` or `PORT` (loopback). Raises ValueError with the next step."""
        host, _, port = text.rpartition(":")
        if not port.isdecimal() or int(port) > 65535:  # noqa: PLR2004 - the highest port there is
            raise ValueError(f"`{text}` is no address; write `HOST:PORT`, such as `127.0.0.1:9108`")
        return cls(host.strip("[]") or "127.0.0.1", int(port))


class EndpointError(VigilError):
    """The address can't be listened on."""


def well() -> str | None:
    """A probe that is always well."""
    return None


class Endpoint:
    """Serves one registry and two probes until closed. Port 0 takes a free one; `port` tells which. Raises EndpointError."""

    def __init__(self, address: Address, registry: CollectorRegistry, live: Probe = well, ready: Probe = well) -> None:
        handler = type("_Handler", (_Handler,), {"registry": registry, "probes": {"/livez": live, "/readyz": ready}})
        server = _Server6 if ":" in address.host else _Server
        try:
            self._server = server((address.host, address.port), handler)
        except OSError as error:
            place = f"{address.host}:{address.port}"
            raise EndpointError(f"metrics and probes can't be served on `{place}` ({error.strerror}): give another") from None
        self._thread = threading.Thread(target=self._server.serve_forever, name="endpoint", daemon=True)
        self.port = int(self._server.server_address[1])

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop answering and give the port back."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no event; anything else is logged by type and place, where Python would print it whole."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            LOG.error("request.failed", exc_info=error)


class _Server6(_Server):
    address_family = socket.AF_INET6


class _Handler(BaseHTTPRequestHandler):
    """One request. Says neither which Python it is nor, in a log, who asked."""

    registry: ClassVar[Collector]
    probes: ClassVar[dict[str, Probe]]
    timeout = CLIENT_SECONDS
    server_version = "vigil"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer a path that is known; 404 for any other."""
        path = urlsplit(self.path).path
        if path == "/metrics":
            encode, kind = choose_encoder(self.headers.get("Accept", ""))
            self._answer(HTTPStatus.OK, kind, encode(self.registry))
        elif path in self.probes:
            trouble = self.probes[path]()
            status = HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK
            self._answer(status, "text/plain; charset=utf-8", f"{trouble or 'ok'}\n".encode())
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"try /metrics, /livez or /readyz\n")

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden argument
        """Stay quiet: probes come every few seconds."""

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
