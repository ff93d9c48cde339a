from streams.broker import Cluster, Found, Group, Unseen
from streams.doctor import cluster
from streams.settings import Settings
from streams.topics import all_topics, configuration

SETTINGS = Settings()
THREE = Cluster(3, frozenset())


def found(rights: frozenset[str]) -> dict[str, Found | Unseen]:
    """All topics as the table says, with these rights on each."""
    return {name: Found(8, 3, configuration(topic, SETTINGS), rights) for name, topic in all_topics(SETTINGS).items()}


def test_topics_that_differ_are_problems_with_the_command_that_mends_them() -> None:
    """What `topics plan` would say is said here too."""
    seen = found(frozenset()) | {"vigil.posts": Unseen("UNKNOWN_TOPIC_OR_PART")}

    (finding,) = cluster.topics(SETTINGS, seen, THREE, "operator")

    assert (finding.level, finding.detail) == ("problem", "`vigil.posts` is missing: run `vigil topics apply`")


def test_a_worker_that_may_read_and_write_has_all_rights() -> None:
    """READ and WRITE everywhere are enough."""
    (finding,) = cluster.rights(SETTINGS, found(frozenset({"READ", "WRITE"})), "worker")

    assert finding.level == "ok"


def test_each_right_that_is_missing_is_named_with_its_topic() -> None:
    """Who may only describe lacks READ on inputs, WRITE on outputs, both on the detour and the changelog; none on `audit` and `probe`."""
    details = {finding.detail.split(" and this")[0] for finding in cluster.rights(SETTINGS, found(frozenset({"DESCRIBE"})), "worker")}

    assert "a worker needs READ on `vigil.posts`" in details
    assert "a worker needs WRITE on `vigil.emergency-alerts`" in details
    assert "a worker needs READ on `vigil.canary`" in details
    assert "a worker needs WRITE on `vigil.canary-decisions`" in details
    assert "a worker needs READ and WRITE on `vigil.detour`" in details
    assert "a worker needs READ and WRITE on `vigil-state-changelog`" in details
    assert not any("vigil.audit" in detail or "vigil.probe" in detail for detail in details)


def test_an_operator_need_not_write_what_workers_write() -> None:
    """Who may read all, and write to inputs, `audit` and `probe`, has an operator's rights; who may only read is told what is missing."""
    seen = found(frozenset({"READ"}))
    written = {SETTINGS.topic(name) for name in ("posts", "messages", "profiles", "assessments", "responses", "audit", "probe")}
    granted = {name: Found(8, 3, {}, frozenset({"READ", "WRITE"})) if name in written else topic for name, topic in seen.items()}

    assert [finding.level for finding in cluster.rights(SETTINGS, granted, "operator")] == ["ok"]
    told = {finding.detail.split("`")[1] for finding in cluster.rights(SETTINGS, seen, "operator")}
    assert told == written


def test_a_group_without_members_is_said() -> None:
    """Nobody at work is a note: before the first start it is as it should be."""
    (finding,) = cluster.group(SETTINGS, Group(0, "DEAD", frozenset({"READ"})))

    assert (finding.level, finding.detail) == ("note", "`vigil` has no members: no worker is running")


def test_a_group_that_may_not_be_seen_is_a_problem() -> None:
    """What can't be looked at is not taken for well."""
    (finding,) = cluster.group(SETTINGS, Unseen("GROUP_AUTHORIZATION_FAILED"))

    assert finding.level == "problem"
    assert finding.detail.endswith("(`GROUP_AUTHORIZATION_FAILED`): give READ on it, see deploy/acls.sh")


def test_a_coordinator_that_does_not_answer_is_not_taken_for_a_missing_right() -> None:
    """The remedy is the one of what happened."""
    (finding,) = cluster.group(SETTINGS, Unseen("COORDINATOR_NOT_AVAILABLE"))

    assert finding.detail.endswith("(`COORDINATOR_NOT_AVAILABLE`): look at the brokers, and ask again")


def test_a_group_that_may_not_be_read_is_a_problem() -> None:
    """To describe a group is not to join it."""
    (finding,) = cluster.group(SETTINGS, Group(1, "STABLE", frozenset({"DESCRIBE"})))

    assert finding.level == "problem"
