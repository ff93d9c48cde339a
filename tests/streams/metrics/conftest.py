from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams.metrics.catalogue import Catalogue

Read = Callable[..., float]


@pytest.fixture
def catalogue() -> Catalogue:
    """A worker's metrics in a registry of their own."""
    return Catalogue(CollectorRegistry())


@pytest.fixture
def read(catalogue: Catalogue) -> Read:
    """A sample's value as Prometheus' own parser reads it: `read("vigil_events_total", topic="posts")`; 0 where there is none."""

    def value(name: str, **labels: str) -> float:
        families = text_string_to_metric_families(generate_latest(catalogue.registry).decode())
        return sum(sample.value for family in families for sample in family.samples if sample.name == name and sample.labels == labels)

    return value
