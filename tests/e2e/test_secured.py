import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.vigil import Secured, Vigil, stop, value
from tests.support.kafka import Cluster
from tests.support.security import Security

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]


@pytest.mark.parametrize("protocol", ["SSL", "SASL_SSL"])
def test_a_worker_judges_over_tls(start_cluster: Callable[..., Cluster], protocol: str, tmp_path: Path) -> None:
    """A worker whose brokers speak TLS, with a login by SCRAM or without, gives an emergency its alert and commits."""
    vigil = Vigil(Secured(start_cluster(1, security=Security(protocol))), tmp_path)
    worker = vigil.worker()
    told = {"kind": "overdose", "taken": "yes"}
    message = {"schema": "message/1", "event_id": "e1", "person_id": "u1", "conversation_id": "c1", "sender": "texter", "text": "."}
    vigil.publish([("messages", "u1", json.dumps({**message, "occurred_at": "2026-11-01T12:00:00Z", "concerns": [told]}).encode())])
    vigil.wait([worker])
    assert vigil.run("canary", "--once").stdout.count(" right ") == vigil.partitions
    assert stop(worker) == 0, vigil.logs()
    assert [value(record)["clauses"] for record in vigil.read("emergency-alerts")] == [["E4"]]
