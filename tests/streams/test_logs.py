import asyncio
import gc
import json
import logging
import subprocess
import sys
import warnings
from io import StringIO
from typing import Any

import aiokafka.client
import pytest
from mode import Service

from streams import logs
from streams.templates import WITHHELD

MARKER = "MARKER-of-a-person-7c1f"


def lines(out: StringIO) -> list[dict[str, Any]]:
    """The events that were written, without their time and level."""
    return [{key: value for key, value in json.loads(line).items() if key not in {"at", "level"}} for line in out.getvalue().splitlines()]


def test_an_event_of_ours_is_written_whole(out: StringIO) -> None:
    """Allowed keys come through with their values."""
    logs.get("streams.test").info("partitions.given", partitions=frozenset({2, 1}), seconds=0.5, topic="posts")
    event = {"event": "partitions.given", "logger": "streams.test", "partitions": [1, 2], "seconds": 0.5, "topic": "posts"}
    assert lines(out) == [event]
    assert json.loads(out.getvalue())["at"].endswith("Z")


def test_keys_that_are_not_allowed_are_withheld(out: StringIO) -> None:
    """A key that is not on the list is dropped, its name too, and that it was is said."""
    logs.get("streams.test").warning("record.refused", person_id=MARKER, text=MARKER, topic="posts", **{MARKER: 1})
    assert lines(out) == [{"event": "record.refused", "logger": "streams.test", "topic": "posts", "withheld": 3}]


@pytest.mark.parametrize("event", [f"could not read {MARKER}", MARKER, f"record.{MARKER}", "Record.Refused", "record"])
def test_an_event_that_is_no_name_is_not_written(out: StringIO, event: str) -> None:
    """A sentence put where the event's name belongs may hold anything."""
    logs.get("streams.test").info(event, topic="posts")
    assert lines(out)[0]["event"] == "event.unnamed"


@pytest.mark.parametrize("value", [MARKER.encode(), {MARKER: 1}, object(), MARKER * 20, ValueError(MARKER)])
def test_a_value_that_is_not_plain_is_withheld(out: StringIO, value: object) -> None:
    """Bytes, mappings, objects and long texts are not shown; of an error its type."""
    logs.get("streams.test").info("record.refused", reason=value, topic=[value])
    shown = "ValueError" if isinstance(value, ValueError) else WITHHELD
    assert lines(out) == [{"event": "record.refused", "logger": "streams.test", "reason": shown, "topic": [shown]}]


def fail(text: str) -> None:
    """Raise an error that quotes a record, from one that does too."""
    try:
        dict[str, str]()[text]
    except KeyError as error:
        raise ValueError(f"can't read `{text}`") from error


def test_an_error_is_its_type_and_place(out: StringIO) -> None:
    """Neither what an error says, nor what caused it says, nor a local variable is written; where it happened is."""
    try:
        fail(MARKER)
    except ValueError:
        logs.get("streams.test").exception("chunk.failed", partition=1)
    (found,) = lines(out)
    assert found["partition"] == 1
    assert [error.split(":")[0] for error in found["errors"]] == ["ValueError at streams/test_logs.py", "KeyError at streams/test_logs.py"]
    assert "in fail" in found["errors"][0]
    assert MARKER not in out.getvalue()


def test_a_librarys_own_words_come_through(out: StringIO) -> None:
    """A message that is a literal of the library's code is written, with numbers and error types filled in and texts withheld."""
    template = "Unable connect to node with id %s: %s"
    logging.getLogger(aiokafka.client.__name__).error(template, 3, ConnectionError(MARKER))
    (found,) = lines(out)
    assert found["said"] == "Unable connect to node with id 3: ConnectionError"
    assert (found["event"], found["logger"]) == ("library.spoke", "aiokafka.client")
    logging.getLogger(aiokafka.client.__name__).error(template, MARKER, MARKER)
    assert lines(out)[1]["said"] == f"Unable connect to node with id {WITHHELD}: {WITHHELD}"


@pytest.mark.parametrize(
    ("message", "args"),
    [
        (f"could not decode {MARKER}", ()),
        (MARKER, ()),
        ("%s", (MARKER,)),
        ("%(text)s", ({"text": MARKER},)),
        ({"text": MARKER}, ()),
    ],
)
def test_a_librarys_other_words_do_not(out: StringIO, message: object, args: tuple[object, ...]) -> None:
    """A message that was put together before it was logged, and every text put into one, is withheld."""
    logging.getLogger("faust.streams").error(message, *args)
    assert MARKER not in out.getvalue()
    assert len(lines(out)) == 1


def test_a_message_that_does_not_fit_its_arguments_stays_as_it_is(out: StringIO) -> None:
    """A library's slip in its own logging neither stops the line nor prints what the arguments hold."""
    record = logging.LogRecord("aiokafka", logging.ERROR, "conn.py", 1, "Unable connect to node with id %s: %s", (MARKER,), None)
    logging.getLogger().handlers[0].handle(record)
    assert lines(out)[0]["said"] == "Unable connect to node with id %s: %s"


def test_a_line_that_cannot_be_written_gives_nothing_away(out: StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the stream itself fails, Python would print the message and its arguments."""
    out.close()
    logging.getLogger("aiokafka").error("Unable connect to node with id %s: %s", 1, MARKER)
    assert MARKER not in capsys.readouterr().err


def test_a_service_of_faust_is_heard(out: StringIO) -> None:
    """Faust's services put their name before a message; the message is still known as the library's own."""

    class Sleeper(Service):  # type: ignore[misc] - mode has no types
        """A service."""

    Sleeper().log.error("Crashed reason=%r", ValueError(MARKER))
    (found,) = lines(out)
    assert found["said"] == "Crashed reason='ValueError'"


def test_a_library_nobody_listed_is_withheld(out: StringIO) -> None:
    """A library that is not listed says nothing but that it spoke, how loud and where."""
    logging.getLogger("somebody.else").error("Unable to find %s", MARKER)
    (found,) = lines(out)
    assert found["said"] == WITHHELD or MARKER not in found["said"]


def test_a_librarys_error_is_its_type_and_place(out: StringIO) -> None:
    """A library that logs an exception gives away no more than ours do."""
    try:
        fail(MARKER)
    except ValueError:
        logging.getLogger("faust").exception("Unexpected error: %r", MARKER, extra={"text": MARKER})
    assert MARKER not in out.getvalue()
    assert lines(out)[0]["errors"][0].startswith("ValueError at ")


def test_a_lost_task_gives_nothing_away(out: StringIO) -> None:
    """A task's error that nobody fetched is told by asyncio with all that it says; the chain doesn't."""

    async def lose() -> None:
        task = asyncio.ensure_future(asyncio.to_thread(fail, MARKER))
        await asyncio.wait([task])
        del task
        gc.collect()

    asyncio.run(lose())
    assert [line["logger"] for line in lines(out)] == ["asyncio"]
    assert MARKER not in out.getvalue()


def test_a_warning_gives_nothing_away(out: StringIO) -> None:
    """Python's warnings go through the chain too."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)  # noqa: FBT003 - the library's signature
        warnings.warn(MARKER, UserWarning, stacklevel=1)
    assert lines(out)[0]["logger"] == "py.warnings"
    assert MARKER not in out.getvalue()


PROGRAM = f"""
import threading, sys
from streams import logs
logs.configure("info", sys.argv[1])
def fail():
    text = "{MARKER}"
    raise ValueError(text)
class Last:
    def __del__(self): fail()
thread = threading.Thread(target=fail); thread.start(); thread.join()
Last()
fail()
"""


@pytest.mark.parametrize("form", ["json", "text"])
def test_an_uncaught_error_gives_nothing_away(form: str) -> None:
    """What ends a process or a thread, or is raised where nobody can catch it, is logged by type and place; in both forms."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, form], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert MARKER not in done.stdout + done.stderr
    assert done.stdout == ""
    for event in ("thread.failed", "error.unraisable", "process.failed"):
        assert event in done.stderr
    assert "ValueError at " in done.stderr


def test_libraries_are_quiet_below_warning(out: StringIO) -> None:
    """Faust builds a record for every message it passes unless its own logger is set: the root's level is not enough."""
    assert not logging.getLogger("faust.transport").isEnabledFor(logging.INFO)
    logging.getLogger("aiokafka").info("Discovered coordinator %s", MARKER)
    assert out.getvalue() == ""


def test_the_level_is_ours(out: StringIO) -> None:
    """Below the level that was asked for nothing of ours is written."""
    logs.configure("warning", "json", out)
    logs.get("streams.test").info("partitions.given")
    logs.get("streams.test").warning("commit.refused")
    assert [line["event"] for line in lines(out)] == ["commit.refused"]
