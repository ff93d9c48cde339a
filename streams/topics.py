"""The one table of topics (`topics.toml`), and what each topic's configuration is on the broker."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from streams.settings import Settings

DAY = 86_400_000
"""Milliseconds."""
MEBIBYTE = 2**20
SAFE_COPIES = 3


class Topic(BaseModel):
    """One row. `name` is without the prefix; `partitions` is None for as many as all per-person topics have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    writer: Literal["publisher", "worker", "operator", "canary"]
    cleanup: Literal["delete", "compact"]
    clock: Literal["broker", "record"]
    mebibytes: int = Field(ge=1, le=32)
    retention_days: Annotated[int, Field(ge=1)] | None = None
    partitions: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if (self.cleanup == "delete") == (self.retention_days is None):
            raise ValueError(f"topic `{self.name}`: give `retention_days` where records are deleted, and none where they are compacted")
        return self


@cache
def table() -> Mapping[str, Topic]:
    """All topics of the table, by name without prefix. The state's changelog is named by the group: see `all_topics`."""
    rows = tomllib.loads(files("streams").joinpath("topics.toml").read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, Topic]).validate_python({name: {"name": name, **row} for name, row in rows.items()})


def changelog(settings: Settings) -> str:
    """The full name of the topic from which a worker's state is restored."""
    return f"{settings.group}-state-changelog"


def all_topics(settings: Settings) -> dict[str, Topic]:
    """Every topic that a deployment needs, by full name."""
    state = Topic(name="state changelog", writer="worker", cleanup="compact", clock="broker", mebibytes=4)
    return {settings.topic(name): topic for name, topic in table().items()} | {changelog(settings): state}


def partitions(topic: Topic, settings: Settings) -> int:
    """How many partitions a topic has."""
    return topic.partitions or settings.partitions


def configuration(topic: Topic, settings: Settings) -> dict[str, str]:
    """A topic's configuration, by Kafka's names. Nothing is kept without limit but what is compacted."""
    safe = settings.replication >= SAFE_COPIES
    common = {
        "cleanup.policy": topic.cleanup,
        "message.timestamp.type": "LogAppendTime" if topic.clock == "broker" else "CreateTime",
        "max.message.bytes": str(topic.mebibytes * MEBIBYTE),
        "min.insync.replicas": "2" if safe else "1",
        "unclean.leader.election.enable": "false",
    }
    return common | (_compacted() if topic.cleanup == "compact" else {"retention.ms": str((topic.retention_days or 1) * DAY)})


def _compacted() -> dict[str, str]:
    """An erased person's older values go within a day or so; whoever is restoring has a day to see that they went."""
    return {
        "retention.ms": "-1",
        "segment.ms": str(DAY),
        "max.compaction.lag.ms": str(DAY),
        "min.cleanable.dirty.ratio": "0.1",
        "delete.retention.ms": str(DAY),
    }
