import json
import re
from io import StringIO

import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from policy.core import Rules
from policy.reading.seam import Context, Reading
from streams import logs
from streams.assessing.assess import MemoryState
from streams.heart import happenings as heart
from streams.heart.chunk import Source
from streams.heart.ports import SourceRecord
from streams.judging.judge import PolicyJudge
from streams.watching import Watching
from tests.policy.core.driver import MERGER, NOW, message

WORDS = "MARKERwords7c1f"
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


def test_a_shadows_faults_are_counted_and_logged_ever_more_rarely(out: StringIO) -> None:
    """The 1st, 2nd, 4th and 8th are logged by their type and place; what the error says, which may quote a record, is nowhere."""
    watching = Watching()
    for _ in range(9):
        watching.shadow_failed(ValueError(WORDS))
    written = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(line["event"], line["count"]) for line in written] == [("shadow.failed", count) for count in (1, 2, 4, 8)]
    assert all(line["errors"][0].startswith("ValueError") for line in written)
    assert WORDS not in out.getvalue()
    assert watching.registry.get_sample_value("vigil_shadow_faults_total") == 9


class Quoting:
    """A reader with a fault whose error quotes what it was to read."""

    version, sha256 = "quoting", "0" * 64

    def read(self, text: str, context: Context) -> Reading:
        """Fail."""
        del context
        raise ValueError(text)


def test_an_error_inside_is_told_by_its_place_and_nothing_of_the_record(out: StringIO) -> None:
    """Which record, and where it failed, is in the log; its words and its key are in no log, metric, header or review."""
    watching = Watching()
    judge = PolicyJudge(Rules(merger_at=MERGER, reader=Quoting()), 1, observer=watching, failed=watching.failed)
    value = message("e1", NOW, person=WORDS) | {"text": WORDS}
    records = [SourceRecord("messages", 0, 7, 1_700_000_000_000, WORDS.encode(), json.dumps(value).encode())]
    letter, review = judge.judge(0, records, MemoryState(), 1_700_000_000_000).outputs
    watching.told.end()
    (line,) = [json.loads(line) for line in out.getvalue().splitlines()]
    assert (line["event"], line["topic"], line["partition"], line["offset"]) == ("record.failed", "messages", 0, 7)
    assert line["errors"][0].startswith("ValueError at streams/test_watching.py")
    exposed = generate_latest(watching.registry).decode()
    assert 'vigil_dead_letters_total{reason="internal",topic="messages"} 1.0' in exposed
    headers = b"".join(content or b"" for _, content in letter.headers) + (review.value or b"")
    assert (WORDS in out.getvalue(), WORDS in exposed, WORDS.encode() in headers) == (False, False, False)


def test_the_ordinary_is_not_logged() -> None:
    """What happens many times a second is counted, and not written down."""
    with capture_logs() as written:
        watching = Watching()
        for happening in (heart.ChunkJudged(SOURCE, 1, {}, 0.1, 1), heart.ChunkStored(3, 1, 0.1), heart.Committed({SOURCE: 1})):
            watching.happened(happening)
    assert written == []
