import pytest
from pydantic import ValidationError

from schemas.catalogue import CHANNELS
from streams import topics
from streams.settings import Settings
from streams.topics import DAY, MEBIBYTE, Topic

SETTINGS = Settings()
EVENTS = {"posts", "messages", "profiles", "assessments"}
INPUTS = EVENTS | {"responses"}


def test_every_topic_of_the_contract_is_in_the_table() -> None:
    """What has a schema has a row."""
    assert {channel.topic for channel in CHANNELS} - set(topics.table()) == set()


@pytest.mark.parametrize("name", sorted(INPUTS))
def test_inputs_take_the_brokers_time_and_records_of_16_mebibytes(name: str) -> None:
    """Arrival is the broker's clock, never a publisher's, and no record that a publisher may send is refused by the broker."""
    config = topics.configuration(topics.table()[name], SETTINGS)

    assert (config["message.timestamp.type"], config["max.message.bytes"]) == ("LogAppendTime", str(16 * MEBIBYTE))


@pytest.mark.parametrize("name", ["dead-letters", "detour"])
def test_what_carries_an_input_on_is_larger_than_it_and_keeps_its_time(name: str) -> None:
    """A record of the largest size still fits with its headers, and its time is its own."""
    config = topics.configuration(topics.table()[name], SETTINGS)

    assert (config["message.timestamp.type"], config["max.message.bytes"]) == ("CreateTime", str(17 * MEBIBYTE))


@pytest.mark.parametrize("name", ["dead-letters", "detour"])
def test_what_keeps_its_time_outlives_the_inputs(name: str) -> None:
    """An event as old as its topic's retention is not gone as soon as it is written again."""
    longest = max(topic.retention_days or 0 for topic in topics.table().values() if topic.name in EVENTS)

    assert (topics.table()[name].retention_days or 0) >= longest + 14


@pytest.mark.parametrize("name", ["emergency-alerts", "non-emergency-referrals", "reviews", "notices"])
def test_what_was_shared_is_known_as_long_as_what_it_answers(name: str) -> None:
    """For somebody who can't be reached there is no notice: only the response says what was shared (T3), and it outlives its alert."""
    assert (topics.table()["responses"].retention_days or 0) >= (topics.table()[name].retention_days or 0)


@pytest.mark.parametrize("name", ["posts", "messages", "dead-letters", "detour"])
def test_words_go_before_what_was_shared_does(name: str) -> None:
    """That T3 can be answered for a year is no reason to keep people's words for as long."""
    assert (topics.table()[name].retention_days or 0) <= 90


def test_only_what_is_compacted_is_kept_without_limit() -> None:
    """Profiles and state are the only topics without a retention."""
    unlimited = {
        name for name, topic in topics.all_topics(SETTINGS).items() if topics.configuration(topic, SETTINGS)["retention.ms"] == "-1"
    }

    assert unlimited == {"vigil.profiles", "vigil-state-changelog"}


def test_erased_values_are_compacted_within_a_day() -> None:
    """Compaction may not put off what was erased."""
    config = topics.configuration(topics.table()["profiles"], SETTINGS)

    assert int(config["max.compaction.lag.ms"]) <= DAY


def test_per_person_topics_have_one_number_of_partitions() -> None:
    """All of the table is partitioned alike, so that one person's records meet."""
    assert {topics.partitions(topic, SETTINGS) for topic in topics.all_topics(SETTINGS).values()} == {8}


def test_two_copies_must_have_a_record_where_there_are_three() -> None:
    """`acks=all` means two brokers' disks with three copies, and one where there is only one."""
    posts = topics.table()["posts"]

    assert topics.configuration(posts, SETTINGS)["min.insync.replicas"] == "2"
    single = Settings(replication=1, allow_unreplicated=True)
    assert topics.configuration(posts, single)["min.insync.replicas"] == "1"


def test_a_row_without_a_limit_is_refused() -> None:
    """The table can't hold a topic that is never cleaned up."""
    with pytest.raises(ValidationError, match="give `retention_days`"):
        Topic(name="x", writer="worker", cleanup="delete", clock="broker", mebibytes=1)
