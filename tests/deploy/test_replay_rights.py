"""`vigil replay topics` as somebody who may read the input topics and do nothing else."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

from streams.cli.main import main
from streams.past import INPUTS
from tests.support.kafka import Cluster
from tests.support.security import Security

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(240)]
LOOKER = ("looker", "secret-of-looker")
REPLAY = ["replay", "topics", "--policy", "merged", "--against", "pre-merger", "--merger-at", "2026-01-01T00:00:00Z", "--json"]


def grant(cluster: Cluster, topics: tuple[str, ...]) -> None:
    """Let them read topics."""
    bindings = [
        AclBinding(ResourceType.TOPIC, f"vigil.{name}", ResourcePatternType.LITERAL, f"User:{LOOKER[0]}", "*", may, AclPermissionType.ALLOW)
        for name in topics
        for may in (AclOperation.READ, AclOperation.DESCRIBE)
    ]
    admin = AdminClient(cluster.client())
    for made in admin.create_acls(bindings, request_timeout=20).values():
        made.result()


def test_a_login_that_may_only_read_the_inputs_is_enough(start_cluster: Callable[..., Cluster]) -> None:
    """`Read` and `Describe` on the five topics, no right on any group and none to write; without one of the five nothing is told."""
    cluster = start_cluster(1, security=Security("SASL_PLAINTEXT", (LOOKER,)))
    cluster.create(*(f"vigil.{name}" for name in INPUTS), partitions=2)
    admin = CliRunner(env={**cluster.environment(), "VIGIL_ALLOW_UNREPLICATED": "1"})
    assert admin.invoke(main, ["sample", "--people", "100", "--seed", "1", "--publish"]).exit_code == 0
    looker = CliRunner(env={**cluster.environment(LOOKER), "VIGIL_ALLOW_UNREPLICATED": "1"})
    grant(cluster, INPUTS[:-1])
    refused = looker.invoke(main, REPLAY)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "`vigil.responses`" in refused.stderr
    grant(cluster, INPUTS[-1:])
    done = looker.invoke(main, REPLAY)
    assert done.exit_code == 3, done.output
    counts = [json.loads(line) for line in done.stdout.splitlines()]
    assert next(one["after"] for one in counts if "reports" in one) > 0
