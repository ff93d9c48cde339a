"""`kafka-acls.sh` as far as deploy/acls.sh uses it: the jars from Maven do not hold Kafka's own. Strict, so that a mistake shows."""

import argparse
import os
import sys
from pathlib import Path

from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, AdminClient, ResourcePatternType, ResourceType

WORDS = {"DescribeConfigs": "DESCRIBE_CONFIGS", "AlterConfigs": "ALTER_CONFIGS"}


def main(arguments: list[str]) -> int:
    """Create what is asked for and wait until it is there."""
    asked = _parser().parse_args(arguments)
    pattern = ResourcePatternType[asked.resource_pattern_type.upper()]
    resources = [(ResourceType.TOPIC, name, pattern) for name in asked.topic] + [
        (ResourceType.GROUP, name, pattern) for name in asked.group
    ]
    if asked.cluster:
        resources.append((ResourceType.BROKER, "kafka-cluster", ResourcePatternType.LITERAL))
    bindings = [
        AclBinding(kind, name, shape, asked.allow_principal, "*", AclOperation[WORDS.get(word, word.upper())], AclPermissionType.ALLOW)
        for kind, name, shape in resources
        for word in asked.operation
    ]
    if not bindings:
        sys.exit("nothing to grant")
    admin = AdminClient({"bootstrap.servers": asked.bootstrap_server, **_login(asked.command_config)})
    for made in admin.create_acls(bindings, request_timeout=20).values():
        made.result()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--bootstrap-server", required=True)
    parser.add_argument("--command-config", required=True)
    for flag in ("--add", "--force"):
        parser.add_argument(flag, action="store_true", required=True)
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument("--allow-principal", required=True)
    parser.add_argument("--resource-pattern-type", default="literal", choices=["literal", "prefixed"])
    for name in ("--topic", "--group", "--operation"):
        parser.add_argument(name, action="append", default=[])
    return parser


def _login(path: str) -> dict[str, str]:
    """A properties file of librdkafka's names, as the test writes it."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) or os.EX_OK)
