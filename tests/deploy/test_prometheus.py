import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from streams.canary.exposition import CanaryMetrics
from streams.canary.flights import Landed
from streams.cli.main import main
from streams.lag.exposition import LagCollector
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare
from streams.metrics.catalogue import Catalogue
from streams.metrics.dashboard import LABELS, dashboard, families
from streams.metrics.unacknowledged import UnacknowledgedCollector, Waiting

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
NAME = re.compile(r"\b(vigil_[a-z_]+)\b")
FOREIGN = {"up", "process_start_time_seconds"}


def rules() -> list[dict[str, Any]]:
    """All alarms."""
    groups = yaml.safe_load((FOLDER / "vigil.rules.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def everything() -> CollectorRegistry:
    """Every metric of ours with at least one sample where it can have one."""
    registry = CollectorRegistry()
    catalogue = Catalogue(registry)
    catalogue.versions("1", [("merged", "aa")], ("1", "bb"))
    catalogue.findings.labels("E1", "emergency", "applies").inc()
    catalogue.stages.labels("judge").observe(0.1)
    catalogue.rebalances.labels("given").inc()
    catalogue.recovered.labels("0").set(1)
    lag, unacknowledged = LagCollector(lambda: 1.0), UnacknowledgedCollector(lambda: 1.0)
    reading = Reading(at=2, begin=0, committed=1, end=1, members=1, held=True)
    place = Place("vigil", "vigil.posts", 0)
    lag.take(Poll(compare({place: Reading(at=1, begin=0, committed=0, end=1, members=1)}, {place: reading})))
    unacknowledged.take([Waiting("reviews", 0, 9)], 1.0)
    unacknowledged.false_alarm(["E1"])
    canary = CanaryMetrics(registry, lambda: 1.0)
    canary.begin([0])
    canary.landed(Landed(0, "right", 0.1))
    registry.register(lag)
    registry.register(unacknowledged)
    return registry


@pytest.fixture
def promtool() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Prometheus' own checker, from Debian's package `prometheus`; left out where there is none."""
    found = shutil.which("promtool") or shutil.which("promtool", path=str(ROOT / ".cache" / "bin"))
    if found is None:
        pytest.skip("no promtool: install Debian's package `prometheus`")

    def run(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([found, *arguments], capture_output=True, text=True, timeout=60, check=False, **options)

    return run


def test_promtool_takes_rules_and_configuration(promtool: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    """Both files are what Prometheus reads."""
    for kind, name in (("rules", "vigil.rules.yml"), ("config", "prometheus.yml")):
        done = promtool("check", kind, str(FOLDER / name))
        assert done.returncode == 0, done.stdout + done.stderr


def test_alarms_do_as_they_are_meant_to(promtool: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    """Each alarm fires on its trouble and is quiet without it, by Prometheus' own evaluation."""
    done = promtool("test", "rules", "vigil.test.yml", cwd=FOLDER)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_finds_nothing_in_the_metrics(promtool: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    """Names, help texts, units and types follow Prometheus' conventions."""
    done = promtool("check", "metrics", input=generate_latest(everything()).decode())
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_every_alarm_is_tested_both_ways() -> None:
    """The promtool tests hold each alarm at rest and firing."""
    tests = yaml.safe_load((FOLDER / "vigil.test.yml").read_text(encoding="utf-8"))["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    names = {rule["alert"] for rule in rules()}
    assert {case["alertname"] for case in cases if case["exp_alerts"]} == names
    assert {case["alertname"] for case in cases if not case["exp_alerts"]} == names


def test_every_alarm_has_its_section_in_the_runbook() -> None:
    """Its link leads there, the section says how urgent it is, and no section is of an alarm that is gone."""
    sections = dict(re.findall(r"^## (\w+)\n\n\*(\w+)\.\*", RUNBOOK, flags=re.MULTILINE))
    assert sections == {rule["alert"]: rule["labels"]["severity"] for rule in rules()}
    for rule in rules():
        assert rule["annotations"]["runbook_url"] == f"docs/runbook.md#{rule['alert'].lower()}"


def test_alarms_ask_for_metrics_that_exist() -> None:
    """A misspelt metric makes an alarm that never fires."""
    exposed = {sample.name for family in everything().collect() for sample in family.samples}
    for rule in rules():
        asked = set(NAME.findall(rule["expr"])) - FOREIGN
        assert asked <= exposed, rule["alert"]


def test_alarms_ask_for_labels_that_exist() -> None:
    """So does a misspelt label or value: every selector of ours matches a series that is exposed."""
    registry = everything()
    catalogue_samples = [sample for family in registry.collect() for sample in family.samples]
    for rule in rules():
        for name, matchers in re.findall(r"\b(vigil_[a-z_]+)\{([^}]*)\}", rule["expr"]):
            wanted = dict(re.findall(r'(\w+)="([^"]*)"', matchers))
            assert any(sample.name == name and wanted.items() <= sample.labels.items() for sample in catalogue_samples), (name, wanted)


def test_the_dashboard_is_made_from_the_metrics() -> None:
    """The file is what `python -m streams.metrics.dashboard` writes, and shows every metric once."""
    made = dashboard()
    assert json.loads((ROOT / "deploy" / "grafana" / "vigil.json").read_text(encoding="utf-8")) == made
    shown = [panel["description"] for panel in made["panels"] if panel["type"] != "row"]
    assert sorted(shown) == sorted(families())


def test_panels_ask_for_labels_that_the_metrics_have() -> None:
    """Each metric's labels in the dashboard are the ones that it is exposed with."""
    for family in everything().collect():
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        assert set(LABELS.get(family.name, ())) - {"instance"} == labels, family.name


def test_panels_hold_queries_that_prometheus_takes(promtool: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path) -> None:
    """Each panel's query, as a recording rule, passes promtool."""
    queries = [target["expr"].replace("$__rate_interval", "1m") for panel in dashboard()["panels"] for target in panel.get("targets", ())]
    recorded = [{"record": f"q:{number}", "expr": query} for number, query in enumerate(queries)]
    path = tmp_path / "queries.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "q", "rules": recorded}]}), encoding="utf-8")
    done = promtool("check", "rules", str(path))
    assert done.returncode == 0, done.stdout + done.stderr


def commands() -> Iterator[list[str]]:
    """Every `vigil ...` that the runbook tells to run."""
    for block in re.findall(r"```sh\n(.*?)```", RUNBOOK, flags=re.DOTALL):
        for line in block.splitlines():
            if line.startswith("vigil "):
                yield shlex.split(line, comments=True)[1:]
    for inline in re.findall(r"`vigil ([^`]+)`", RUNBOOK):
        yield shlex.split(inline)


@pytest.mark.parametrize("words", sorted(set(map(tuple, commands()))), ids=" ".join)
def test_every_step_is_a_command_that_there_is(words: tuple[str, ...]) -> None:
    """A command of the runbook, with its options, is one that this version takes."""
    with click.Context(main) as root:
        command: click.Command = main
        arguments = list(words)
        while isinstance(command, click.Group):
            found = command.get_command(root, arguments.pop(0))
            assert found is not None, words
            command = found
        command.make_context("vigil", arguments, parent=root)
