import json
from collections import deque

from policy.core import Rules
from streams.assessing.assess import MemoryState
from streams.heart.ports import Headers, OutputRecord, SourceRecord
from streams.judging.judge import PolicyJudge
from streams.judging.outputs import ARRIVED, arrival
from streams.partitioner import home
from tests.policy.core.driver import MERGER, NOW, message, profile

PARTITIONS = 8
START = int(NOW.timestamp() * 1000)


class Workers:
    """One judge a partition, as if each were another worker, and the detour between them."""

    def __init__(self) -> None:
        self.judges = [PolicyJudge(Rules(merger_at=MERGER), PARTITIONS) for _ in range(PARTITIONS)]
        self.states = [MemoryState() for _ in range(PARTITIONS)]
        self.written: list[OutputRecord] = []
        self.travelled: list[OutputRecord] = []

    def feed(self, topic: str, partition: int, key: bytes | None, value: bytes | None, offset: int = 0, headers: Headers = ()) -> None:
        """One record in a partition, and all that travels because of it."""
        travelling = deque([SourceRecord(topic, partition, offset, START, key, value, headers)])
        while travelling:
            record = travelling.popleft()
            verdict = self.judges[record.partition].judge(record.partition, [record], self.states[record.partition], START)
            self.states[record.partition].apply(verdict)
            for output in verdict.outputs:
                if output.topic == "detour":
                    self.travelled.append(output)
                    key, value, headers = output.key, output.value, output.headers
                    travelling.append(
                        SourceRecord("detour", output.partition, len(self.travelled), output.timestamp or START, key, value, headers)
                    )
                else:
                    self.written.append(output)

    def close(self) -> None:
        """The windows in which dead letters are counted end."""
        for partition, (judge, state) in enumerate(zip(self.judges, self.states, strict=True)):
            verdict = judge.close_counts(partition, list(state.values), state, START + 600_000)
            state.apply(verdict)
            self.written += verdict.outputs

    def on(self, topic: str) -> list[OutputRecord]:
        """What was written on a topic."""
        return [record for record in self.written if record.topic == topic]


def test_dead_letters_are_counted_over_the_whole_topic() -> None:
    """Thirty dead letters in eight partitions raise twenty reviews where their keys are at home, and one for the other ten."""
    workers = Workers()
    for number in range(30):
        key = f"u{number}".encode()
        workers.feed("posts", home(key, PARTITIONS), key, b"no json", number)
    workers.close()
    assert len(workers.on("dead-letters")) == 30
    reviews = [(record.key, record.partition, json.loads(record.value or b"")) for record in workers.on("reviews")]
    assert [value["count"] for _, _, value in reviews].count(None) == 20
    assert [(key, value["count"]) for key, _, value in reviews if value["count"]] == [(b"posts", 10)]
    assert all(partition == home(key or b"", PARTITIONS) for key, partition, _ in reviews)


def test_two_windows_that_began_in_one_second_hide_nothing_of_each_other() -> None:
    """A window that the clock ended is told, and so is the next one, though the first dead letter of both arrived in the same second."""
    workers = Workers()
    for window in (0, 1):
        for number in range(25):
            workers.feed("posts", home(b"u1", PARTITIONS), b"u1", b"no json", 100 * window + number)
        workers.close()
    told = [json.loads(record.value or b"") for record in workers.on("reviews")]
    assert [one["count"] for one in told if one["count"]] == [5, 5]
    assert len({one["review_id"] for one in told}) == 42


def test_a_record_in_the_wrong_partition_meets_its_person() -> None:
    """Two halves of one plan, one of them and the profile in a wrong partition, make one emergency; only those two take the detour."""
    workers = Workers()
    right = home(b"u1", PARTITIONS)
    wrong = (right + 3) % PARTITIONS
    told = [{"kind": "suicide", "thoughts": "yes", "plan": "yes"}], [{"kind": "suicide", "means": "yes", "timeframe": "immediate"}]
    workers.feed("profiles", wrong, b"u1", json.dumps(profile()).encode())
    workers.feed("messages", right, b"u1", json.dumps(message("e1", NOW, told[0])).encode())
    workers.feed("messages", wrong, b"u1", json.dumps(message("e2", NOW, told[1])).encode())
    [alert] = workers.on("emergency-alerts")
    assert (alert.partition, json.loads(alert.value or b"")["age"]) == (right, 15)
    assert len(workers.travelled) == 2


def test_a_dead_letter_of_a_detoured_record_names_where_it_lay() -> None:
    """Headers name topic, partition and offset of the record as its publisher wrote it, not those of the detour."""
    workers = Workers()
    wrong = (home(b"u1", PARTITIONS) + 1) % PARTITIONS
    workers.feed("posts", wrong, b"u1", b"{", 41)
    [dead] = workers.on("dead-letters")
    headers = dict(dead.headers)
    assert (headers["vigil.error.topic"], headers["vigil.error.partition"], headers["vigil.error.offset"]) == (
        b"posts",
        str(wrong).encode(),
        b"41",
    )
    assert not [name for name in headers if name.startswith("vigil.detour")]


def test_a_key_that_is_nobodys_has_no_home_and_a_review_that_fits() -> None:
    """A key of megabytes would take seconds to find a home for, and no review could carry it: the record is judged where it lies."""
    workers = Workers()
    key = b"k" * 2**20
    workers.feed("messages", 5, key, b"no json", 7)
    [dead], [review] = workers.on("dead-letters"), workers.on("reviews")
    assert (dead.key, dead.partition) == (key, 5)
    assert (review.key, review.partition) == (b"messages", home(b"messages", PARTITIONS))
    assert json.loads(review.value or b"")["source"] == {"topic": "messages", "partition": 5, "offset": 7}
    assert all(len(record.key or b"") < 600 for record in workers.travelled)


def test_a_first_arrival_that_is_yet_to_come_is_not_believed() -> None:
    """Any publisher can set the header. A broker refuses a record of the future, so that one believed would end worker after worker."""
    workers = Workers()
    for offset, arrived in enumerate((b"99999999999999", b"9" * 5000, b"-1", b"x", b"")):
        workers.feed("messages", home(b"u1", PARTITIONS), b"u1", b"no json", offset, ((ARRIVED, arrived),))
    assert len(workers.on("reviews")) == 5
    assert {record.timestamp for record in workers.travelled} == {START}
    assert all(arrival(SourceRecord("messages", 0, 0, START, None, None, ((ARRIVED, b"9" * n),))) <= START for n in range(30))


def test_a_review_of_what_was_sent_back_does_not_travel_in_the_past() -> None:
    """Its order keeps the time at which it came back: with the first, weeks ago, a broker might take it for one to delete."""
    workers = Workers()
    workers.feed("messages", home(b"u1", PARTITIONS), b"u1", b"no json", 3, ((ARRIVED, b"1000"),))
    assert workers.travelled
    assert {record.timestamp for record in workers.travelled} == {START}


def test_a_sweep_erases_nobody() -> None:
    """A tombstone that only lets compaction take a misplaced profile is no erasure, wherever its person is; one of a publisher's is."""
    right = home(b"u1", PARTITIONS)
    wrong = (right + 1) % PARTITIONS
    for headers, known in (((("vigil.sweep", b""),), True), ((), False)):
        workers = Workers()
        workers.feed("profiles", right, b"u1", json.dumps(profile()).encode())
        workers.feed("profiles", wrong, b"u1", None, 1, headers)
        workers.feed("messages", right, b"u1", json.dumps(message("e1", NOW)).encode())
        [decision] = workers.on("decisions")
        assert (json.loads(decision.value or b"")["enrichment"]["age"] is not None) == known
