import zlib

from streams.doctor.publishers import Stray, rule, told
from streams.partitioner import home

KEYS = [f"u{number}".encode() for number in range(200)]


def strays(topic: str, source: str | None) -> list[Stray]:
    """What a publisher on librdkafka's default would have put into the wrong partition of eight."""
    chosen = {key: zlib.crc32(key) % 8 for key in KEYS}
    return [Stray(topic, partition, key, source) for key, partition in chosen.items() if partition != home(key, 8)]


def test_a_publisher_is_told_by_topic_source_and_rule() -> None:
    """One line a publisher: where, from whom, how many, and what it should set."""
    one, other = strays("posts", "/forum"), strays("messages", None)

    details = [finding.detail for finding in told([*one, *other], 8)]

    remedy = "were in the wrong partition, chosen by librdkafka's default: let that publisher set `partitioner=murmur2_random`"
    expected = {f"{len(one)} record(s) on `posts` from `/forum` {remedy}", f"{len(other)} record(s) on `messages` {remedy}"}
    assert set(details) == expected


def test_no_key_is_said() -> None:
    """A key is a person's pseudonym and stands in no finding."""
    said = "".join(finding.detail for finding in told(strays("posts", None), 8))

    assert not any(key.decode() in said for key in KEYS)


def test_saramas_rule_is_known() -> None:
    """FNV-1a of `foobar` is 0xbf9cf968; as Sarama makes it positive, that is partition 0 of 8."""
    assert "FNV-1a" in rule(b"foobar", 0, 8)


def test_what_follows_no_rule_is_said_so() -> None:
    """A partition that no hash of the key explains."""
    key = b"foobar"
    free = next(number for number in range(8) if number not in {zlib.crc32(key) % 8, 0, home(key, 8)})

    assert "no rule that we know" in rule(key, free, 8)


def test_nobody_strays() -> None:
    """Without strays there is one good finding."""
    assert [finding.level for finding in told([], 8)] == ["ok"]
