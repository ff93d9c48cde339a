from collections import Counter

import pytest
from click.testing import CliRunner
from confluent_kafka import Consumer, TopicPartition

from streams.cli.main import main
from streams.embedded import EmbeddedKafka
from streams.sample import stream
from streams.sample.tale import Span

TOPICS = ("posts", "messages", "profiles", "assessments")


def _ends(broker: EmbeddedKafka) -> Counter[str]:
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "test"})
    ends = {topic: consumer.get_watermark_offsets(TopicPartition(f"vigil.{topic}", 0), timeout=10)[1] for topic in TOPICS}
    consumer.close()
    return Counter(ends)


def test_the_whole_sample_is_on_its_topics(embedded: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--publish` puts every record on its topic, and nothing on stdout."""
    embedded.create({f"vigil.{topic}": 1 for topic in TOPICS})
    monkeypatch.setenv("VIGIL_KAFKA", embedded.bootstrap)
    monkeypatch.setenv("VIGIL_ALLOW_UNREPLICATED", "1")
    result = CliRunner().invoke(main, ["sample", "--people", "60", "--seed", "3", "--publish"])
    span = Span(stream.START, stream.DAY, stream.MERGER_AT)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert _ends(embedded) == Counter(line.topic for line in stream.sample(60, 3, span))


def test_without_a_kafka_nothing_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--publish` needs to be told where: exit status 2, naming the setting."""
    monkeypatch.delenv("VIGIL_KAFKA", raising=False)
    result = CliRunner().invoke(main, ["sample", "--people", "1", "--publish"])
    assert result.exit_code == 2
    assert "`VIGIL_KAFKA` is not set" in result.stderr
