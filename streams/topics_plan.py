"""What has to change so that the topics are as the table says; and what may not be changed by a command, with the way to do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from streams.broker import Broker, Found, Unseen
from streams.errors import BrokerError
from streams.settings import Settings
from streams.topics import DAY, Topic, all_topics, configuration, partitions

MOVING = "docs/operating.md, `Moving to another number of partitions`"
COPYING = "docs/operating.md, `Changing the number of copies`"


@dataclass(frozen=True, slots=True)
class Step:
    """One change, or one that is refused; `config` is what is set."""

    action: Literal["create", "alter", "refuse"]
    topic: str
    detail: str
    partitions: int = 0
    copies: int = 0
    config: Mapping[str, str] = field(default_factory=dict)


def plan(settings: Settings, found: Mapping[str, Found | Unseen], brokers: int) -> list[Step]:
    """The steps from what was `found` (by full name) to what the table says; none where all is as it should be."""
    return [step for name, topic in all_topics(settings).items() for step in _steps(name, topic, settings, found[name], brokers)]


def apply(broker: Broker, steps: list[Step]) -> None:
    """Carry the steps out. Raises BrokerError, before anything was changed, where one of them is refused."""
    refused = [step for step in steps if step.action == "refuse"]
    if refused:
        raise BrokerError(f"nothing was changed: topic `{refused[0].topic}` {refused[0].detail}")
    for step in steps:
        if step.action == "create":
            broker.create(step.topic, step.partitions, step.copies, step.config)
        else:
            broker.alter(step.topic, step.config)


def _steps(name: str, topic: Topic, settings: Settings, found: Found | Unseen, brokers: int) -> list[Step]:
    if isinstance(found, Found):
        return _differences(name, topic, settings, found)
    if not found.absent:
        return [Step("refuse", name, f"can't be seen by this principal (`{found.code}`): give it DESCRIBE, see deploy/acls.sh")]
    if settings.replication > brokers:
        few = f"needs {settings.replication} copies, and there are {brokers} brokers: start more, or set `VIGIL_REPLICATION`"
        return [Step("refuse", name, few)]
    config = configuration(topic, settings)
    count = partitions(topic, settings)
    detail = f"{count} partitions, copies: {settings.replication}, {_kept(topic)}"
    return [Step("create", name, detail, count, settings.replication, config)]


def _differences(name: str, topic: Topic, settings: Settings, found: Found) -> list[Step]:
    steps = []
    count = partitions(topic, settings)
    if found.partitions != count:
        detail = f"has {found.partitions} partitions and not {count}: a person's records would part, so move as {MOVING} says"
        steps.append(Step("refuse", name, detail))
    if found.copies < settings.replication:
        detail = f"copies: {found.copies} and not {settings.replication}: add copies as {COPYING} says"
        steps.append(Step("refuse", name, detail))
    wanted = {key: value for key, value in configuration(topic, settings).items() if found.config.get(key) != value}
    if wanted:
        changes = ", ".join(f"{key} {found.config.get(key, 'unknown')} -> {value}" for key, value in wanted.items())
        steps.append(Step("alter", name, changes + _warning(found.config, wanted), config=wanted))
    return steps


def _kept(topic: Topic) -> str:
    return "compacted" if topic.cleanup == "compact" else f"kept {topic.retention_days} days"


def _warning(now: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """Said where applying removes records."""
    before, after = int(now.get("retention.ms", -1)), int(wanted.get("retention.ms", -1))
    shorter = after > 0 and (before < 0 or after < before)
    return f" (what is older than {after // DAY} days goes)" if shorter else ""
