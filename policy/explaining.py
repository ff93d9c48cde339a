"""One decision for a person to read: what was known, which clauses applied, which did not, and what would have changed that."""

from collections.abc import Iterator

from msgspec.structs import replace

from policy.judging import judge
from policy.proving.space import FACTS
from policy.rulebook.then import RANK
from policy.situation import Concern, Situation
from policy.versions.library import shipped
from policy.versions.version import Version
from schemas.decision import Decision, PictureEntry


def explanation(decision: Decision) -> Iterator[str]:
    """Sentences, the most important first. Says nothing of what anybody wrote but where it stands."""
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
    yield from _changes(decision)


def _facts(entry: PictureEntry) -> Iterator[str]:
    facts = FACTS[entry.kind]
    known = ", ".join(f"{fact} {value}" for fact, value in entry.facts.items()) or "nothing"
    unknown = ", ".join(fact for fact in facts if entry.facts.get(fact, "unknown") == "unknown") or "nothing"
    yield f"{entry.kind} of {entry.person_at_risk}: known {known}; unknown {unknown}."


def _changes(decision: Decision) -> Iterator[str]:
    version = shipped().get(decision.policy.version)
    if version is None or version.sha256 != decision.policy.sha256:
        yield "What would have changed it is not said: the version that judged it is not among those shipped."
        return
    applied = {(one.clause, one.person_at_risk) for one in decision.findings if one.status == "applies"}
    for entry in decision.picture:
        yield from _flips(decision, entry, version, applied)


def _flips(decision: Decision, entry: PictureEntry, version: Version, applied: set[tuple[str, str]]) -> Iterator[str]:
    who, gains = _situation(decision, entry), dict[str, list[str]]()
    for says, changed in _turned(who):
        for found in judge(changed, version):
            if found.status == "applies" and (found.clause, entry.person_at_risk) not in applied:
                gains.setdefault(f"{found.clause} ({found.outcome})", []).append(says)
    about = f"on {entry.kind} of {entry.person_at_risk}"
    rules = [*version.by_kind.get(entry.kind, ()), *version.by_kind.get("any", ())]
    for rule in sorted(rules, key=lambda one: -RANK[one.outcome]):
        ways = [says for clause, all_of in gains.items() if clause.startswith(f"{rule.clause} ") for says in all_of]
        if (rule.clause, entry.person_at_risk) not in applied:
            would = f"it would, with {' or '.join(dict.fromkeys(ways))}" if ways else "no single change of what is known would have made it"
            yield f"{rule.clause} did not apply {about}; {would}."


def _situation(decision: Decision, entry: PictureEntry) -> Situation:
    concern = Concern(entry.kind, {fact: value for fact, value in entry.facts.items() if value != "unknown"})
    if entry.person_at_risk != "author":
        return Situation(author=False, concerns=(concern,))
    known = decision.enrichment
    return Situation(age=known.age, stage=known.life_stage, at_risk=known.adult_at_risk, concerns=(concern,))


def _turned(who: Situation) -> Iterator[tuple[str, Situation]]:
    """The situation with one thing changed: a fact, or who the person is."""
    concern = who.concerns[0]
    for fact, values in FACTS[concern.kind].items():
        for value in values:
            if value not in (concern.facts.get(fact, "unknown"), "unknown"):
                yield f"{fact} {value}", replace(who, concerns=(replace(concern, facts={**concern.facts, fact: value}),))
    if who.stage != "minor":
        yield "an age of 15", replace(who, age=15, stage="minor")
    if who.stage == "adult" and who.at_risk != "yes":
        yield "an adult known to be at risk", replace(who, at_risk="yes")
