"""What differs before any situation is looked at, in plain words."""

import pytest
from msgspec.structs import asdict, replace

from policy.comparing.settings import THRESHOLDS, settings
from policy.rulebook.rule import Rule
from policy.versions.library import shipped
from policy.versions.version import Version

MERGED = shipped()["merged"]


def said(other: Version) -> str:
    """All sentences, one a line."""
    return "\n".join(settings(MERGED, other))


def with_rule(clause: str, **change: object) -> Version:
    """The merged version with one clause written otherwise."""
    return replace(MERGED, rules=tuple(replace(rule, **change) if rule.clause == clause else rule for rule in MERGED.rules))


@pytest.mark.parametrize("name", THRESHOLDS)
def test_every_threshold_has_its_sentence(name: str) -> None:
    """One sentence with the new number, the old one, and the setting's name; none of anything else."""
    before = asdict(MERGED.thresholds)[name]
    says = said(replace(MERGED, thresholds=replace(MERGED.thresholds, **{name: before + 1})))
    assert says.count("\n") == 0
    assert f"{before + 1}" in says
    assert says.endswith(f", where it was {before} (`{name}`).")


def test_no_threshold_is_without_words() -> None:
    """A new number can't be forgotten."""
    assert set(THRESHOLDS) == set(asdict(MERGED.thresholds))


CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "facts": (
        {"facts": ("pregnancy.pregnant",)},
        "N5 is written otherwise: it no longer needs that medical professionals have not been told.",
    ),
    "outcome": ({"outcome": "review"}, "N5 is written otherwise: it is a review (before: a non-emergency)."),
    "recipients": ({"recipients": ("101",)}, "it goes to the non-emergency police line (101) (before: a care professional)."),
    "person": ({"person": "minor"}, "it is about a minor (before: somebody under 16)."),
    "adult_at_risk": ({"adult_at_risk": "review"}, "for an adult at risk, a supervisor judges (before: it does not apply)."),
    "support_needs": ({"support_needs": "review"}, "whose words speak of support needs, a supervisor judges (before: it does not apply)."),
    "asked_when": ({"asked_when": None}, "what is unknown is asked never (before: once it was raised)."),
    "assurance": (
        {"assurance": "all"},
        "where the author says that they are safe, whatever it finds is held back (before: nothing is held back).",
    ),
    "looks_at": ({"looks_at": "author"}, "it looks at the author, whoever the other person is (before: the person at risk)."),
    "kind": ({"kind": "caring"}, "it looks at caring (before: pregnancy)."),
}


@pytest.mark.parametrize("field", CHANGES)
def test_whatever_is_written_otherwise_in_a_clause_is_said(field: str) -> None:
    """Recipients and assurances too, which no outcome may show."""
    change, says = CHANGES[field]
    assert says in said(with_rule("N5", **change))


def test_a_clause_that_goes_to_nobody_is_told_so() -> None:
    """Worse than another recipient, and no less to be said."""
    assert "it goes to nobody (before: a care professional)." in said(with_rule("N5", recipients=()))


def test_no_part_of_a_rule_is_without_words() -> None:
    """But its name, form and words, which change nothing that is judged."""
    assert set(CHANGES) == set(Rule.__struct_fields__) - {"clause", "form", "says"}


def test_a_clause_that_is_gone_or_new_is_named() -> None:
    """Both ways round."""
    without = replace(MERGED, rules=tuple(rule for rule in MERGED.rules if rule.clause not in {"E4", "N3"}))
    assert list(settings(MERGED, without)) == ["Gone: E4 and N3."]
    assert list(settings(without, MERGED)) == ["New: E4 and N3."]
