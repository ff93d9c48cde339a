"""A thread that ends the process when the loop can't: a judge that hangs, a stop that takes too long."""

import contextlib
import faulthandler
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

from streams.heart.limits import Limits

POLL_SECONDS = 0.2
STATUS = 1


def end_process(reason: str) -> None:
    """Say why, and where every thread stands (lines of code, no values), and end at once: what was not marked done is judged again."""
    sys.stderr.write(reason + "\n")
    faulthandler.dump_traceback(file=sys.stderr)
    sys.stderr.flush()
    os._exit(STATUS)


class Watchdog:
    """Deadlines that hold while the loop is blocked, in Python or in C.

    Signals reach asyncio only through the loop, so a blocked loop never learns of SIGTERM; the interpreter's wake-up descriptor is
    written by the signal itself, and this thread reads it before it passes the byte on.
    """

    def __init__(self, limits: Limits, end: Callable[[str], None] = end_process) -> None:
        self._limits = limits
        self._end = end
        self._judging: float | None = None
        self._stopping: float | None = None
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Start to watch."""
        self._thread.start()

    def stop(self) -> None:
        """The process ends in good order."""
        self._finished.set()

    @contextlib.contextmanager
    def judging(self) -> Iterator[None]:
        """Around a call of the judge."""
        self._judging = time.monotonic()
        try:
            yield
        finally:
            self._judging = None

    def stopping(self) -> None:
        """From now on the process has `drain_seconds` to end."""
        if self._stopping is None:
            self._stopping = time.monotonic()

    def overhear(self) -> None:
        """Learn of SIGTERM and SIGINT at once. To be called on the main thread when the loop's handlers are in place."""
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)  # noqa: FBT003 -- the library's setter
        loop_descriptor = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._relay, args=(ours, theirs, loop_descriptor), name="signals", daemon=True).start()

    def _relay(self, ours: socket.socket, _theirs: socket.socket, loop_descriptor: int) -> None:
        while True:
            caught = ours.recv(64)
            if signal.SIGTERM in caught or signal.SIGINT in caught:
                self.stopping()
            if loop_descriptor >= 0:
                with contextlib.suppress(OSError):  # the loop is closed
                    os.write(loop_descriptor, caught)

    def _watch(self) -> None:
        while not self._finished.wait(POLL_SECONDS):
            now = time.monotonic()
            judging, stopping = self._judging, self._stopping
            if stopping is not None and now - stopping > self._limits.drain_seconds:
                self._end(f"stopping took longer than `{self._limits.drain_seconds}` s: ended at once; what was in flight is judged again")
            if judging is not None and now - judging > self._limits.judge_seconds:
                self._end(f"judging a chunk took longer than `{self._limits.judge_seconds}` s: ended at once; report this, it is a bug")
