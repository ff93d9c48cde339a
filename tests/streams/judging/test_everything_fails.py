import json

import pytest

from policy.core import Rules
from streams.assessing.assess import MemoryState
from streams.heart.ports import SourceRecord
from streams.judging.judge import MOST_INTERNAL, EverythingFailsError, PolicyJudge
from streams.judging.memory import StateUnavailableError
from tests.policy.core.driver import MERGER, NOW, message, profile
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


def mixed(failing: int, fine: int, rounds: int) -> list[SourceRecord]:
    """Round after round so many events on which the reader fails, and so many profiles, on which it does not."""
    made = []
    for offset in range(rounds * (failing + fine)):
        person, well = f"u{offset}", offset % (failing + fine) >= failing
        value = profile(person) if well else message(f"e{offset}", NOW, person=person)
        topic = "profiles" if well else "messages"
        made.append(SourceRecord(topic, 0, offset, MILLISECONDS, person.encode(), json.dumps(value).encode()))
    return made


def test_what_fails_for_one_kind_alone_stops_the_worker_too() -> None:
    """Every message fails while profiles are taken in: that is no poison record either, and the messages are not all set aside."""
    judge = PolicyJudge(Rules(merger_at=MERGER, reader=Failing()), 1)
    with pytest.raises(EverythingFailsError):
        judge.judge(0, mixed(1, 1, 2 * MOST_INTERNAL), MemoryState(), MILLISECONDS)


def test_poison_records_among_others_do_not_stop_the_worker() -> None:
    """One in ten fails, again and again: each is set aside with its reason, and all the others are judged."""
    judge = PolicyJudge(Rules(merger_at=MERGER, reader=Failing()), 1)
    outputs = judge.judge(0, mixed(1, 9, 2 * MOST_INTERNAL), MemoryState(), MILLISECONDS).outputs
    assert sum(output.topic == "dead-letters" for output in outputs) == 2 * MOST_INTERNAL


def test_records_that_are_refused_say_nothing_of_how_judging_goes() -> None:
    """Broken JSON between events that all fail inside does not hide that everything fails."""
    judge = PolicyJudge(Rules(merger_at=MERGER, reader=Failing()), 1)
    broken = SourceRecord("posts", 0, 0, MILLISECONDS, b"u1", b"{")
    with pytest.raises(EverythingFailsError):
        judge.judge(0, [one for event in records(MOST_INTERNAL) for one in (event, broken)], MemoryState(), MILLISECONDS)


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
