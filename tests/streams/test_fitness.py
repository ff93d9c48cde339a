import pytest

from streams.embedded import EmbeddedKafka
from streams.errors import BrokerError, SettingsError
from streams.fitness import check, refuse_unfit
from streams.settings import Settings
from streams.topics import all_topics

SETTINGS = Settings()
FIT = dict.fromkeys(all_topics(SETTINGS), (8, 3))


def test_topics_as_the_settings_say_are_fit() -> None:
    """Nothing is refused where all topics have the partitions and copies that they should."""
    check(SETTINGS, FIT)


@pytest.mark.parametrize(
    "name", ["vigil.posts", "vigil.decisions", "vigil.detour", "vigil.canary", "vigil.canary-decisions", "vigil-state-changelog"]
)
def test_a_missing_topic_stops_the_start(name: str) -> None:
    """A worker without one of its topics would lose what belongs there; the message names the command that makes it."""
    with pytest.raises(BrokerError, match=f"topic `{name}` is not there.*run `vigil topics apply`"):
        check(SETTINGS, {topic: shape for topic, shape in FIT.items() if topic != name})


def test_a_topic_that_parts_a_persons_records_stops_the_start() -> None:
    """Faust does not check that topics are partitioned alike; this does."""
    with pytest.raises(SettingsError, match=r"topic `vigil\.profiles` has 4 partitions and not 8: a person's records would part"):
        check(SETTINGS, FIT | {"vigil.profiles": (4, 3)})


def test_one_copy_stops_the_start_unless_it_is_allowed() -> None:
    """One disk's end must not be the end of an alert, unless somebody said that it may."""
    one = dict.fromkeys(FIT, (8, 1))

    with pytest.raises(SettingsError, match="VIGIL_ALLOW_UNREPLICATED=1"):
        check(SETTINGS, one)
    check(Settings(replication=1, allow_unreplicated=True), one)


def test_what_operators_alone_write_is_not_needed() -> None:
    """A worker starts without the topics for audits and probes."""
    check(SETTINGS, {topic: shape for topic, shape in FIT.items() if topic not in {"vigil.audit", "vigil.probe"}})


def test_a_broker_is_asked(embedded: EmbeddedKafka) -> None:
    """On a broker: first a topic is missing, then all are there."""
    settings = Settings(kafka=embedded.bootstrap, replication=1, allow_unreplicated=True)
    with pytest.raises(BrokerError, match=r"topic `vigil\.posts` is not there"):
        refuse_unfit(settings)

    embedded.create(dict.fromkeys(all_topics(settings), 8))
    refuse_unfit(settings)
