import json
import logging
import re
import sys
import threading
from io import StringIO

import pytest
import structlog
from structlog.testing import capture_logs

from streams import logs
from streams.heart import happenings as heart
from streams.heart.chunk import Source
from streams.watching import Watching

SOURCE = Source("posts", 3)
SHOWN = [
    (heart.PartitionsGiven(frozenset({3}), 1.23456), {"event": "partitions.given", "partitions": {3}, "seconds": 1.235}),
    (heart.PartitionsTaken(frozenset({3}), 2), {"event": "partitions.taken", "partitions": {3}, "dropped": 2}),
    (heart.CommitRefused({SOURCE: 9}), {"event": "commit.refused", "partitions": {3}}),
    (heart.RecordsGone(SOURCE, 4, 9), {"event": "records.gone", "topic": "posts", "partition": 3, "begin": 4, "end": 9}),
    (heart.Overtaken(3, 2), {"event": "changelog.overtaken", "partition": 3, "keys": 2}),
    (heart.Failed("brokers refused"), {"event": "worker.failed", "reason": "brokers refused"}),
]


@pytest.mark.parametrize(("happening", "event"), SHOWN, ids=lambda value: value.get("event") if isinstance(value, dict) else None)
def test_what_an_operator_should_see_is_logged(happening: heart.Happening, event: dict[str, object]) -> None:
    """Each such happening is one event, compared whole; its name and keys are ones that the chain lets through."""
    with capture_logs() as written:
        Watching().happened(happening)
    (found,) = written
    del found["log_level"]
    assert found == event
    assert re.fullmatch(logs.EVENT, str(event["event"]))
    assert set(event) - {"event"} <= logs.KEYS


def test_a_shadows_faults_are_counted_and_logged_ever_more_rarely() -> None:
    """The 1st, 2nd, 4th and 8th are logged by their type and place; what the error says, which may quote a record, is nowhere."""
    watching, stream, root = Watching(), StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    try:
        logs.configure("info", "json", stream)
        for _ in range(9):
            watching.shadow_failed(ValueError("their words"))
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        structlog.reset_defaults()
    written = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["event"], line["count"]) for line in written] == [("shadow.failed", count) for count in (1, 2, 4, 8)]
    assert all(line["errors"][0].startswith("ValueError") for line in written)
    assert "their words" not in stream.getvalue()
    assert watching.registry.get_sample_value("vigil_shadow_faults_total") == 9


def test_the_ordinary_is_not_logged() -> None:
    """What happens many times a second is counted, and not written down."""
    with capture_logs() as written:
        watching = Watching()
        for happening in (heart.ChunkJudged(SOURCE, 1, {}, 0.1, 1), heart.ChunkStored(3, 1, 0.1), heart.Committed({SOURCE: 1})):
            watching.happened(happening)
    assert written == []
