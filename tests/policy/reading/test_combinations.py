from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.reading.reader import text_reader
from policy.reading.seam import Context

AT = Context(datetime(2026, 10, 6, 20, 0, tzinfo=UTC), "texter")
THOUGHTS = [
    "i want to end my life",
    "im going to kill myself",
    "i want to die",
    "im gonna end it all",
    "im suicidal",
    "gonna unalive myself",
    "im going to top myself",
]
PLANS = [
    "i have a plan",
    "its all planned",
    "i know exactly how",
    "ive worked out how",
    "ive sorted how",
    "ive got it all worked out",
    "ive made a plan",
]
MEANS = [
    "everything i need is here",
    "ive got the tablets here",
    "i have the means",
    "ive got a rope",
    "the pills are next to me",
    "ive already got it all",
]
TIMES = [
    "its going to be tonight",
    "im doing it in the morning",
    "tonight when everyones in bed",
    "in a few hours",
    "tomorrow night",
    "its happening tonight",
]
TOOK = ["ive taken", "i took", "just took", "i have swallowed", "i necked"]
AMOUNTS = ["too many", "way too many", "a load of", "20", "all my", "the whole box of", "double my dose of"]
PILLS = ["paracetamol", "tablets", "my meds", "ibuprofen", "sleeping tablets", "sertraline"]
INJURIES = ["ive cut myself", "i slit my wrists", "i self harmed", "ive cut too deep", "i relapsed tonight", "ive stabbed myself"]
DANGERS = [
    "it wont stop bleeding",
    "theres blood everywhere",
    "i feel faint",
    "im going dizzy",
    "theres so much blood",
    "i can see the bone",
]
TRUSTED = ["my teacher", "my coach", "my gp", "our imam", "my youth worker", "a police officer", "my support worker"]
FAMILY = ["my dad", "stepdad", "my uncle", "my boyfriend", "my nan", "my foster dad"]
BLOWS = ["hits me", "slapped me last night", "keeps hitting me", "punched me again today", "hurts me", "choked me"]


def facts(text: str, kind: str) -> dict[str, str]:
    """The author's facts of one kind."""
    found = text_reader().read(text, AT).concerns
    return next((dict(one.facts) for one in found if one.kind == kind and one.person_at_risk is None), {})


def one_of(words: list[str]) -> st.SearchStrategy[str]:
    """Any one of these."""
    return st.sampled_from(words)


@given(one_of(THOUGHTS), one_of(PLANS), one_of(MEANS), one_of(TIMES), one_of([". ", ", ", " and "]))
@settings(max_examples=200, deadline=None)
def test_all_four_criteria_are_read_however_they_are_put_together(thoughts: str, plan: str, means: str, time: str, between: str) -> None:
    """E1: thoughts, plan, means and an immediate time, in any of many words, are all found."""
    found = facts(between.join([thoughts, plan, means, time]), "suicide")
    assert {"thoughts": "yes", "plan": "yes", "means": "yes", "timeframe": "immediate"}.items() <= found.items()


@given(one_of(TOOK), one_of(AMOUNTS), one_of(PILLS))
@settings(max_examples=100, deadline=None)
def test_too_much_of_a_medicine_is_an_overdose(took: str, amount: str, pills: str) -> None:
    """E4: whatever the verb, the amount and the medicine."""
    assert facts(f"{took} {amount} {pills}", "overdose") == {"taken": "yes"}


@given(one_of(INJURIES), one_of(DANGERS), one_of([". ", ", ", " and "]))
@settings(max_examples=100, deadline=None)
def test_an_injury_with_a_sign_of_danger_is_life_threatening(injury: str, danger: str, between: str) -> None:
    """E2: an injury of one's own and a sign that life is at risk."""
    found = facts(injury + between + danger, "self_injury")
    assert {"recent": "yes", "life_threatening": "yes"}.items() <= found.items()


@pytest.mark.parametrize(("people", "trust"), [(TRUSTED, "yes"), (FAMILY, "no")])
def test_who_strikes_decides_on_a_position_of_trust(people: list[str], trust: str) -> None:
    """E3 and N2: the same blow by a teacher and by an uncle differ in one fact."""
    for person in people:
        for blow in BLOWS:
            assert facts(f"{person} {blow}", "abuse") == {"ongoing": "yes", "position_of_trust": trust}
