"""A picture judged: for everybody at risk in it, what was found, what S3 holds back included as review at most."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from policy.judging import Found, judge
from policy.people import Author
from policy.picture.looking import BACK, Look, Seen, holds_back, look_at, situations
from policy.picture.matching import name_of
from policy.rulebook import then
from policy.rulebook.questions import positive
from policy.situation import Situation
from policy.state.parts import Picture, Reg
from policy.versions.version import Version

Proof = tuple[str, int | None, int | None, str, str]


class Shown(msgspec.Struct, frozen=True):
    """A finding as a decision shows it; two decisions differ where these or their outcome do."""

    clause: str
    outcome: str
    status: str
    because: tuple[str, ...]
    missing: tuple[str, ...]
    evidence: tuple[Proof, ...]
    person_at_risk: str


class About(msgspec.Struct, frozen=True):
    """One person at risk, and what was found about them."""

    pid: str
    name: str
    situation: Situation
    found: tuple[Found, ...]
    shown: tuple[Shown, ...]


class Verdict(msgspec.Struct, frozen=True):
    """All that was found as of one event, the author first."""

    outcome: str = "none"
    about: tuple[About, ...] = ()

    @property
    def shown(self) -> tuple[Shown, ...]:
        """All findings, person by person."""
        return tuple(shown for about in self.about for shown in about.shown)


NOTHING = Verdict()


def verdict(picture: Picture, at: int, author: Author, version: Version, *, ahead: bool = False) -> Verdict:
    """What a version's rules find in a picture as of a moment."""
    if not picture.persons and not ahead:
        return NOTHING
    look = look_at(at, version.thresholds)
    everybody = situations(picture, look, author, version.thresholds, ahead=ahead)
    plain = _plain(picture, look, author, version, ahead=ahead)
    about = tuple(_about(seen, version, plain) for seen in everybody)
    return Verdict(then.highest(found.outcome for one in about for found in one.found), about)


def _plain(picture: Picture, look: Look, author: Author, version: Version, *, ahead: bool) -> dict[str, Seen] | None:
    """Everybody at risk as they are without what S3 holds back; None where nothing is."""
    if not holds_back(picture, look):
        return None
    seen = situations(picture, replace(look, plain=True), author, version.thresholds, ahead=ahead)
    return {one.person.pid: one for one in seen}


def _about(seen: Seen, version: Version, plain: dict[str, Seen] | None) -> About:
    found = judge(seen.situation, version) if plain is None else _capped(seen, plain.get(seen.person.pid), version)
    name = name_of(seen.person)
    return About(seen.person.pid, name, seen.situation, found, tuple(_shown(one, name) for one in found))


def _capped(seen: Seen, plain: Seen | None, version: Version) -> tuple[Found, ...]:
    """What stands without held words counts in full; what only they bring leads to review at most (S3)."""
    full = judge(plain.situation, version) if plain else ()
    standing = {_place(found) for found in full if found.status == "applies"}
    known = {(_place(found), found.status) for found in full}
    held = judge(replace(seen.situation, held=True), version)
    return (*full, *(found for found in held if _place(found) not in standing and (_place(found), found.status) not in known))


def _place(found: Found) -> tuple[str, str]:
    return found.clause, found.concern.gid if found.concern else ""


def _shown(found: Found, name: str) -> Shown:
    return Shown(found.clause, found.outcome, found.status, found.because, found.missing, tuple(_proofs(found)), name)


def words_behind(found: Found) -> Iterable[tuple[str, Reg]]:
    """The words that a finding rests on, by their undotted facts: those of a concern's yes where it looks at any."""
    if found.concern is None:
        return
    for fact in found.facts:
        word = found.concern.evidence.get(fact)
        if isinstance(word, Reg) and (found.rule.kind != "any" or positive(fact, word.value)):
            yield fact, word
    back = found.concern.evidence.get(BACK)
    if isinstance(back, Reg) and found.rule.facts == ("any.taken_back",):
        yield BACK, back


def _proofs(found: Found) -> Iterable[Proof]:
    for fact, word in words_behind(found):
        dotted = f"{found.concern.kind}.{fact}" if found.concern else fact
        places: Iterable[tuple[int | None, int | None]] = zip(word.places[::2], word.places[1::2], strict=True)
        for start, end in places if word.places else ((None, None),):
            yield word.source, start, end, dotted, word.by
