from pathlib import Path

import pytest

from policy.printing.rulebook import book, version_text
from policy.rulebook.book import RULES
from policy.versions.library import shipped

PAGE = Path(__file__).parents[3] / "policy" / "RULEBOOK.md"


def test_the_committed_rulebook_is_true() -> None:
    """What is committed for people to read is what Vigil judges by; mend it with `vigil policy show > policy/RULEBOOK.md`."""
    assert PAGE.read_text(encoding="utf-8") == book(shipped())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.clause} {rule.form} {rule.outcome}")
def test_every_rule_is_printed_in_full(rule: object) -> None:
    """A rule's words, each of its facts by name, and its outcome stand in the rulebook."""
    text = book(shipped())
    assert rule.says in text  # type: ignore[attr-defined]
    for fact in rule.facts:  # type: ignore[attr-defined]
        assert f"`{fact}`" in text


def test_a_clause_is_shown_by_itself() -> None:
    """One clause of one version, and nothing of the others."""
    text = version_text(shipped()["merged"], "N4")
    assert "### N4: a minor is homeless or at risk of it" in text
    assert text.count("###") == 1
    assert version_text(shipped()["pre-merger"], "N4") == ""
