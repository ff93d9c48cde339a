"""A policy version as Markdown: thresholds, and each rule with its clause, facts, outcome, recipients and dates."""

from collections.abc import Iterable, Iterator, Mapping

from policy.printing.words import ABOUT, MEANWHILE, OUTCOMES, RECIPIENTS, listed
from policy.rulebook.missing import ASKED_WHEN
from policy.rulebook.questions import QUESTIONS
from policy.rulebook.rule import Rule
from policy.versions.version import InForce, Version

INTRODUCTION = """# The rulebook

Made from the rules that Vigil judges by; `vigil policy show` prints the same. A clause applies where all its facts are yes, and does not
where one is no. An unknown fact is never a no: where the clause says so, somebody is asked. Where several clauses apply, each gives its
own output, and the outcome is the highest: emergency, non-emergency, review, none. Nothing from before the merger is escalated.
"""


def book(versions: Mapping[str, Version]) -> str:
    """All versions, one after the other."""
    return "\n".join([INTRODUCTION, *(version_text(version) for version in versions.values())])


def version_text(version: Version, clause: str | None = None) -> str:
    """One version, or one clause of it. Text that ends with a line break; empty where the version has no such clause."""
    rules = [rule for rule in version.rules if clause in (None, rule.clause)]
    if not rules:
        return ""
    head = [f"## Version `{version.name}`", "", f"{dates(version.in_force)} Hash `{version.sha256[:12]}`.", ""]
    body = [*head, *_thresholds(version)] if clause is None else head
    return "\n".join([*body, *(line for rule in rules for line in _rule(rule))])


def dates(force: InForce) -> str:
    """When a version judges, by the event's time."""
    since, until = _moment(force.since), _moment(force.until)
    if since and until:
        return f"In force from {since} until {until}, by the event's time."
    if since:
        return f"In force from {since} on, by the event's time."
    return f"In force until {until}, by the event's time." if until else "In force at any time."


def _moment(text: str | None) -> str | None:
    return "the merger" if text == "merger" else text


def _thresholds(version: Version) -> Iterator[str]:
    given = version.thresholds
    yield f"- Adult from {given.adult_from_age}. N5: under {given.pregnancy_under_age}. N7: up to {given.child_up_to_age}."
    yield f"- Facts add up over {given.window_days} days; an immediate timeframe lapses after {given.immediate_hours} hours."
    yield f"- A case closes {given.case_closes_after_days} days after its last event; clocks may differ by {given.skew_minutes} minutes."
    yield ""


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.clause}: {rule.says}"
    yield ""
    yield f"- **About** {ABOUT[rule.person]}{_author(rule)}."
    if rule.facts:
        yield f"- **When** {listed((QUESTIONS[fact].says for fact in rule.facts), 'and')} (`{'`, `'.join(rule.facts)}`)."
    yield f"- **Then** {OUTCOMES[rule.outcome]}, to {listed((RECIPIENTS[name] for name in rule.recipients), 'and')}."
    yield from _further(rule)
    yield ""


def _author(rule: Rule) -> str:
    return ", looking at the author whoever the other person is" if rule.looks_at == "author" else ""


def _further(rule: Rule) -> Iterable[str]:
    if rule.asked_when:
        yield f"- **If a fact is unknown**, a supervisor is asked to find it out once {ASKED_WHEN[rule.asked_when].says}."
    if rule.person == "minor":
        yield f"- **An adult at risk**: {MEANWHILE[rule.adult_at_risk]}."
        yield f"- **An adult of unknown status whose words speak of support needs**: {MEANWHILE[rule.support_needs]}."
    if rule.person in ("minor", "under_16"):
        yield "- **Age unknown or disputed**: a supervisor judges."
    if rule.assurance != "none":
        held = "what it finds" if rule.assurance == "all" else "what is incomplete"
        yield f"- **The author says they are safe**: {held} is withheld and a supervisor sees it, unless all four criteria are yes."
