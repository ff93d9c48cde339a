import re
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from schemas import wire
from schemas.events import Message, Response
from streams.cli.main import COMMANDS
from streams.embedded import EmbeddedKafka

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PUBLISH, CONSUME = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def _run(code: str, broker: EmbeddedKafka, **changes: str) -> None:
    for given, changed in {"localhost:9092": broker.bootstrap, **changes}.items():
        assert given in code
        code = code.replace(given, changed)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  the README's own words, to see that they hold


def _first(broker: EmbeddedKafka, topic: str) -> Any:
    consumer = Consumer({"bootstrap.servers": broker.bootstrap, "group.id": "test"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    message = consumer.poll(10)
    consumer.close()
    return message


def test_what_the_readme_publishes_is_read(embedded: EmbeddedKafka) -> None:
    """The publisher's lines run as they stand, and what they publish fits the contract."""
    embedded.create({"vigil.messages": 1})
    _run(PUBLISH, embedded)
    message = _first(embedded, "vigil.messages")
    read = wire.parse("messages", message.key(), message.value())
    assert isinstance(read, Message)
    assert (read.event_id, read.sender) == ("e-1", "texter")


def test_what_the_readme_consumes_is_shown(embedded: EmbeddedKafka, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The consumer's lines run as they stand (told only to end) and print each alert once."""
    embedded.create({"vigil.emergency-alerts": 1})
    producer = Producer({"bootstrap.servers": embedded.bootstrap})
    alert = b'{"clauses":["E4"],"reasons":["took more"],"recipients":["999"],"respond_by":"soon"}'
    for _ in range(2):
        producer.produce("vigil.emergency-alerts", alert, b"u-1", headers=[("ce_id", b"a1")])
    assert producer.flush(10) == 0
    _run(CONSUME, embedded, **{'seen="seen.sqlite"': f'seen="{tmp_path / "seen"}", idle_seconds=1.0'})
    assert capsys.readouterr().out == "['E4'] ['took more'] to ['999'] by soon\n"


def test_the_answer_in_the_readme_is_read() -> None:
    """The response that the page shows fits the contract."""
    (answer,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert isinstance(wire.parse("responses", b"u-1", answer.encode()), Response)


def test_every_command_of_the_readme_is_there() -> None:
    """A newcomer who types what the page says finds each command."""
    shown = re.findall(r"^vigil ([a-z-]+)", "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL)), re.MULTILINE)
    assert set(shown) > {"sample", "assess", "worker"}
    assert set(shown) - set(COMMANDS) == set()


def test_both_are_ten_lines_or_fewer() -> None:
    """Publishing and consuming take ten lines of code each at most, the comment aside."""
    for code in (PUBLISH, CONSUME):
        assert len([line for line in code.splitlines() if line and not line.startswith("#")]) <= 10


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    """A relative link names a file or folder that is there."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
