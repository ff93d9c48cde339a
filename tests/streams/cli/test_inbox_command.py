"""`vigil inbox --watch`, with brokers that go away and come back."""

import json
from collections.abc import Iterator
from typing import Any, Self

import pytest
from click.testing import CliRunner

from schemas.alert import Alert
from schemas.wire import write
from streams.cli import inbox
from streams.cli.main import main
from streams.errors import BrokerError
from streams.topic_reading import Found
from tests.support.outputs import alert


class Reader:
    """Looks that find an alert, no broker, nothing new, and then Ctrl-C."""

    ever = 1

    def __init__(self, *_: Any) -> None:
        self._looks = iter(["alert", "away", "nothing", "nothing", "end"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to close."""

    def more(self) -> Iterator[Found]:
        """The next look."""
        match next(self._looks):
            case "alert":
                yield Found("emergency-alerts", 0, 0, b"u1", write(Alert.model_validate(alert())))
            case "away":
                raise BrokerError("no connection: check that Kafka runs")
            case "end":
                raise KeyboardInterrupt


def test_a_watch_outlives_its_brokers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown is said to be old while they are away, it is shown again when they are back, and not where nothing has changed."""
    monkeypatch.setattr(inbox, "TopicReader", Reader)
    monkeypatch.setattr(inbox.time, "sleep", lambda _: None)
    done = CliRunner(env={"VIGIL_KAFKA": "localhost:1"}).invoke(main, ["inbox", "--watch", "--json"])
    assert done.exit_code == 0, done.output
    assert done.stderr == "vigil: what is shown is old: no connection: check that Kafka runs\n"
    assert [len(json.loads(line)["open"]) for line in done.stdout.splitlines()] == [1, 1]


def test_one_look_without_brokers_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --watch nothing is shown, and the status says so: silence would look like an empty inbox."""
    monkeypatch.setattr(Reader, "more", lambda _: (_ for _ in ()).throw(BrokerError("no connection: check that Kafka runs")))
    monkeypatch.setattr(inbox, "TopicReader", Reader)
    done = CliRunner(env={"VIGIL_KAFKA": "localhost:1"}).invoke(main, ["inbox"])
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "vigil: no connection: check that Kafka runs\n")
