import json
from collections.abc import Iterable

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from streams.cli.main import main
from streams.heart.frames import EPOCH_HEADER, OWNER_KEY, pack_epoch
from streams.judging.memory import key_of
from streams.partitioner import home
from tests.support.plugin import SharedKafka

PEOPLE = [f"u{number}" for number in range(30)]
OLD, NEW = 2, 6


def vigil(kafka: SharedKafka, generation: str, partitions: int, *arguments: str) -> Result:
    """Run a command with the settings of one generation of a deployment."""
    names = {"VIGIL_TOPIC_PREFIX": kafka.topic(f"{generation}."), "VIGIL_GROUP": kafka.topic(generation)}
    return CliRunner(env={**kafka.environment(), **names, "VIGIL_PARTITIONS": str(partitions)}).invoke(main, arguments)


def move(kafka: SharedKafka) -> Result:
    """Move from the old generation to the new one."""
    arguments = ["--from-prefix", kafka.topic("old."), "--from-group", kafka.topic("old"), "--json"]
    return vigil(kafka, "new", NEW, "topics", "move", *arguments)


def publish(kafka: SharedKafka, topic: str, records: Iterable[tuple[int, bytes, bytes | None, int | None]]) -> None:
    """Write records: partition, key, value, and the epoch that the writer claims."""
    producer = Producer(kafka.client())
    for partition, key, value, epoch in records:
        headers = [] if epoch is None else [(EPOCH_HEADER, pack_epoch(epoch))]
        producer.produce(topic, value, key, partition, headers=headers)
    assert producer.flush(20) == 0


def commit_all(kafka: SharedKafka) -> None:
    """Commit, as a worker that has judged everything."""
    consumer = Consumer({**kafka.client(), "group.id": kafka.topic("old")})
    for name in ("posts", "messages", "profiles", "assessments", "responses", "detour"):
        for partition in range(OLD):
            place = TopicPartition(kafka.topic(f"old.{name}"), partition)
            place.offset = consumer.get_watermark_offsets(place, timeout=10)[1]
            consumer.commit(offsets=[place], asynchronous=False)
    consumer.close()


def content(kafka: SharedKafka, topic: str) -> list[tuple[int, bytes, bytes | None]]:
    """All records of a new topic, in the order of each partition."""
    settings = {"group.id": "reader", "enable.auto.commit": "false", "enable.partition.eof": "true"}
    consumer = Consumer({**kafka.client(), **settings})
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(NEW)])
    found, ends = [], 0
    while ends < NEW:
        message = consumer.poll(20)
        assert message is not None
        if message.error():
            ends += 1
        else:
            found.append((message.partition() or 0, message.key() or b"", message.value()))
    consumer.close()
    return found


def old_deployment(kafka: SharedKafka) -> None:
    """Two partitions with everybody's profile and state: written twice, one part deleted, and a replaced worker's late word."""
    assert vigil(kafka, "old", OLD, "topics", "apply").exit_code == 0
    profiles = [(home(person.encode(), OLD), person.encode(), b"profile", None) for person in PEOPLE]
    publish(kafka, kafka.topic("old.profiles"), profiles)
    claims = [(partition, OWNER_KEY, b"worker", 1) for partition in range(OLD)]
    places = [(home(person.encode(), OLD), key_of(person, "head")) for person in PEOPLE]
    first = [(partition, key, b"first", 1) for partition, key in places]
    taken = [(partition, OWNER_KEY, b"other", 2) for partition in range(OLD)]
    second = [(partition, key, b"second", 2) for partition, key in places]
    late = [(partition, key, b"late", 1) for partition, key in places[:5]]
    deleted = [(places[9][0], places[9][1], None, 2)]
    publish(kafka, kafka.topic("old-state-changelog"), [*claims, *first, *taken, *second, *late, *deleted])


def test_everybodys_profile_and_state_go_home(kafka: SharedKafka) -> None:
    """Each record lies in its person's new partition, the last value last; of a replaced worker's late records none is taken."""
    old_deployment(kafka)
    commit_all(kafka)
    assert vigil(kafka, "new", NEW, "topics", "apply").exit_code == 0

    result = move(kafka)

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == {kafka.topic("new.profiles"): 30, kafka.topic("new-state-changelog"): 61}
    profiles = content(kafka, kafka.topic("new.profiles"))
    assert {(key.decode(), partition) for partition, key, _ in profiles} == {(person, home(person.encode(), NEW)) for person in PEOPLE}
    state = content(kafka, kafka.topic("new-state-changelog"))
    last = {key: (partition, value) for partition, key, value in state}
    expected = {key_of(person, "head"): (home(person.encode(), NEW), b"second") for person in PEOPLE}
    expected[key_of(PEOPLE[9], "head")] = (home(PEOPLE[9].encode(), NEW), None)
    assert last == expected


def test_nothing_is_moved_while_records_wait(kafka: SharedKafka) -> None:
    """What was not judged would be left behind: refused, and the new topics stay empty."""
    old_deployment(kafka)
    assert vigil(kafka, "new", NEW, "topics", "apply").exit_code == 0

    result = move(kafka)

    assert result.exit_code == 1
    assert "`30` records of" in result.stderr
    assert content(kafka, kafka.topic("new-state-changelog")) == []


def test_moving_twice_is_refused(kafka: SharedKafka) -> None:
    """A second move would write over what workers have done since."""
    old_deployment(kafka)
    commit_all(kafka)
    assert vigil(kafka, "new", NEW, "topics", "apply").exit_code == 0
    assert move(kafka).exit_code == 0

    again = move(kafka)

    assert again.exit_code == 1
    assert "holds records already" in again.stderr


@pytest.mark.parametrize("missing", ["old", "new"])
def test_missing_topics_are_named(kafka: SharedKafka, missing: str) -> None:
    """A mistyped prefix moves nothing and is said."""
    if missing == "new":
        old_deployment(kafka)
        commit_all(kafka)

    result = move(kafka)

    assert result.exit_code == 1
    assert f"`{kafka.topic(missing)}." in result.stderr
