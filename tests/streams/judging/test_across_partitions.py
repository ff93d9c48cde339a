import json
from collections import deque

from policy.core import Rules
from streams.assessing.assess import MemoryState
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging.judge import PolicyJudge
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
        self.detours = 0

    def feed(self, topic: str, partition: int, key: bytes | None, value: bytes | None, offset: int = 0) -> None:
        """One record in a partition, and all that travels because of it."""
        travelling = deque([SourceRecord(topic, partition, offset, START, key, value)])
        while travelling:
            record = travelling.popleft()
            verdict = self.judges[record.partition].judge(record.partition, [record], self.states[record.partition], START)
            self.states[record.partition].apply(verdict)
            for output in verdict.outputs:
                if output.topic == "detour":
                    self.detours += 1
                    travelling.append(SourceRecord(*output[:2], self.detours, output.timestamp or START, *output[2:5]))
                else:
                    self.written.append(output)

    def close(self) -> None:
        """The windows in which dead letters are counted end."""
        for partition, (judge, state) in enumerate(zip(self.judges, self.states, strict=True)):
            self.written += judge.close_counts(partition, list(state.values), state, START + 600_000).outputs

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
    assert workers.detours == 2


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
