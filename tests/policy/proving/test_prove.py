from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from policy.picture import looking
from policy.proving.moments import assurance_moments, pre_merger
from policy.proving.prove import Proof, prove
from policy.proving.space import FACTS, concerns
from policy.steps.work import Work
from policy.versions.library import shipped
from policy.versions.version import Version
from schemas import concerns as wire

pytestmark = pytest.mark.timeout(300)


BY_THE_CORE = {"pre_merger", "assurance_moments"}
"""Laws about moments go through the whole core, with the classes of authors and every concern."""


@cache
def proofs(version: str) -> dict[str, Proof]:
    """A shipped version's proofs by law."""
    return {proof.law: proof for proof in prove(shipped()[version])}


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_version_keeps_every_law(name: str) -> None:
    """No law is broken anywhere in the space, and the space is not a sample."""
    for proof in proofs(name).values():
        assert proof.counterexample is None, proof.says
        assert proof.combinations > (1_500 if proof.law in BY_THE_CORE else 150_000)


def test_the_space_has_every_kind_and_every_fact() -> None:
    """Each kind of concern that can be sent, with each of its facts, is in the space: a new one can't be forgotten."""
    shared = {"kind", "person_at_risk", "ref", "assurance", "support_needs", "stated_age"}
    models: list[Any] = [model for model in vars(wire).values() if isinstance(model, type) and "kind" in getattr(model, "model_fields", {})]
    sent = {model.model_fields["kind"].annotation.__args__[0]: set(model.model_fields) - shared for model in models if _has_kind(model)}
    assert {kind: set(facts) for kind, facts in FACTS.items()} == sent
    assert len({(c.kind, frozenset(c.facts.items()), c.found, c.taken_back, c.elsewhere) for c in concerns()}) == len(concerns())


def _has_kind(model: type) -> bool:
    return bool(getattr(model.model_fields["kind"].annotation, "__args__", ()))  # type: ignore[attr-defined]


def with_rule(clause: str, change: dict[str, object]) -> Version:
    """The merged version with a fault planted in one clause."""
    merged = shipped()["merged"]
    return replace(merged, rules=tuple(replace(rule, **change) if rule.clause == clause else rule for rule in merged.rules))


FAULTS: dict[str, tuple[str, dict[str, object], str]] = {
    "adults": ("N2", {"support_needs": "applies"}, "N2 gives a non-emergency"),
    "assurance": ("N2", {"assurance": "all"}, "an assurance turns non_emergency into review"),
    "reachable": ("N4", {"facts": ("homelessness.homeless_or_at_risk", "any.taken_back")}, "N4 (a minor is homeless"),
    "not_shadowed": ("N7", {"kind": "overdose", "facts": ("overdose.taken",)}, "N7 (a concern about a child"),
}


@pytest.mark.parametrize("law", FAULTS)
def test_a_planted_fault_breaks_its_law_and_shows_the_smallest_case(law: str) -> None:
    """A fault in one clause is found by the law that it breaks, with a counterexample in words."""
    clause, change, said = FAULTS[law]
    broken = {proof.law: proof.counterexample for proof in prove(with_rule(clause, change)) if not proof.holds}
    assert said in (broken.get(law) or "")


def test_an_event_of_before_the_merger_that_is_judged_breaks_its_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """S1 is proven through the core: were nothing early, the law would say whose case escalates."""
    monkeypatch.setattr(Work, "early", lambda *_: False)
    _, broken = pre_merger(shipped()["merged"])
    assert broken is not None
    assert "before the merger: is " in broken


def test_an_assurance_that_covers_what_comes_after_it_breaks_its_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """A3 likewise."""
    monkeypatch.setattr(looking, "_assured", lambda _, assurance, *__: assurance is not None and assurance.value == "yes")
    _, broken = assurance_moments(shipped()["merged"])
    assert broken is not None
    assert "with an assurance before the facts: is review" in broken
