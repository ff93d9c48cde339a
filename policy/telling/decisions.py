"""Decisions: what an event came to, as `decision/1` (O1)."""

from functools import lru_cache

from policy.people import Author, aged
from policy.picture.looking import look_at, stated_age
from policy.rules import Rules
from policy.state.parts import EventPart, Picture
from policy.telling import english
from policy.telling import help as helping
from policy.telling.ids import digest, new_id
from policy.telling.verdict import About, Shown, Verdict
from policy.times import SECOND, moment
from policy.versions.version import Version
from schemas.decision import Decision, Enrichment, Evidence, Finding, PictureEntry, PolicyMark, ReaderMark, ReviewNeed

_NO_PICTURE = digest("no picture")
_decided = lru_cache(maxsize=8)(moment)  # the same for all events of a chunk


def digest_of(verdict: Verdict, author: Author) -> bytes:
    """What a decision rests on: the facts in the picture and what was found in it."""
    if not verdict.about:
        return _NO_PICTURE
    facts = [(one.name, c.kind, c.gid, sorted(c.facts.items())) for one in verdict.about for c in one.situation.concerns]
    return digest(verdict.outcome, facts, verdict.shown, (author.age, author.at_risk) if verdict.shown else None)


def decision(  # noqa: PLR0913 - all that a decision shows
    person_id: str,
    event: str,
    part: EventPart,
    picture: Picture,
    verdict: Verdict,
    author: Author,
    version: Version,
    rules: Rules,
    *,
    now: int,
    salt: int = 0,
) -> Decision:
    """The decision about one event. `salt`: how often this event came to this very picture before, so that the last one has a new id."""
    early = part.role == "early"
    parts = ("decision", person_id, event, version.sha256, digest_of(verdict, author))
    return Decision(
        decision_id=new_id(*parts, salt) if salt else new_id(*parts),
        event_id=event,
        person_id=person_id,
        occurred_at=moment(part.at),
        decided_at=_decided(now),
        outcome="out_of_scope" if early else verdict.outcome,
        findings=tuple(_finding(shown) for shown in verdict.shown) if verdict.about else (),
        review=_review(verdict) if verdict.about else None,
        enrichment=_enrichment(part, picture, author, version, rules),
        picture=tuple(entry for about in verdict.about for entry in _entries(about)) if verdict.about else (),
        policy=_policy_mark(version.name, version.sha256),
        reader=_reader_mark(rules.reader.version, rules.reader.sha256),
        support=helping.shown(verdict),
    )


def evidence(proofs: tuple[tuple[str, int | None, int | None, str, str], ...]) -> tuple[Evidence, ...]:
    """Evidence as outputs show it."""
    return tuple(Evidence(event_id=event, start=start, end=end, fact=fact, by=by) for event, start, end, fact, by in proofs)


def _finding(shown: Shown) -> Finding:
    return Finding(
        clause=shown.clause,
        outcome=shown.outcome,
        status=shown.status,
        because=shown.because,
        missing=shown.missing,
        evidence=evidence(shown.evidence),
        person_at_risk=shown.person_at_risk,
    )


def _review(verdict: Verdict) -> ReviewNeed | None:
    found = [one for about in verdict.about for one in about.found if one.outcome == "review"]
    if not found:
        return None
    return ReviewNeed(
        reasons=tuple(dict.fromkeys(english.short(one) for one in found)),
        missing=tuple(dict.fromkeys(fact for one in found for fact in one.missing)),
    )


def _enrichment(part: EventPart, picture: Picture, author: Author, version: Version, rules: Rules) -> Enrichment:
    stated = stated_age(picture, look_at(part.at, version.thresholds)) if picture.persons and part.role == "author" else None
    is_aged = aged(author.age, stated, version.thresholds.ages)
    since = (part.at - rules.calendar.merger) // SECOND
    return Enrichment(
        age=is_aged.age,
        age_basis=is_aged.basis,
        life_stage=is_aged.stage,
        adult_at_risk=author.at_risk,
        merger="pre" if part.at < rules.calendar.merger else "post",
        seconds_since_merger=since,
        late_by_seconds=(part.arrival - part.at) // SECOND,
    )


def _entries(about: About) -> tuple[PictureEntry, ...]:
    return tuple(
        PictureEntry(person_at_risk=about.name, kind=c.kind, ref=c.ref, facts=dict(c.facts))
        for c in about.situation.concerns
        if not c.elsewhere
    )


@lru_cache(maxsize=64)
def _policy_mark(name: str, sha256: str) -> PolicyMark:
    return PolicyMark(version=name, sha256=sha256)


@lru_cache(maxsize=64)
def _reader_mark(name: str, sha256: str) -> ReaderMark:
    return ReaderMark(version=name, sha256=sha256)
