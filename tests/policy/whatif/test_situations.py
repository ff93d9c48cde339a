"""What `vigil explain` says would have changed a decision is true: the change, made to what was judged, gives the result that it states."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from policy.explaining import _rules
from policy.judging import judge
from policy.proving.space import concerns, persons
from policy.rulebook.rule import Rule
from policy.situation import Concern, Situation
from policy.versions.library import shipped
from policy.versions.version import Version
from policy.whatif.asking import NOTHING, ask, result
from policy.whatif.changes import changed
from policy.whatif.rebuilding import Rebuilt, rebuild
from schemas.decision import Decision, Enrichment, Finding, PictureEntry, PolicyMark, ReaderMark
from tests.policy.core.driver import NOW

MERGED = shipped()["merged"]
AGES = MERGED.thresholds.ages
OTHER = "sibling"
PERSONS = list(persons(AGES))


def rebuilt(true: Situation) -> list[tuple[Rebuilt, list[Rule]]]:
    """What a decision about somebody gives back of them, and the rules that look at it. Of others' the author is asked about E5."""
    person = "author" if true.author else OTHER
    return [(one, _rules(one, MERGED)) for one in rebuild(decided(true), MERGED) if one.person == person]


def decided(who: Situation) -> Decision:
    """A decision as it would be written about one person with one concern."""
    name = "author" if who.author else OTHER
    told_of = OTHER if who.concerns[0].elsewhere else name
    basis = None if who.age is None else "stated" if who.age == who.stated else "date_of_birth"
    known = who if who.author else Situation()
    return Decision(
        decision_id="d1",
        event_id="e1",
        person_id="u1",
        occurred_at=NOW,
        decided_at=NOW,
        outcome="none",
        findings=tuple(
            Finding(
                clause=found.clause,
                outcome=found.outcome,
                status=found.status,
                because=found.because,
                missing=found.missing,
                person_at_risk=name,
            )
            for found in judge(who, MERGED)
        ),
        enrichment=Enrichment(
            age=known.age,
            age_basis=basis if who.author else None,
            life_stage=known.stage,
            adult_at_risk=known.at_risk,
            merger="post",
            seconds_since_merger=1,
            late_by_seconds=0,
        ),
        picture=tuple(PictureEntry(person_at_risk=told_of, kind=one.kind, facts=dict(one.facts)) for one in who.concerns),
        policy=PolicyMark(version="merged", sha256=MERGED.sha256),
        reader=ReaderMark(version="none", sha256="0" * 64),
    )


@settings(max_examples=400, deadline=None)
@given(who=st.sampled_from(PERSONS), concern=st.sampled_from(concerns()), assured=st.booleans())
def test_a_change_of_the_situation_gives_what_is_stated(who: Situation, concern: Concern, *, assured: bool) -> None:
    """Whatever a decision does not hold (needs, stated age, assurance, others' ages), a certain change is true of what was so."""
    assume(who.author or not concern.elsewhere)
    true = replace(who, concerns=(concern,), assured=assured and who.author)
    for one, rules in rebuilt(true):
        assert one.why_none is None
        for rule in rules:
            asked = ask(rule, one.situations, MERGED)
            alone = version_of(rule)
            assert result(rule, true, alone) == asked.now
            for would in (*asked.up, *asked.down):
                for change in would.ways if would.certain else ():
                    assert result(rule, changed(true, change, AGES), alone) in would.results


def version_of(rule: Rule) -> Version:
    """A version of one rule."""
    return Version(MERGED.name, MERGED.sha256, (rule,), MERGED.thresholds, MERGED.in_force)


@settings(max_examples=200, deadline=None)
@given(who=st.sampled_from(PERSONS), concern=st.sampled_from(concerns()), assured=st.booleans())
def test_whatever_did_not_apply_is_told_how_it_would_have(who: Situation, concern: Concern, *, assured: bool) -> None:
    """Of each rule that looks at a concern and did not apply in full, some change would surely have made it; and no smaller one does."""
    assume(who.author or not concern.elsewhere)
    true = replace(who, concerns=(concern,), assured=assured and who.author)
    for one, rules in rebuilt(true):
        for rule in rules:
            asked = ask(rule, one.situations, MERGED)
            if asked.now != ("applies", rule.outcome):
                assert asked.up[-1].certain
            if asked.now != NOTHING:
                assert asked.down[-1].results == (NOTHING,)
