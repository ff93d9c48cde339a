"""Free TCP ports, chosen below the range from which the kernel takes ports for outgoing connections.

So a broker that restarts finds its own ports free again.
"""

import contextlib
import random
import socket
import tempfile
import time
from pathlib import Path

FIRST, LAST = 20_000, 32_000
STALE_SECONDS = 3600


def free_ports(count: int) -> list[int]:
    """`count` different ports on which nobody listens on 127.0.0.1 at this moment."""
    chosen: list[int] = []
    dice = random.SystemRandom()
    while len(chosen) < count:
        port = dice.randint(FIRST, LAST)
        if port not in chosen and _free(port) and _claimed(port):
            chosen.append(port)
    return chosen


def _free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _claimed(port: int) -> bool:
    """Take a port that nobody else has taken lately: tests that run side by side choose before they listen."""
    claim = Path(tempfile.gettempdir()) / "vigil-ports" / str(port)
    claim.parent.mkdir(exist_ok=True)
    with contextlib.suppress(OSError):
        if time.time() - claim.stat().st_mtime > STALE_SECONDS:  # noqa: TID251 - the age of a file, by the clock that stamped it
            claim.unlink()
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def listens(port: int) -> bool:
    """Whether somebody accepts connections on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
