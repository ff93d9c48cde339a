"""Headless Chromium, driven over a pipe by its own protocol: no driver to install, no port to listen on.

Example: `with Browser(folder) as browser: page = browser.open("http://127.0.0.1:9180/"); page.until("document.title == 'Now · Vigil'")`.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-pipe",
)
SECONDS = 30.0
KEYS = {"Tab": 9, "Enter": 13, " ": 32}
WIDTH, HEIGHT = 1280, 900


class Browser:
    """One Chromium with its profile in `folder`. Not for threads: one command is awaited after the other."""

    def __init__(self, folder: Path) -> None:
        reads, self._to = os.pipe()
        self._from, writes = os.pipe()
        command = [CHROMIUM or "chromium", *FLAGS, f"--user-data-dir={folder}"]
        pipes = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'  # Chromium reads commands from 3 and answers on 4
        self._process = subprocess.Popen(["sh", "-c", pipes, "sh", *command], stdin=reads, stdout=writes, start_new_session=True)
        os.close(reads)
        os.close(writes)
        self._sent = 0
        self._heard = b""
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a command and await its answer. What Chromium tells meanwhile is added to `events`."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._next()
            if heard.get("id") != self._sent:
                self.events.append(heard)
                continue
            assert "error" not in heard, f"{method}: {heard['error']}"
            result: dict[str, Any] = heard["result"]
            return result

    def open(self, address: str, **shape: Any) -> "Page":
        """A new window without cookies or logins of others, at an address; `shape` as `Page.shape` takes it."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        page = Page(self, self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"], context)
        page.shape(**shape)
        if address != "about:blank":
            page.go(address)
        return page

    def close(self) -> None:
        """End Chromium and all its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(SECONDS)
        os.close(self._to)
        os.close(self._from)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while b"\0" not in self._heard:
            assert select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))[0], "Chromium says nothing"
            more = os.read(self._from, 1 << 20)
            assert more, "Chromium has ended"
            self._heard += more
        message, _, self._heard = self._heard.partition(b"\0")
        heard: dict[str, Any] = json.loads(message)
        return heard


class Page:
    """One window."""

    def __init__(self, browser: Browser, session: str, context: str) -> None:
        self._browser, self._session, self._context = browser, session, context
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command to this window."""
        return self._browser.call(method, self._session, **parameters)

    def shape(self, *, width: int = WIDTH, height: int = HEIGHT, media: Mapping[str, str] | None = None) -> None:
        """Set the size of the window, and what its user prefers (`{"prefers-reduced-motion": "reduce"}`)."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": name, "value": value} for name, value in (media or {}).items()]
        self.call("Emulation.setEmulatedMedia", features=features)

    def go(self, address: str) -> None:
        """Load an address, to the end."""
        assert "errorText" not in self.call("Page.navigate", url=address), address
        self.until("location.href != 'about:blank' && document.readyState == 'complete'")

    def js(self, expression: str) -> Any:
        """The value of an expression, awaited where it is a promise."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def until(self, expression: str, seconds: float = SECONDS) -> Any:
        """The first value of an expression that is true. Fails with the page's text where that takes too long."""
        deadline = time.monotonic() + seconds
        while not (found := self.js(expression)):
            assert time.monotonic() < deadline, f"`{expression}` is not so; the page says: {self.text()[:1500]}"
            time.sleep(0.05)
        return found

    def text(self) -> str:
        """What a reader sees."""
        return str(self.js("document.body.innerText"))

    def press(self, key: str) -> None:
        """Press a key and let it go."""
        said = {"key": key, "windowsVirtualKeyCode": KEYS[key], "code": {" ": "Space"}.get(key, key)}
        text = {"Enter": {"text": "\r"}, " ": {"text": " "}}.get(key, {})
        self.call("Input.dispatchKeyEvent", type="keyDown", **said, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **said)

    def loaded(self) -> list[str]:
        """The addresses that this window has asked for."""
        return [event["params"]["request"]["url"] for event in self._events("Network.requestWillBeSent")]

    def complaints(self) -> list[str]:
        """What the browser complained of: scripts that failed, and what a policy forbade."""
        entries = [event["params"]["entry"] for event in self._events("Log.entryAdded")]
        thrown = [event["params"]["exceptionDetails"]["text"] for event in self._events("Runtime.exceptionThrown")]
        return [entry["text"] for entry in entries if entry["source"] != "network"] + thrown

    def axe(self, script: str, rules: list[str]) -> dict[str, Any]:
        """What axe finds: how many checks passed, and violations with their places."""
        self.js(f"{script};0")
        found: dict[str, Any] = self.js(
            f"axe.run(document, {{runOnly: {json.dumps(rules)}}}).then((found) => ({{passes: found.passes.length, "
            "violations: found.violations.map((one) => ({id: one.id, where: one.nodes.map((node) => node.html)}))}))"
        )
        return found

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """Save a picture (PNG) of what is seen, or of the whole page."""
        self.call("Page.bringToFront")
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        """Close the window and forget what it knew."""
        self._browser.call("Target.disposeBrowserContext", browserContextId=self._context)

    def _events(self, method: str) -> list[dict[str, Any]]:
        mine = [event for event in self._browser.events if event.get("sessionId") == self._session]
        return [event for event in mine if event["method"] == method]
