"""Running the app as a Faust worker, until a signal or a failure ends it."""

import asyncio
import gc
import sys
from collections.abc import Callable
from typing import Any

from faust import Worker as FaustWorker

from streams.heart.application import App
from streams.heart.errors import HeartError, describe, quote_nothing


class Worker(FaustWorker):  # type: ignore[misc]  # faust has no types that mypy is shown
    """Faust's worker, watched."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, quiet=True, redirect_stdouts=False, **options)
        self.spinner = None  # it draws on stdout, which is for data

    def install_signal_handlers(self) -> None:
        """Faust's, and a thread that hears the same signals while the loop is blocked."""
        super().install_signal_handlers()
        self.app.watchdog.overhear()


def run_worker(
    app: App, *, loglevel: str = "WARN", follow: Callable[[asyncio.AbstractEventLoop], object] = lambda _loop: None, **options: Any
) -> int:
    """Run until SIGTERM, SIGINT or a failure. Gives the exit status: 0 stopped in good order, 1 failed, with the reason on stderr.

    `follow` is handed the loop before it runs, recovery of the state included. `options` are those of `faust.Worker`.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_exception_handler(quote_nothing)
    follow(loop)
    spare_the_collector()
    app.watchdog.start()
    worker = Worker(app, loglevel=loglevel, loop=loop, **options)
    try:
        worker.execute_from_commandline()
    except SystemExit as ended:
        reason = _reason(app, worker)
        if reason:
            sys.stderr.write(f"{reason}\n")
        return 1 if reason or ended.code else 0
    finally:
        app.watchdog.stop()
    return 0


def spare_the_collector() -> None:
    """What is loaded by now stays; and among hundreds of thousands of records in flight there are next to no cycles to look for."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _reason(app: App, worker: Worker) -> str:
    """Why the worker ended, or nothing where it was asked to."""
    failed = app.heart.failed if app.assembled else None
    if failed:
        return str(failed)
    starting = worker._starting_fut  # noqa: SLF001 -- mode keeps a failed start nowhere else
    error = worker.crash_reason or (starting.exception() if starting and starting.done() and not starting.cancelled() else None)
    if isinstance(error, HeartError):
        return str(error)
    return f"the worker failed: {describe(error)}" if error else ""
