import json

import pytest

from policy.core import Rules
from streams.assessing.assess import MemoryState
from streams.heart.ports import SourceRecord
from streams.judging.judge import MOST_INTERNAL, EverythingFailsError, PolicyJudge
from streams.judging.memory import StateUnavailableError
from tests.policy.core.driver import MERGER, NOW, message
from tests.streams.judging.test_shadow import MILLISECONDS, Failing


def records(count: int) -> list[SourceRecord]:
    """So many events, each of another person."""
    values = [message(f"e{n}", NOW, person=f"u{n}") for n in range(count)]
    return [SourceRecord("messages", 0, n, MILLISECONDS, f"u{n}".encode(), json.dumps(value).encode()) for n, value in enumerate(values)]


def test_one_error_inside_sets_its_record_aside() -> None:
    """A record on which something inside fails is a dead letter with its review, and no decision `none` (U2)."""
    outputs = PolicyJudge(Rules(merger_at=MERGER, reader=Failing()), 1).judge(0, records(1), MemoryState(), MILLISECONDS).outputs
    assert [output.topic for output in outputs] == ["dead-letters", "reviews"]
    assert dict(outputs[0].headers)["vigil.error.reason"] == b"internal"


def test_where_everything_fails_the_worker_stops() -> None:
    """Error after error is Vigil's own: it stops, naming the kind of error, and does not pour the topic into the dead letters."""
    judge = PolicyJudge(Rules(merger_at=MERGER, reader=Failing()), 1)
    with pytest.raises(EverythingFailsError, match=r"`RuntimeError`.*nothing more is set aside"):
        judge.judge(0, records(MOST_INTERNAL), MemoryState(), MILLISECONDS)


class Broken(MemoryState):
    """A store that is gone."""

    def get(self, key: bytes) -> bytes | None:
        """Fail."""
        raise OSError(key)


def test_where_the_store_is_gone_nothing_is_judged() -> None:
    """A store that doesn't answer is not an empty one: the first record stops the worker, and nobody's key is in what it says."""
    with pytest.raises(StateUnavailableError) as stopped:
        PolicyJudge(Rules(merger_at=MERGER), 1).judge(0, records(1), Broken(), MILLISECONDS)
    assert "u0" not in str(stopped.value)
