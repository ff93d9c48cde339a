"""What the brokers tell about themselves: topics against the table, this principal's rights, and the group."""

from collections.abc import Mapping
from typing import Literal

from streams.broker import Cluster, Found, Group, Unseen
from streams.doctor.finding import Finding
from streams.settings import Settings
from streams.topics import Topic, all_topics, changelog
from streams.topics_plan import plan

READ = frozenset({"READ"})
BOTH = READ | {"WRITE"}
Login = Literal["operator", "worker"]
"""Whose login is looked at: what each does with the topics is in `needed`."""
WHO: Mapping[Login, str] = {"operator": "an operator", "worker": "a worker"}


def topics(settings: Settings, found: Mapping[str, Found | Unseen], cluster: Cluster, login: Login) -> list[Finding]:
    """What `vigil topics plan` would say; a worker's login need not see what operators alone write."""
    table = all_topics(settings)
    steps = [step for step in plan(settings, found, cluster.brokers) if login == "operator" or table[step.topic].writer != "operator"]
    remedy = {"create": "is missing: run `vigil topics apply`", "alter": "differs from the table: run `vigil topics apply`; "}
    problems = [
        Finding("topics", "problem", f"`{step.topic}` " + remedy.get(step.action, "") + ("" if step.action == "create" else step.detail))
        for step in steps
    ]
    return problems or [Finding("topics", "ok", f"all {len(found)} are as the table says, {settings.partitions} partitions each")]


def rights(settings: Settings, found: Mapping[str, Found | Unseen], login: Login) -> list[Finding]:
    """What a worker or an operator with this login could not do. Topics that are not there are left to `topics`."""
    problems = []
    for name, topic in all_topics(settings).items():
        described = found[name]
        missing = needed(settings, name, topic, login) - described.rights if isinstance(described, Found) else frozenset[str]()
        if missing:
            what = " and ".join(sorted(missing))
            lacks = f"{WHO[login]} needs {what} on `{name}` and this login has not"
            problems.append(Finding("rights", "problem", f"{lacks}: see deploy/acls.sh"))
    return problems or [Finding("rights", "ok", f"this login may do what {WHO[login]} does on every topic that it sees")]


def needed(settings: Settings, name: str, topic: Topic, login: Login) -> frozenset[str]:
    """What a worker or an operator does with a topic, as Kafka's operations."""
    if login == "operator":
        return BOTH if topic.writer in {"publisher", "operator"} else READ
    if name in {changelog(settings), settings.topic("detour")}:
        return BOTH
    return {"publisher": READ, "canary": READ, "worker": frozenset({"WRITE"}), "operator": frozenset[str]()}[topic.writer]


def group(settings: Settings, described: Group | Unseen) -> list[Finding]:
    """Whether the group may be used, and whether anybody is at work."""
    if isinstance(described, Unseen):
        remedy = (
            "give READ on it, see deploy/acls.sh"
            if described.code.endswith("AUTHORIZATION_FAILED")
            else "look at the brokers, and ask again"
        )
        return [Finding("group", "problem", f"`{settings.group}` can't be described (`{described.code}`): {remedy}")]
    findings = []
    if "READ" not in described.rights:
        findings.append(
            Finding(
                "group",
                "problem",
                f"workers and operators need READ on group `{settings.group}` and this login has not: see deploy/acls.sh",
            )
        )
    if not described.members:
        findings.append(Finding("group", "note", f"`{settings.group}` has no members: no worker is running"))
    return findings or [Finding("group", "ok", f"`{settings.group}` is {described.state.lower()} with {described.members} member(s)")]
