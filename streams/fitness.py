"""Whether a worker may start: on topics that part a person's records, or that one disk's end would take, it would break its promises."""

from collections.abc import Mapping

from streams.broker import Broker
from streams.errors import BrokerError, SettingsError
from streams.settings import Settings
from streams.topics import all_topics, partitions


def refuse_unfit(settings: Settings) -> None:
    """Look at the cluster's topics before a worker starts.

    Raises:
        BrokerError: no broker can be reached, or a topic is missing.
        SettingsError: a topic has another number of partitions, or fewer copies, than the settings say.
    """
    check(settings, Broker(settings).layout())


def check(settings: Settings, layout: Mapping[str, tuple[int, int]]) -> None:
    """As `refuse_unfit`, of topics by full name: partitions and copies."""
    for name, topic in all_topics(settings).items():
        if topic.writer == "operator":
            continue
        if name not in layout:
            raise BrokerError(f"topic `{name}` is not there, or this login may not see it: run `vigil topics apply`, or `vigil doctor`")
        count, copies = layout[name]
        if count != partitions(topic, settings):
            parted = (
                f"a person's records would part; set `VIGIL_PARTITIONS={count}` if all topics have so many, else see `vigil topics plan`"
            )
            raise SettingsError(f"topic `{name}` has {count} partitions and not {partitions(topic, settings)}: {parted}")
        if copies < settings.replication:
            remedy = "add copies (docs/operating.md), or set `VIGIL_ALLOW_UNREPLICATED=1` where one node is all there is"
            raise SettingsError(f"topic `{name}` has fewer copies ({copies}) than `VIGIL_REPLICATION` ({settings.replication}): {remedy}")
