from datetime import UTC, datetime

from streams import topics
from streams.erasing import Looked, Trace, lines, per_person, plan
from streams.settings import Settings
from tests.streams.test_sharing import alert, response

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
NEWEST = int(datetime(2026, 10, 31, tzinfo=UTC).timestamp() * 1000)
DAY = "86400000"


def looked(*names: str) -> Looked:
    """Two records on each of some topics."""
    return Looked({name: Trace(name, 2, NEWEST) for name in names})


def test_each_topic_says_how_and_when() -> None:
    """A compacted one by the tombstone's time; another by its newest record, its retention, and the segment in which that lies."""
    configs = {
        "profiles": {"cleanup.policy": "compact", "max.compaction.lag.ms": DAY, "segment.ms": DAY},
        "posts": {"cleanup.policy": "delete", "retention.ms": "2592000000", "segment.ms": DAY},
    }
    first, second = plan(looked("profiles", "posts"), configs, NOW)["topics"]
    assert (first["how"], first["gone_by"]) == ("compaction", "2026-11-02T12:00:00Z")
    assert (second["how"], second["gone_by"]) == ("retention", "2026-12-01T00:00:00Z")


def test_what_is_not_known_is_not_made_up() -> None:
    """Without the right to see the configuration, or kept for ever, no date is told."""
    for config in ({}, {"cleanup.policy": "delete", "retention.ms": "-1", "segment.ms": DAY}, {"retention.ms": DAY}):
        assert plan(looked("posts"), {"posts": config}, NOW)["topics"][0]["gone_by"] is None
    assert "all by a time that is not known" in "\n".join(lines(plan(looked("posts"), {}, NOW), done=False))


def test_an_open_alert_is_never_hidden() -> None:
    """Until it is answered it is told, whatever else is erased."""
    found = looked()
    found.inbox.take(alert())
    planned = plan(found, {}, NOW)
    assert [one["id"] for one in planned["stays_open"]] == ["a1"]
    assert any("Stays open and escalates until answered: emergency a1 (E4)" in line for line in lines(planned, done=True))
    found.inbox.take(response("acknowledged"))
    assert plan(found, {}, NOW)["stays_open"] == []


def test_every_topic_of_a_person_is_looked_at() -> None:
    """Whatever the table has that is keyed by a person, the topics of words among it."""
    assert {"posts", "messages", "profiles", "dead-letters", "detour", "audit", "decisions"} <= set(per_person())
    assert not {"probe", "canary", "canary-decisions"} & set(per_person()), "nothing of anybody is ever there"
    assert all(topics.partitions(topics.table()[name], Settings()) == 8 for name in per_person())
