"""Deciding on one event: its decision, what it leads to, and a prompt for support."""

from msgspec.structs import replace

from policy.people import Author, author_at
from policy.state.parts import EventPart, Head, Picture, Place
from policy.steps.work import Work
from policy.telling import help as helping
from policy.telling.decisions import decision, digest_of
from policy.telling.ids import new_id
from policy.telling.telling import tell
from policy.telling.verdict import NOTHING, Verdict, verdict
from policy.times import SECOND
from policy.versions.version import Version
from schemas.support import Support

MOST_DECIDED = 32
MINUTE = 60 * SECOND
_SHORT = 4


def judged(work: Work, part: EventPart, picture: Picture, head: Head) -> Verdict:
    """What is found as of an event, by what is known of the author in `head`; nothing of a turn that discloses nothing."""
    if part.role != "author":
        return NOTHING
    version = work.version(part.at)
    return verdict(picture, part.at, author_at(head, part.at), version, ahead=is_ahead(part, version))


def is_ahead(part: EventPart, version: Version) -> bool:
    """Whether an event lies further ahead of its arrival than clocks may differ (S4)."""
    return part.at - part.arrival > version.thresholds.skew_minutes * MINUTE


def decide(work: Work, event: str, part: EventPart, picture: Picture, found: Verdict) -> EventPart:
    """Write the first decision on an event and all that follows from it."""
    author = author_at(work.draft.head, part.at)
    _decision(work, event, part, picture, found, author, salt=0)
    if found.about:
        part = replace(part, decided=(digest_of(found, author)[:_SHORT],))
        tell(work, event, part, found, work.version(part.at))
        _support(work, event, part, found)
    return part


def decide_again(work: Work, event: str, part: EventPart, picture: Picture, found: Verdict) -> EventPart:
    """Write a further decision on an event whose picture has changed (O5, S4). The last one counts, so its id is a new one."""
    author = author_at(work.draft.head, part.at)
    digest = digest_of(found, author)[:_SHORT]
    before = part.decided or (digest_of(NOTHING, author)[:_SHORT],)  # the first decision, where it is not kept, was on no picture
    _decision(work, event, part, picture, found, author, salt=before.count(digest))
    tell(work, event, part, found, work.version(part.at))
    _support(work, event, part, found)
    return replace(part, decided=(*before, digest)[-MOST_DECIDED:])


def _decision(work: Work, event: str, part: EventPart, picture: Picture, found: Verdict, author: Author, *, salt: int) -> None:
    version = work.version(part.at)
    made = decision(work.person_id, event, part, picture, found, author, version, work.rules, now=work.now, salt=salt)
    work.emit("decisions", made)


def _support(work: Work, event: str, part: EventPart, found: Verdict) -> None:
    """One prompt where something new is a sign of distress and nothing is reported (T4)."""
    show = helping.shown(found)
    if not show or not _is_new(event, found):
        return
    place, ask = part.place or Place(), helping.asked(found)
    work.emit(
        "support",
        Support(
            support_id=new_id("support", work.person_id, event, show, ask),
            person_id=work.person_id,
            event_id=event,
            conversation_id=place.conversation_id,
            post_id=place.post_id,
            thread_id=place.thread_id,
            show=show,
            ask=ask,
        ),
    )


def _is_new(event: str, found: Verdict) -> bool:
    concerns = (concern for about in found.about for concern in about.situation.concerns if helping.in_distress(concern))
    return any(getattr(word, "event", None) == event for concern in concerns for word in concern.evidence.values())
