"""What `vigil explain` says would have changed a decision is true of the whole core: the input, changed so, is decided so."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy.explaining import _rules, explanation
from policy.proving.space import FACTS
from policy.rulebook.rule import Rule
from policy.versions.library import shipped
from policy.whatif.asking import NOTHING, Result, Would, ask
from policy.whatif.changes import AGE, ASSURED, AT_RISK, BACK, NEEDS, SAID, Step
from policy.whatif.rebuilding import Rebuilt, rebuild
from schemas.decision import Decision, Finding
from tests.policy.core.driver import NOW, Core, assessment, message, profile

MERGED = shipped()["merged"]
AT = NOW - timedelta(hours=1)
RELATIONS = ("sibling", "friend", "cousin")


KINDS = st.sampled_from(sorted(FACTS))
ANSWERS = st.sampled_from(["yes", "no", "unknown"])
AGE_SAID = st.sampled_from([None, 9, 12, 13, 15, 16, 17, 18, 30])
BORN = st.sampled_from([None, 8, 12, 13, 15, 16, 17, 18, 40])


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Any]:
    """A profile or none, and a message with concerns about the author and others, each in words of their own."""
    told: list[dict[str, Any]] = []
    for place in range(draw(st.integers(1, 3))):
        kind = draw(KINDS)
        concern: dict[str, Any] = {"kind": kind, **{fact: draw(st.sampled_from(values)) for fact, values in FACTS[kind].items()}}
        if draw(st.booleans()):
            age = draw(AGE_SAID)
            about = {"relation": RELATIONS[place], "minor": draw(ANSWERS) if age is None else "unknown", "age": age}
            concern |= {"person_at_risk": about, "support_needs": draw(ANSWERS)}
        elif any(one["kind"] == kind and "person_at_risk" not in one for one in told):
            continue
        told.append(concern)
    words = {"assurance": draw(ANSWERS), "support_needs": draw(ANSWERS), "stated_age": draw(AGE_SAID)}
    known = draw(st.none() | st.fixed_dictionaries({"age": BORN, "at_risk": ANSWERS}))
    return {"concerns": told, "words": words, "profile": known}


def judged(given: Mapping[str, Any], found_by_person: Mapping[str, Any] | None = None) -> Decision:
    """The last decision about the message, through the whole core."""
    core = Core()
    if given["profile"]:
        age = given["profile"]["age"]
        born = None if age is None else f"{AT.year - age}-01-01"
        core.feed("profiles", profile(born=born, adult_at_risk=given["profile"]["at_risk"]))
    core.feed("messages", message("e1", AT, given["concerns"], **given["words"]))
    if found_by_person:
        core.feed("assessments", assessment("a1", at=_later(), concerns=[{"kind": "other", **found_by_person}], about="e1"))
    assert not core.refusals
    decision: Decision = core.last()["e1"]
    return decision


def _later() -> datetime:
    return AT + timedelta(minutes=5)


def remade(given: Mapping[str, Any], one: Rebuilt, steps: tuple[Step, ...], year: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The input with a change made to it, and what a trained person is to find beside it. `year`: which of a band of ages."""
    made: dict[str, Any] = deepcopy(dict(given))
    by_person: dict[str, Any] = {}
    name, author = one.entry.person_at_risk, one.person == "author"
    concern = next(
        c for c in made["concerns"] if c["kind"] == one.entry.kind and c.get("person_at_risk", {}).get("relation", "author") == name
    )
    for step in steps:
        if step.what == AGE and step.ages:
            age = step.ages[0] + year % (min(step.ages[1], 60) - step.ages[0] + 1)
            if author:
                made["profile"] = {"at_risk": "unknown", **(made["profile"] or {}), "age": age}
            else:
                concern["person_at_risk"] |= {"age": age, "minor": "unknown"}
        elif step.what == AT_RISK:
            made["profile"] = {"age": None, **(made["profile"] or {}), "at_risk": step.value}
        elif step.what == SAID:
            made["words"]["stated_age"] = None
        elif step.what == NEEDS:
            (made["words"] if author else concern)["support_needs"] = step.value
        elif step.what == ASSURED:
            made["words"]["assurance"] = step.value
        elif step.by_person:
            about = {"person_at_risk": concern["person_at_risk"]} if "person_at_risk" in concern else {}
            by_person |= {step.what: step.value, **about}
        else:
            concern[step.what] = step.value
    return made, by_person


def came_to(decision: Decision, rule: Rule, one: Rebuilt) -> set[Result]:
    """What a rule is found to come to about that person; a clause's rules for what was found and what was told are told apart."""
    of_clause = [f for f in decision.findings if (f.clause, f.person_at_risk) == (rule.clause, one.person)]
    mine = [f for f in of_clause if rule.kind != "other" or f.because[-1].endswith(rule.facts[-1][-6:])]
    return {(f.status, f.outcome) for f in mine} or {NOTHING}


def ways(would: Would) -> tuple[tuple[Step, ...], ...]:
    """Ways that an input can be changed by: a retraction is words of another day."""
    return tuple(change for change in would.ways if would.certain and all(step.what != BACK for step in change))


@settings(max_examples=120, deadline=None)
@given(inputs(), st.integers(0, 50))
def test_a_change_of_the_input_gives_what_is_stated(given: dict[str, Any], year: int) -> None:
    """Through the whole core: the profile or message so changed leads to a decision in which the clause comes to what was stated."""
    decision = judged(given)
    counted = [one["kind"] for one in given["concerns"]]
    for one in rebuild(decision, MERGED):
        assert one.why_none is None
        # N7 looks at every concern of the author's, and a decision does not say at which: told apart where there is one
        rules = [rule for rule in _rules(one, MERGED) if rule.kind != "any" or len(counted) == 1]
        for rule in rules if counted.count("harm_to_others") < 2 else ():
            asked = ask(rule, one.situations, MERGED)
            for would in (*asked.up, *asked.down):
                for change in ways(would):
                    made, by_person = remade(given, one, change, year)
                    assert came_to(judged(made, by_person), rule, one) <= set(would.results), (rule.clause, change)


@settings(max_examples=100, deadline=None)
@given(inputs())
def test_whatever_is_decided_can_be_explained(given: dict[str, Any]) -> None:
    """Every clause that looks at a concern has its sentence, and the output never says that something was not rebuilt without what."""
    decision = judged(given)
    says = list(explanation(decision))
    assume(decision.picture)
    for entry in decision.picture:
        for rule in MERGED.by_kind.get(entry.kind, ()):
            assert any(line.startswith(f"{rule.clause} ") and f" on {entry.kind} of {entry.person_at_risk}" in line for line in says)
    assert not any(line.rstrip(".").endswith(":") for line in says)


def test_what_an_edit_of_unknown_text_brings_is_not_guessed_at() -> None:
    """S3 held something back: which facts, the decision does not say, and so nor does the explanation."""
    decision = judged({"concerns": [{"kind": "overdose", "taken": "yes"}], "words": {}, "profile": None})
    (finding,) = decision.findings
    held = finding.model_copy(update={"outcome": "review", "because": (*finding.because, "earlier text not known (S3)")})
    says = "\n".join(explanation(decision.model_copy(update={"findings": (held,)})))
    assert "is not said: it rests on an edit whose earlier text is not known (S3)" in says
    assert "E4 applied" not in says


@pytest.mark.parametrize("planted", ["E4", "E2"])
def test_findings_that_do_not_follow_are_not_explained_away(planted: str) -> None:
    """A decision that does not fit its policy version is told as such."""
    decision = judged({"concerns": [{"kind": "overdose", "taken": "no"}], "words": {}, "profile": None})
    strange = Finding(clause=planted, outcome="emergency", status="applies", person_at_risk="author")
    says = "\n".join(explanation(decision.model_copy(update={"findings": (strange,)})))
    assert "is not said: what was found does not follow from what it records" in says
