from dataclasses import replace

import pytest

from streams.broker import Broker, Found, Unseen
from streams.errors import BrokerError
from streams.settings import Settings
from streams.topics import all_topics, configuration, partitions
from streams.topics_plan import Step, apply, plan

SETTINGS = Settings()
ABSENT = Unseen("UNKNOWN_TOPIC_OR_PART")


def as_the_table_says(settings: Settings = SETTINGS) -> dict[str, Found | Unseen]:
    """A cluster on which nothing is left to do."""
    return {
        name: Found(partitions(topic, settings), settings.replication, configuration(topic, settings), frozenset())
        for name, topic in all_topics(settings).items()
    }


def only(steps: list[Step]) -> Step:
    """The one step."""
    (step,) = steps
    return step


def posts(**changes: object) -> dict[str, Found | Unseen]:
    """A cluster on which only `vigil.posts` differs."""
    found = as_the_table_says()
    now = found["vigil.posts"]
    assert isinstance(now, Found)
    return found | {"vigil.posts": replace(now, **changes)}  # type: ignore[arg-type] - fields by name


def test_nothing_is_done_where_all_is_as_it_should_be() -> None:
    """No step for topics that match."""
    assert plan(SETTINGS, as_the_table_says(), brokers=3) == []


def test_missing_topics_are_created_with_all_that_the_table_says() -> None:
    """Every topic, the state's changelog among them, with its partitions, copies and configuration."""
    wanted = all_topics(SETTINGS)

    steps = plan(SETTINGS, dict.fromkeys(wanted, ABSENT), brokers=3)

    assert {(step.action, step.topic, step.partitions, step.copies) for step in steps} == {("create", name, 8, 3) for name in wanted}
    assert [step.config for step in steps] == [configuration(topic, SETTINGS) for topic in wanted.values()]


@pytest.mark.parametrize("count", [4, 16])
def test_the_number_of_partitions_is_never_changed(count: int) -> None:
    """More partitions would part a person's records from each other; the refusal says where the way to move is."""
    step = only(plan(SETTINGS, posts(partitions=count), brokers=3))

    assert step.action == "refuse"
    assert f"has {count} partitions and not 8" in step.detail
    assert "docs/operating.md" in step.detail


def test_too_few_copies_are_refused() -> None:
    """A topic that one disk's end would take is not taken as it is."""
    assert only(plan(SETTINGS, posts(copies=1), brokers=3)).detail.startswith("copies: 1 and not 3")


def test_fewer_brokers_than_copies_are_refused() -> None:
    """What the brokers would refuse is said before, with the remedy."""
    step = plan(SETTINGS, dict.fromkeys(all_topics(SETTINGS), ABSENT), brokers=1)[0]

    assert step.action == "refuse"
    assert "`VIGIL_REPLICATION`" in step.detail


def test_a_topic_that_may_not_be_seen_is_not_taken_for_absent() -> None:
    """Without the right to look, nothing is known: that is not the same as no topic."""
    found = as_the_table_says() | {"vigil.posts": Unseen("TOPIC_AUTHORIZATION_FAILED")}

    assert only(plan(SETTINGS, found, brokers=3)).action == "refuse"


def test_only_what_differs_is_altered_and_loss_is_announced() -> None:
    """An alteration names the entry, its old and new value, and says when records go by it."""
    config = configuration(all_topics(SETTINGS)["vigil.posts"], SETTINGS) | {"retention.ms": "-1", "compression.type": "zstd"}

    step = only(plan(SETTINGS, posts(config=config), brokers=3))

    assert (step.action, step.config) == ("alter", {"retention.ms": "2592000000"})
    assert step.detail == "retention.ms -1 -> 2592000000 (what is older than 30 days goes)"


def test_nothing_is_applied_where_anything_is_refused() -> None:
    """One refusal stops all of it, before the broker is asked for anything."""
    nobody: Broker = None  # type: ignore[assignment] - it must not be called
    steps = [Step("create", "vigil.posts", "", 8, 3), Step("refuse", "vigil.messages", "has 4 partitions and not 8")]

    with pytest.raises(BrokerError, match=r"nothing was changed: topic `vigil\.messages` has 4 partitions"):
        apply(nobody, steps)
