from pathlib import Path
from typing import Any

import pytest
from faust.types import TP

from streams.app import PROMISES, PromiseBrokenError, create_app
from streams.heart.application import Wiring
from streams.heart.errors import AssignmentBrokenError, describe
from streams.heart.tables import together
from tests.heart.toy import OUTPUTS, SOURCES, Toy


def wiring(folder: Path) -> Wiring:
    """A worker that is never started."""
    return Wiring(SOURCES, OUTPUTS, "t.state", "t.", folder, Toy())


@pytest.mark.parametrize(("name", "value"), [("producer_acks", 1), ("processing_guarantee", "exactly_once"), ("web_enabled", True)])
def test_a_setting_that_would_break_a_promise_is_refused_by_name(name: str, value: Any, tmp_path: Path) -> None:
    """At start, with the reason and what to do."""
    with pytest.raises(PromiseBrokenError, match=f"`{name}` is `{value}`.*remove it"):
        create_app(wiring(tmp_path), group="g", servers=["127.0.0.1:9"], overrides={name: value})


def test_what_is_promised_is_what_faust_is_told(tmp_path: Path) -> None:
    """Every promise is among Faust's settings, and one agent takes chunks one at a time."""
    app = create_app(wiring(tmp_path), group="g", servers=["127.0.0.1:9"])
    assert {name: getattr(app.conf, name) for name in PROMISES if name != "processing_guarantee"} == {
        name: value for name, value in PROMISES.items() if name != "processing_guarantee"
    }
    assert app.conf.processing_guarantee.value == PROMISES["processing_guarantee"]
    assert [agent.concurrency for agent in app.agents.values()] == [1]
    assert app.conf.broker_session_timeout + app.conf.broker_heartbeat_interval < 15


def test_topics_that_came_apart_end_the_worker() -> None:
    """A person's events and state would be on different workers."""
    assigned = {TP("posts", 0), TP("posts", 1), TP("messages", 0)}
    with pytest.raises(AssignmentBrokenError, match="`messages` came with partitions \\[0\\] where others have \\[0, 1\\]"):
        together(assigned, {"posts", "messages"})


def test_an_errors_words_are_kept_only_where_they_can_quote_no_record() -> None:
    """The disk's and the brokers' are; anybody else's are not."""
    assert "No space left" in describe(OSError(28, "No space left on device"))
    with pytest.raises(ValueError, match="words") as caught:
        int("the words of somebody")
    assert "words" not in describe(caught.value)
    assert "`ValueError` at" in describe(caught.value)
