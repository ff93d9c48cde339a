import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams.canary.exposition import CanaryMetrics
from streams.canary.flights import Landed
from streams.canary.pipe import check
from streams.canary.service import SILENT_SECONDS, Pulse
from streams.errors import BrokerError, SettingsError
from streams.settings import Settings

PLACES = {"vigil.canary": (8, 3), "vigil.canary-decisions": (8, 3)}


def counted(*landed: Landed) -> dict[str, dict[str, float]]:
    """What Prometheus' own parser makes of the metrics of two partitions, at second 1000: by name, then by partition; buckets aside."""
    registry = CollectorRegistry()
    metrics = CanaryMetrics(registry, lambda: 1000.0)
    metrics.begin(range(2))
    for one in landed:
        metrics.left(one.partition)
        metrics.landed(one)
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            if "le" not in sample.labels:
                found.setdefault(sample.name.removeprefix("vigil_canary_"), {})[sample.labels["partition"]] = sample.value
    return found


def test_before_the_first_comes_back_counts_are_nought_and_its_time_is_absent() -> None:
    """A count that begins at nought shows the first loss as an increase; a time that is not known is no time."""
    found = counted()
    assert found["sent_total"] == found["lost_total"] == found["wrong_total"] == {"0": 0, "1": 0}
    assert found["round_trip_seconds_count"] == {"0": 0, "1": 0}
    assert "last_return_timestamp_seconds" not in found


def test_each_end_is_counted_where_it_belongs() -> None:
    """A right one is timed and dated, a lost one only counted, a late one timed and dated, a wrong one timed and never dated."""
    right, late = counted(Landed(0, "right", 0.25)), counted(Landed(0, "late", 40.0))
    assert right["round_trip_seconds_sum"]["0"] == 0.25
    assert right["last_return_timestamp_seconds"] == late["last_return_timestamp_seconds"] == {"0": 1000}
    assert (late["round_trip_seconds_sum"]["0"], late["lost_total"]["0"]) == (40, 0)
    lost, wrong = counted(Landed(1, "lost")), counted(Landed(1, "wrong", 0.5, "E4 does not apply"))
    assert (lost["lost_total"], lost["round_trip_seconds_count"]) == ({"0": 0, "1": 1}, {"0": 0, "1": 0})
    assert (wrong["wrong_total"], wrong["round_trip_seconds_count"]) == ({"0": 0, "1": 1}, {"0": 0, "1": 1})
    assert "last_return_timestamp_seconds" not in lost | wrong


def test_probes_say_what_is_in_the_way() -> None:
    """Not ready until brokers are reached; not live when nothing moves any more."""
    now = [0.0]
    pulse = Pulse(lambda: now[0])
    assert (pulse.live(), pulse.ready()) == (None, "the brokers were not reached yet")
    pulse.beat(None)
    assert pulse.ready() is None
    now[0] = SILENT_SECONDS + 1
    assert pulse.live() == pulse.ready() == "nothing was sent or read for 121 s"


def test_without_its_topics_it_does_not_begin() -> None:
    """A deployment from before there were canaries is told what to run; another number of partitions would leave some unwatched."""
    check(Settings(), PLACES)
    with pytest.raises(BrokerError, match=r"`vigil\.canary-decisions` is not there.*run `vigil topics apply`"):
        check(Settings(), {"vigil.canary": (8, 3)})
    with pytest.raises(SettingsError, match=r"`vigil\.canary` has 4 partitions and not 8"):
        check(Settings(), {**PLACES, "vigil.canary": (4, 3)})
