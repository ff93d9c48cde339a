"""One decision for a person to read: what was known, which clauses applied, which did not, and what would have changed that."""

from collections.abc import Iterator, Mapping

from policy.printing.words import listed
from policy.proving.space import FACTS
from policy.rulebook.rule import Rule
from policy.rulebook.then import RANK
from policy.versions.library import shipped
from policy.versions.version import Version
from policy.whatif.asking import NOTHING, Asked, Would, ask
from policy.whatif.rebuilding import AUTHOR, Rebuilt, rebuild
from policy.whatif.words import unrecorded, ways
from schemas.decision import Decision, PictureEntry

HELD_NOT_SHOWN = (
    "All this takes each fact of the picture for news: a decision tells of an edit whose earlier text is not known (S3) only where that "
    "held something back."
)
_OUTCOMES = {"emergency": "an emergency", "non_emergency": "a non-emergency", "review": "a review"}


def explanation(decision: Decision, versions: Mapping[str, Version] | None = None) -> Iterator[str]:
    """Sentences, the most important first. Says nothing of what anybody wrote but where it stands. `versions`: by name, else as shipped."""
    known = decision.enrichment
    yield f"Event {decision.event_id} of {decision.person_id}, written {decision.occurred_at.isoformat()}: {decision.outcome}."
    yield f"Judged {decision.decided_at.isoformat()} by policy {decision.policy.version} ({decision.policy.sha256[:12]})."
    age = "unknown" if known.age is None else f"{known.age} ({known.age_basis})"
    yield f"Known of the author: age {age}, {known.life_stage}, at risk {known.adult_at_risk}; written {known.merger}-merger."
    for entry in decision.picture:
        yield from _facts(entry)
    for finding in decision.findings:
        missing = f"; not known: {', '.join(finding.missing)}" if finding.missing else ""
        because = ", ".join(finding.because)
        yield f"{finding.clause} {finding.status} ({finding.outcome}) about {finding.person_at_risk}: {because}{missing}."
        for proof in finding.evidence:
            place = "" if proof.start is None else f", characters {proof.start} to {proof.end}"
            yield f"  {proof.fact} from event {proof.event_id}{place}, by {proof.by}."
    yield from _changes(decision, shipped() if versions is None else versions)


def _facts(entry: PictureEntry) -> Iterator[str]:
    facts = FACTS[entry.kind]
    known = ", ".join(f"{fact} {value}" for fact, value in entry.facts.items()) or "nothing"
    unknown = ", ".join(fact for fact in facts if entry.facts.get(fact, "unknown") == "unknown") or "nothing"
    yield f"{_about(entry)}: known {known}; unknown {unknown}."


def _about(entry: PictureEntry) -> str:
    return f"{entry.kind}{f' ({entry.ref})' if entry.ref else ''} of {entry.person_at_risk}"


def _changes(decision: Decision, versions: Mapping[str, Version]) -> Iterator[str]:
    version = versions.get(decision.policy.version)
    if version is None or version.sha256 != decision.policy.sha256:
        yield "What would have changed it is not said: the policy version that judged it is not at hand; name its file in `VIGIL_POLICY`."
    elif not decision.picture:
        yield _without_picture(decision)
    else:
        for concern in rebuild(decision, version):
            yield from _of_concern(concern, version)
        yield HELD_NOT_SHOWN


def _without_picture(decision: Decision) -> str:
    if decision.outcome == "out_of_scope":
        return "Written before the merger, it was not looked at (S1); had it been written later, it would have been judged like any other."
    return "No fact of any concern was known, so no clause had anything to look at; a fact told, or found by a trained person, would have."


def _of_concern(concern: Rebuilt, version: Version) -> Iterator[str]:
    about = f"on {_about(concern.entry)}{'' if concern.person == concern.entry.person_at_risk else ', looking at the author'}"
    if concern.why_none is not None:
        yield f"What would have changed it {about} is not said: {concern.why_none}."
        return
    rules = _rules(concern, version)
    asked = [ask(rule, concern.situations, version) for rule in rules]
    for one in sorted(asked, key=lambda each: -RANK[each.rule.outcome]):
        twice = len([rule for rule in rules if rule.clause == one.rule.clause]) > 1
        name = f"{one.rule.clause} as {_OUTCOMES[one.rule.outcome]}" if twice else one.rule.clause
        yield _of_rule(one, name, about, author=concern.person == AUTHOR)
    unsure = [one.rule for one in asked if any(not would.certain or len(would.results) > 1 for would in (*one.up, *one.down))]
    lacking = dict.fromkeys(what for rule in unsure for what in unrecorded(rule, concern.situations))
    if lacking:
        yield f"Not in the decision, and so not rebuilt {about}: {listed(lacking, 'and')}."


def _rules(concern: Rebuilt, version: Version) -> list[Rule]:
    """Those that look at a concern: of others' only what looks at the author, where it is the author who is asked about."""
    author, of_author = concern.person == AUTHOR, concern.entry.person_at_risk == AUTHOR
    rules = (*version.by_kind.get(concern.entry.kind, ()), *version.by_kind.get("any", ()))
    return [rule for rule in rules if (author if rule.looks_at == "author" else author == of_author or rule.kind == "any")]


def _of_rule(one: Asked, name: str, about: str, *, author: bool) -> str:
    status, outcome = one.now
    ups = [_would(would, author=author) for would in one.up]
    if one.now == NOTHING:
        return f"{name} did not apply {about}; {'; '.join(ups) if ups else 'nothing that it looks at could have made it'}."
    now = f"{name} {'applied' if status == 'applies' else f'was {status}'} ({outcome}) {about}"
    return f"{now}; {'; '.join([*ups, *(_lower(would, author=author) for would in one.down)])}."


def _would(would: Would, *, author: bool) -> str:
    perhaps = "" if would.certain else "perhaps "
    return f"it would {perhaps}have been {_OUTCOMES[would.results[0][1]]} with {ways(would.ways, author=author)}"


def _lower(would: Would, *, author: bool) -> str:
    perhaps = "" if would.certain else "perhaps "
    return f"it would {perhaps}{listed((_came(*one) for one in would.results), 'or')} with {ways(would.ways, author=author)}"


def _came(status: str, outcome: str) -> str:
    if outcome == "none":
        return "not have applied"
    return f"have been {_OUTCOMES[outcome]}" if status == "applies" else f"have been {status} ({outcome})"
