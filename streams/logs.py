"""Logs: one chain for ours, Faust's, aiokafka's and whatever else speaks; JSON in production, lines for eyes on a terminal; to stderr.

Nothing of a person can come through. Ours: an event name and keys from `KEYS`, plain values only. A library's: its message only where it
is a literal of its own code, with numbers filled in and everything else withheld. An error: its type and place, never what it says, for it
may quote a record; never local variables.
"""

import logging
import re
import sys
import threading
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor

from streams.places import chain
from streams.templates import WITHHELD, Templates

Form = Literal["auto", "json", "text"]

KEYS = frozenset(
    {
        "applied",
        "begin",
        "changes",
        "clause",
        "closed",
        "count",
        "dropped",
        "end",
        "group",
        "host",
        "keys",
        "members",
        "offset",
        "outcome",
        "outputs",
        "partition",
        "partitions",
        "path",
        "policy",
        "port",
        "positions",
        "reader",
        "reason",
        "records",
        "rule",
        "seconds",
        "sha256",
        "state",
        "status",
        "time",
        "topic",
        "total",
        "version",
        "waited",
    }
)
"""The keys that an event of ours may carry. None is a person's, an event's or a text's; each value is a number or a word from our code."""
EVENT = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
"""An event of ours: dotted, past tense at its end, such as `alert.emitted`."""
LONGEST = 300
"""Characters of a value beyond which it is withheld: nothing of ours is that long."""
QUIET = ("aiokafka", "asyncio", "faust", "kafka", "mode", "streams.heart", "uvicorn")
"""Libraries, and what of ours is built of Faust's services, heard from WARNING on: below that they build a record for every message that
they pass and throw it away (a tenth of a worker)."""


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger of ours: `get(__name__).info("partitions.given", partitions=[0, 1])`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure(level: str = "info", form: Form = "auto", stream: TextIO | None = None) -> None:
    """Send all logs of this process through the chain, once at its start; uncaught errors too, which else would print what they quote.

    Args:
        level: `debug`, `info`, `warning` or `error`; of ours. Libraries are heard from `warning` on.
        form: `json`, `text`, or `auto`: text where the stream is a terminal.
        stream: where they go, by default stderr: stdout is for data.
    """
    out = stream or sys.stderr
    handler = _Handler(out)
    handler.setFormatter(_formatter(as_text=form == "text" or (form == "auto" and out.isatty()), colours=out.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)  # noqa: FBT003 - the library's signature
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.add_log_level, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _hook()


def _formatter(*, as_text: bool, colours: bool) -> ProcessorFormatter:
    renderer: Processor = structlog.dev.ConsoleRenderer(colors=colours) if as_text else structlog.processors.JSONRenderer(sort_keys=True)
    return ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level, _Foreign()],
        processors=[_ours, structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"), renderer],
        use_get_message=False,
        pass_foreign_args=True,
    )


class _Handler(logging.StreamHandler[TextIO]):
    """Python's handler, but where a line can't be written it doesn't print what the line held."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name of the overridden method
        """Say that a line was lost, and where it came from."""
        sys.stderr.write(f"vigil: a log line of `{record.module}:{record.lineno}` could not be written\n")


class _Foreign:
    """What a library logged, as an event of ours."""

    def __init__(self) -> None:
        self._templates = Templates()

    def __call__(self, logger: Any, method: str, event: EventDict) -> EventDict:
        """Keep who spoke, how loud, where, and the words that are surely its own."""
        del logger, method
        record: logging.LogRecord = event["_record"]
        return {
            **event,
            "event": "library.spoke",
            "logger": record.name,
            "said": self._templates.fill(record.msg, event["positional_args"]),
            "where": f"{record.module}:{record.lineno}",
            "exc_info": record.exc_info,
        }


def _ours(logger: Any, method: str, event: EventDict) -> EventDict:
    """Only what may be said, whoever says it."""
    del logger, method
    record: logging.LogRecord = event.pop("_record")
    foreign = not event.pop("_from_structlog")
    name, level, error = event.pop("event"), event.pop("level"), event.pop("exc_info", None)
    event.pop("positional_args", None)
    allowed = {key: _plain(value) for key, value in event.items() if key in KEYS or (foreign and key in {"logger", "said", "where"})}
    kept: EventDict = {"event": name if EVENT.fullmatch(str(name)) else "event.unnamed", "level": level, "logger": record.name, **allowed}
    if len(allowed) < len(event):
        kept["withheld"] = len(event) - len(allowed)
    told = chain(_found(error))
    return {**kept, "errors": told} if told else kept


def _found(error: Any) -> BaseException | None:
    """The error that `exc_info` means: itself, the middle of a triple, or the one being handled."""
    if isinstance(error, tuple):
        return error[1] if isinstance(error[1], BaseException) else None
    return error if isinstance(error, BaseException) else sys.exc_info()[1] if error else None


def _plain(value: Any) -> Any:
    """A value that can be shown: numbers, short words, and collections of them."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value) if len(value) <= LONGEST else WITHHELD
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return type(value).__name__ if isinstance(value, BaseException) else WITHHELD


def _hook() -> None:
    """Uncaught errors go through the chain as well."""
    log = get("vigil")

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        del kind
        if not isinstance(error, KeyboardInterrupt):
            log.error("process.failed", exc_info=error.with_traceback(trace))

    def in_thread(failed: threading.ExceptHookArgs) -> None:
        log.error("thread.failed", exc_info=failed.exc_value)

    def unraisable(failed: "sys.UnraisableHookArgs") -> None:
        log.error("error.unraisable", exc_info=failed.exc_value)

    sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, in_thread, unraisable
