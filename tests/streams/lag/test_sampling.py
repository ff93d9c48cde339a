from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from streams.errors import BrokerError
from streams.lag.polling import Poll, poll_once, polls
from streams.lag.port import Found, Group, Keeping, Listing, TopicPartition
from streams.lag.sampling import Sampler, Wanted


@dataclass
class Fake:
    """A broker by hand: what it says is set by the test; `asked` lists its calls."""

    seen: dict[str, Group | None] = field(default_factory=lambda: {"vigil": Group(1, "STABLE", frozenset({("posts", 0)}))})
    offsets: dict[str, dict[TopicPartition, int] | None] = field(default_factory=lambda: {"vigil": {("posts", 0): 3}})
    counts: dict[str, int] = field(default_factory=lambda: {"posts": 1})
    logs: dict[TopicPartition, tuple[int, int]] = field(default_factory=lambda: {("posts", 0): (0, 5)})
    times: dict[int, int] = field(default_factory=lambda: {offset: 90_000 + 1000 * offset for offset in range(5)})
    asked: list[str] = field(default_factory=list)
    down: bool = False
    incomplete: str | None = None

    def groups(self, also: Iterable[str]) -> Listing:
        """All groups; one that is only asked for has no members, unless its coordinator is said to be down."""
        self.asked.append("groups")
        if self.down:
            raise BrokerError("no broker answers")
        unlisted = None if self.incomplete else Group(0, "DEAD", frozenset())
        return Listing({**dict.fromkeys(also, unlisted), **self.seen}, self.incomplete)

    def committed(self, groups: Iterable[str]) -> Mapping[str, Mapping[TopicPartition, int] | None]:
        """The groups' offsets."""
        self.asked.append("committed")
        return {group: self.offsets.get(group, {}) for group in groups}

    def partitions(self) -> Mapping[str, int]:
        """Partitions a topic."""
        return self.counts

    def begins(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """First offsets."""
        self.asked.append("begins")
        return {place: self.logs[place][0] for place in places if place in self.logs}

    def ends(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """Next offsets."""
        self.asked.append("ends")
        return {place: self.logs[place][1] for place in places if place in self.logs}

    def keeping(self, topics: Iterable[str]) -> Mapping[str, Keeping]:
        """An hour, for every topic."""
        return dict.fromkeys(topics, Keeping(3600, bounded=False))

    def look_up(self, instants: Mapping[TopicPartition, int]) -> Mapping[TopicPartition, Found | None]:
        """From `times`, which all partitions share."""
        self.asked.append("look_up")
        return {
            place: next((Found(offset, at) for offset, at in sorted(self.times.items()) if at >= instant), None)
            for place, instant in instants.items()
        }


class Clock:
    """Tells the time."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        """Ten seconds later at each look."""
        self.at += 10
        return self.at


def statuses(poll: Poll) -> dict[tuple[str, str, int], str]:
    """Each place's status word."""
    return {(row.group, row.topic, row.partition): row.status.value for row in poll.rows}


def test_commits_are_asked_before_ends() -> None:
    """Otherwise a commit made in between would lie beyond the end and look like a log made anew."""
    broker = Fake()
    Sampler(broker, Clock()).sample()
    assert broker.asked.index("committed") < broker.asked.index("ends")


def test_an_age_is_looked_up_once() -> None:
    """A commit that stands still costs look-ups in the first sample only; the age still grows."""
    broker = Fake()
    sampler = Sampler(broker, Clock())
    first = next(iter(sampler.sample().values()))
    broker.asked.clear()
    second = next(iter(sampler.sample().values()))
    assert "look_up" not in broker.asked
    assert (first.waited, second.waited) == (110 - 93, 120 - 93)


def test_an_age_follows_the_commit() -> None:
    """When the commit moves on, so does the oldest waiting record."""
    broker = Fake()
    sampler = Sampler(broker, Clock())
    sampler.sample()
    broker.offsets = {"vigil": {("posts", 0): 4}}
    assert next(iter(sampler.sample().values())).oldest_at == 94


def test_a_group_that_cannot_be_described_is_unknown() -> None:
    """A refused description is not "no members"."""
    broker = Fake(seen={"vigil": None})
    assert statuses(poll_once(Sampler(broker, Clock()), 0, lambda _: None)) == {("vigil", "posts", 0): "UNKNOWN"}


def test_offsets_that_cannot_be_had_are_unknown() -> None:
    """A refused OffsetFetch is not "nothing committed"."""
    broker = Fake(offsets={"vigil": None})
    assert statuses(poll_once(Sampler(broker, Clock()), 0, lambda _: None)) == {("vigil", "posts", 0): "UNKNOWN"}


def test_every_partition_of_a_topic_is_shown() -> None:
    """A partition on which nothing was ever committed has its row, and without a reader it is STOPPED."""
    broker = Fake(counts={"posts": 2}, logs={("posts", 0): (0, 3), ("posts", 1): (0, 2)})
    found = statuses(poll_once(Sampler(broker, Clock()), 0, lambda _: None))
    assert found == {("vigil", "posts", 0): "OK", ("vigil", "posts", 1): "STOPPED"}


def test_a_group_whose_coordinator_is_down_is_unknown_and_stays() -> None:
    """Brokers that can't list a group don't make it vanish, nor look as if it had no members; nor is such a poll well."""
    broker = Fake(offsets={"vigil": {("posts", 0): 5}})
    watched = polls(Sampler(broker, Clock()), 0, lambda _: None)
    assert next(watched).well
    broker.seen, broker.incomplete = {}, "brokers could not list their groups"
    for _ in range(3):
        poll = next(watched)
        assert (statuses(poll), poll.well) == ({("vigil", "posts", 0): "UNKNOWN"}, False)


def test_a_group_that_is_gone_is_gone() -> None:
    """A group that was deleted, commits and all, is shown as UNKNOWN once and then no more."""
    broker = Fake()
    watched = polls(Sampler(broker, Clock()), 0, lambda _: None)
    next(watched)
    broker.seen, broker.offsets = {}, {}
    assert statuses(next(watched)) == {("vigil", "posts", 0): "UNKNOWN"}
    assert next(watched).rows == []


def test_groups_that_may_be_missing_are_a_finding() -> None:
    """Where all that is seen is OK but brokers could not list their groups, the poll is not well."""
    broker = Fake(offsets={"vigil": {("posts", 0): 5}}, incomplete="brokers could not list their groups")
    poll = poll_once(Sampler(broker, Clock()), 0, lambda _: None)
    assert (statuses(poll), poll.well) == ({("vigil", "posts", 0): "OK"}, False)


def test_state_topics_are_no_lag() -> None:
    """A Faust worker holds its changelog's partitions too; nothing is committed there, and that is no stall."""
    broker = Fake(seen={"vigil": Group(1, "STABLE", frozenset({("posts", 0), ("vigil-state-changelog", 0)}))})
    broker.logs["vigil-state-changelog", 0] = (0, 9)
    assert set(statuses(poll_once(Sampler(broker, Clock()), 0, lambda _: None))) == {("vigil", "posts", 0)}


def test_only_what_is_wanted_is_shown() -> None:
    """Groups and topics can be chosen."""
    broker = Fake(seen={"vigil": Group(0, "EMPTY", frozenset()), "other": Group(0, "EMPTY", frozenset())})
    broker.offsets["other"] = {("posts", 0): 1}
    chosen = Wanted(frozenset({"other"}), frozenset({"posts"}))
    assert set(statuses(poll_once(Sampler(broker, Clock(), chosen), 0, lambda _: None))) == {("other", "posts", 0)}
    assert not poll_once(Sampler(broker, Clock(), Wanted(topics=frozenset({"messages"}))), 0, lambda _: None).rows


def test_a_lost_broker_makes_everything_unknown_and_comes_back() -> None:
    """While watching, brokers that stop answering turn every row UNKNOWN; when they answer again the rows are judged again."""
    broker = Fake(offsets={"vigil": {("posts", 0): 5}})
    watched = polls(Sampler(broker, Clock()), 0, lambda _: None)
    assert statuses(next(watched)) == {("vigil", "posts", 0): "OK"}
    broker.down = True
    lost = next(watched)
    assert (statuses(lost), lost.trouble) == ({("vigil", "posts", 0): "UNKNOWN"}, "no broker answers")
    broker.down = False
    assert statuses(next(watched)) == {("vigil", "posts", 0): "OK"}


def test_brokers_down_from_the_start_are_said() -> None:
    """A watch that begins without brokers says so at once and has no rows to call well."""
    first = next(polls(Sampler(Fake(down=True), Clock()), 0, lambda _: None))
    assert (first.rows, first.trouble) == ([], "no broker answers")
