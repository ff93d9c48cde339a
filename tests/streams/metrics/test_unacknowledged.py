from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams.metrics.unacknowledged import UnacknowledgedCollector, Waiting


def found(collector: UnacknowledgedCollector) -> dict[tuple[str, str], float]:
    """Each sample by name and its one label."""
    registry = CollectorRegistry()
    registry.register(collector)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {(sample.name, next(iter(sample.labels.values()), "")): sample.value for family in families for sample in family.samples}


def test_what_waits_is_counted_by_topic() -> None:
    """How many, how many are past their deadline, and how long the oldest has waited."""
    collector = UnacknowledgedCollector(lambda: 1000)
    collector.take([Waiting("emergency-alerts", 400, 700), Waiting("emergency-alerts", 900, 1200), Waiting("reviews", 990, 5000)], 999)
    values = found(collector)
    assert values["vigil_unacknowledged", "emergency-alerts"] == 2
    assert values["vigil_unacknowledged_overdue", "emergency-alerts"] == 1
    assert values["vigil_unacknowledged_oldest_seconds", "emergency-alerts"] == 600
    assert (values["vigil_unacknowledged", "reviews"], values["vigil_unacknowledged", "non-emergency-referrals"]) == (1, 0)
    assert values["vigil_unacknowledged_read_timestamp_seconds", ""] == 999


def test_nothing_read_is_not_nothing_waiting() -> None:
    """Before the topics were read there is no series at all; once they were, an empty one is 0 and has no oldest."""
    collector = UnacknowledgedCollector(lambda: 1000)
    assert found(collector) == {}
    collector.take([], 990)
    values = found(collector)
    assert values["vigil_unacknowledged", "emergency-alerts"] == 0
    assert ("vigil_unacknowledged_oldest_seconds", "emergency-alerts") not in values


def test_false_alarms_are_counted_by_clause() -> None:
    """A case that several clauses raised counts for each."""
    collector = UnacknowledgedCollector(lambda: 0)
    collector.false_alarm(["E1", "E2"])
    collector.false_alarm(["E1"])
    values = found(collector)
    assert (values["vigil_false_alarms_total", "E1"], values["vigil_false_alarms_total", "E2"]) == (2, 1)
