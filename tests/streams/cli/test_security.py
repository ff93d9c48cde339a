"""Admin commands against a real Kafka that asks who one is."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from click.testing import CliRunner, Result
from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

from streams.cli.main import main
from streams.connection import aiokafka
from streams.settings import load
from tests.support.kafka import Cluster
from tests.support.security import ADMIN, Security, make_certificates

WORKER = ("worker", "worker-secret")
ONE_NODE = {"VIGIL_ALLOW_UNREPLICATED": "1", "VIGIL_MERGER_AT": "2026-03-01T00:00:00Z"}


def vigil(environment: dict[str, str], *arguments: str) -> Result:
    """Run a command with these settings."""
    return CliRunner(env={**ONE_NODE, **environment}).invoke(main, arguments)


async def brokers(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many brokers aiokafka sees, connected as the worker's clients are."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    client = AIOKafkaAdminClient(**aiokafka(load()))
    await client.start()
    try:
        return len((await client.describe_cluster())["brokers"])
    finally:
        await client.close()


def grant(cluster: Cluster, user: str, kind: ResourceType, prefix: str, *operations: AclOperation) -> None:
    """Give rights on everything whose name starts so."""
    admin = AdminClient(cluster.client())
    bindings = [
        AclBinding(kind, prefix, ResourcePatternType.PREFIXED, f"User:{user}", "*", operation, AclPermissionType.ALLOW)
        for operation in operations
    ]
    for granted in admin.create_acls(bindings, request_timeout=10).values():
        granted.result()


@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", "SASL_SSL"])
def test_scram_logs_in_and_sets_up(start_cluster: Callable[..., Cluster], protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the right login, plain or over TLS, topics are applied and the doctor is content; both clients get in."""
    cluster = start_cluster(1, security=Security(protocol))

    assert vigil(cluster.environment(), "topics", "apply").exit_code == 0
    assert vigil(cluster.environment(), "doctor").exit_code == 0
    assert asyncio.run(brokers(cluster.environment(), monkeypatch)) == 1


def test_tls_alone(start_cluster: Callable[..., Cluster], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a login but encrypted: both clients get in."""
    cluster = start_cluster(1, security=Security("SSL"))

    assert vigil(cluster.environment(), "topics", "apply").exit_code == 0
    assert asyncio.run(brokers(cluster.environment(), monkeypatch)) == 1


def test_a_refused_login_is_one_line_without_the_secret(start_cluster: Callable[..., Cluster], tmp_path: Path) -> None:
    """A wrong password, a wrong authority, no encryption where there must be: each is told apart, and no secret is shown."""
    cluster = start_cluster(1, security=Security("SASL_SSL"))
    right = cluster.environment()
    make_certificates(tmp_path)

    wrong_password = vigil({**right, "VIGIL_SASL_PASSWORD": "wrong-secret"}, "topics", "plan")
    wrong_authority = vigil({**right, "VIGIL_SSL_CAFILE": str(tmp_path / "ca.pem")}, "topics", "plan")
    plain = vigil({"VIGIL_KAFKA": cluster.bootstrap}, "topics", "plan")

    assert [result.exit_code for result in (wrong_password, wrong_authority, plain)] == [1, 1, 1]
    assert "refuse the login" in wrong_password.stderr
    assert "wrong-secret" not in wrong_password.output
    assert "certificate is not accepted" in wrong_authority.stderr
    assert "check `VIGIL_KAFKA` and `VIGIL_SECURITY_PROTOCOL`" in plain.stderr


def test_the_doctor_says_which_rights_a_worker_lacks(start_cluster: Callable[..., Cluster]) -> None:
    """A login that may only look is told what it lacks; one with a worker's rights is told of none."""
    cluster = start_cluster(1, security=Security("SASL_PLAINTEXT", (WORKER,)))
    assert vigil(cluster.environment(ADMIN), "topics", "apply").exit_code == 0

    nothing = vigil(cluster.environment(WORKER), "doctor", "--login", "worker")
    assert nothing.exit_code == 3
    assert "can't be seen by this principal (`TOPIC_AUTHORIZATION_FAILED`)" in nothing.stdout

    grant(cluster, "worker", ResourceType.TOPIC, "vigil", AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS)
    looking = vigil(cluster.environment(WORKER), "doctor", "--login", "worker")
    assert "a worker needs READ on `vigil.posts`" in looking.stdout
    operator = vigil(cluster.environment(WORKER), "doctor")
    assert "an operator needs READ and WRITE on `vigil.posts`" in operator.stdout
    assert "the brokers' clock is not known (`TOPIC_AUTHORIZATION_FAILED`)" in operator.stdout

    grant(cluster, "worker", ResourceType.TOPIC, "vigil", AclOperation.READ, AclOperation.WRITE)
    grant(cluster, "worker", ResourceType.GROUP, "vigil", AclOperation.READ)
    allowed = vigil(cluster.environment(WORKER), "doctor", "--login", "worker")
    assert allowed.exit_code == 0, allowed.output
