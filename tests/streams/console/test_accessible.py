"""Every page in a real browser, looked at by axe."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

if TYPE_CHECKING:
    from tests.streams.console.conftest import Desk

CHROMIUM = shutil.which("chromium")
PATHS = {"now": "/", "lag": "/lag", "decisions": "/decisions", "decision": "/decisions/d1", "dead letters": "/dead-letters"}
RUN = """
addEventListener("load", () => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then((found) => {
  const pre = document.createElement("pre");
  pre.id = "axe";
  pre.textContent = JSON.stringify({passes: found.passes.length, violations: found.violations.map((one) =>
    ({id: one.id, where: one.nodes.map((node) => node.html)}))});
  document.body.append(pre);
}));
"""
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture
def address(full: "Desk") -> Iterator[str]:
    """The full page on a port, with axe added to each page (and without the policy that forbids adding it)."""
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")

    async def script(request: Request) -> Response:
        del request
        return Response(axe + RUN, media_type="text/javascript")

    async def page(request: Request) -> Response:
        html = full.page("/" + request.path_params["path"])
        return HTMLResponse(html.replace("</body>", '<script src="/axe.js"></script></body>'))

    static = next(route for route in full.app._app.routes if isinstance(route, Mount))  # type: ignore[attr-defined]  # Starlette inside
    app = Starlette(routes=[Route("/axe.js", script), static, Route("/{path:path}", page)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.mark.skipif(CHROMIUM is None and "CI" not in os.environ, reason="no `chromium` here: apt-get install chromium")
@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_nothing(name: str, address: str, tmp_path: Path) -> None:
    """No page breaks a rule of WCAG 2.2 AA that axe can check; and axe did check."""
    command = [CHROMIUM or "chromium", *FLAGS, f"--user-data-dir={tmp_path}", "--timeout=6000", "--dump-dom", address + PATHS[name]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    result = re.search(r'<pre id="axe">(.*?)</pre>', done.stdout, re.DOTALL)

    assert result is not None, done.stderr[-500:]
    found = json.loads(unescape(result[1]))
    assert found["violations"] == []
    assert found["passes"] > 10
