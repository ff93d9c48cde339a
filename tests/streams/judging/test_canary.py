import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policy.core import Rules
from policy.reading.reader import text_reader
from schemas.wire import Refusal
from streams.assessing.assess import MemoryState
from streams.canary.sent import WORDS, event
from streams.heart.ports import OutputRecord, SourceRecord, Verdict
from streams.judging import detour
from streams.judging.canary import DECISIONS, KEPT, MARK, REASON, TOLD, TOPIC
from streams.judging.judge import MOST_INTERNAL, PolicyJudge
from streams.judging.memory import key_of
from streams.partitioner import home
from tests.policy.core.driver import MERGER, NOW, message
from tests.streams.judging.test_shadow import MILLISECONDS, Failing
from tests.support.records import BY_TOPIC, changed, messages

PARTITIONS = 4
RULES = Rules(merger_at=MERGER, reader=text_reader())
values = messages | messages.flatmap(changed) | st.sampled_from(list(BY_TOPIC)).flatmap(BY_TOPIC.__getitem__)


class Seen:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Refusal | None]] = []

    def judged(self, record: SourceRecord, outputs: Sequence[OutputRecord], refusal: Refusal | None) -> None:
        """One record was judged."""
        del outputs
        self.told.append((record.topic, refusal))


class Worker:
    """A judge with its state, one partition of several."""

    def __init__(self, partition: int = 0, **options: Any) -> None:
        self.partition = partition
        self.judge = PolicyJudge(**{"rules": RULES, "partitions": PARTITIONS, **options})
        self.state = MemoryState()

    def feed(self, topic: str, key: str | None, value: bytes | None, offset: int = 0) -> list[OutputRecord]:
        """One record."""
        record = SourceRecord(topic, self.partition, offset, MILLISECONDS, None if key is None else key.encode(), value)
        return self._keep(self.judge.judge(self.partition, [record], self.state, MILLISECONDS))

    def lapse(self) -> list[OutputRecord]:
        """All that has a time, looked at when it has come."""
        due = dict.fromkeys(self.state.values, 0)
        return self._keep(self.judge.lapse(self.partition, due, self.state, MILLISECONDS + 40 * 86_400_000))

    def _keep(self, verdict: Verdict) -> list[OutputRecord]:
        self.state.apply(verdict)
        return list(verdict.outputs)


def key_in(value: Any) -> str | None:
    """The key that a record of this value should have."""
    person = value.get("person_id") if isinstance(value, dict) else None
    return person if isinstance(person, str) else None


def test_a_canary_is_answered_with_its_decision_and_nothing_else() -> None:
    """The words alone make it an emergency; the answer says which topics would have been written to, and stays in its partition."""
    for partition in range(PARTITIONS):
        [answer] = Worker(partition).feed(TOPIC, "canary-1", event("canary-1", NOW))
        decision = json.loads(answer.value or b"")
        assert (answer.topic, answer.partition, answer.key) == (DECISIONS, partition, b"canary-1")
        assert (decision["event_id"], decision["outcome"]) == ("canary-1", "emergency")
        assert [(found["clause"], found["evidence"][0]["by"]) for found in decision["findings"]] == [("E4", "text")]
        assert dict(answer.headers)[TOLD] == b"decisions,emergency-alerts"


def test_it_is_told_the_same_whatever_came_before() -> None:
    """The second canary finds nothing of the first: it opens as the first did."""
    worker = Worker()
    first, second = (worker.feed(TOPIC, name, event(name, NOW))[0] for name in ("canary-1", "canary-2"))
    assert dict(first.headers)[TOLD] == dict(second.headers)[TOLD]
    assert json.loads(first.value or b"")["findings"][0]["because"] == json.loads(second.value or b"")["findings"][0]["because"]


@given(st.lists(values, min_size=1, max_size=4))
def test_nothing_on_the_canarys_topic_reaches_anybody(told: list[Any]) -> None:
    """Whatever is written there, with whosever id, is answered on the canary's own topic, one for one, and leaves one part of state."""
    worker = Worker()
    for number, value in enumerate(told):
        answers = worker.feed(TOPIC, key_in(value), json.dumps(value).encode(), number)
        assert [answer.topic for answer in answers] == [DECISIONS]
    assert set(worker.state.values) <= {key_of(MARK, KEPT)}
    assert worker.lapse() == []
    assert not worker.state.values


@given(st.lists(st.tuples(st.booleans(), messages), min_size=2, max_size=6))
def test_nobody_is_judged_otherwise_for_a_canary(told: list[tuple[bool, Any]]) -> None:
    """With canaries forged under real people's ids in between, the real records lead to what they would have led to without."""
    alone, among = Worker(partitions=1), Worker(partitions=1)
    for number, (real, value) in enumerate(told):
        record = key_in(value), json.dumps(value).encode(), number
        if real:
            assert among.feed("messages", *record) == alone.feed("messages", *record)
        else:
            among.feed(TOPIC, *record)
    assert {key: value for key, value in among.state.values.items() if key != key_of(MARK, KEPT)} == alone.state.values
    assert among.lapse() == alone.lapse()


def test_nothing_on_messages_is_ever_a_canary() -> None:
    """A message that says word for word what a canary says, under a canary's ids and headers, is somebody's emergency."""
    worker = Worker(home(b"canary-1", PARTITIONS))
    record = SourceRecord("messages", worker.partition, 0, MILLISECONDS, b"canary-1", event("canary-1", NOW), ((TOLD, b"decisions"),))
    outputs = worker.judge.judge(worker.partition, [record], worker.state, MILLISECONDS).outputs
    assert {"decisions", "emergency-alerts"} <= {output.topic for output in outputs}
    assert DECISIONS not in {output.topic for output in outputs}


def test_the_detour_makes_no_canary() -> None:
    """A record that claims to have been one before its detour is refused, and a supervisor told: no canary ever takes it."""
    worker = Worker()
    sent = detour.send(SourceRecord(TOPIC, 1, 5, MILLISECONDS, b"u1", event("u1", NOW)), 0)
    record = SourceRecord(sent.topic, 0, 0, MILLISECONDS, sent.key, sent.value, sent.headers)
    topics = {output.topic for output in worker.judge.judge(0, [record], worker.state, MILLISECONDS).outputs}
    assert DECISIONS not in topics
    assert "dead-letters" in topics


def test_what_cannot_be_judged_is_told_to_the_canary_alone() -> None:
    """Bytes that are no JSON, too much of them, a fault inside: the answer has the reason, and there is no dead letter and no review."""
    cases = [
        (Worker(), b"{", b"not_json"),
        (Worker(max_record_bytes=10), event("canary-1", NOW), b"too_large"),
        (Worker(rules=Rules(merger_at=MERGER, reader=Failing())), event("canary-1", NOW), b"internal"),
    ]
    for worker, value, reason in cases:
        [answer] = worker.feed(TOPIC, "canary-1", value)
        assert (answer.topic, answer.key, answer.value, dict(answer.headers)[REASON]) == (DECISIONS, b"canary-1", None, reason)
        assert not worker.state.values


def test_canaries_that_fail_do_not_stop_the_worker_and_good_ones_do_not_hold_it() -> None:
    """They neither count towards the faults in a row that stop a worker, nor end the row."""
    worker = Worker(rules=Rules(merger_at=MERGER, reader=Failing()), partitions=1)
    for number in range(2 * MOST_INTERNAL):
        worker.feed(TOPIC, f"c{number}", event(f"c{number}", NOW), number)
    worker.feed("messages", "u1", json.dumps(message("e1", NOW, text=WORDS)).encode())
    row = worker.judge._internal
    assert row > 0
    worker.feed(TOPIC, "c", b"{")
    worker.judge.rules = RULES
    worker.feed(TOPIC, "d", event("d", NOW))
    assert worker.judge._internal == row


def test_a_canary_is_counted_as_one_and_is_no_dead_letter() -> None:
    """Whoever counts is told of the record on its topic, and of no refusal, for there is nothing to mend and nothing set aside."""
    seen = Seen()
    worker = Worker(observer=seen)
    worker.feed(TOPIC, "canary-1", event("canary-1", NOW))
    worker.feed(TOPIC, None, b"{")
    assert seen.told == [(TOPIC, None), (TOPIC, None)]
