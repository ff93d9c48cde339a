"""Posts, messages and assessments: seen, read, added to the picture, judged and told."""

from msgspec.structs import replace

from policy.history import log
from policy.history.log import key_of
from policy.picture.adding import EMPTY, add, tells
from policy.state.parts import EventPart, Picture, Place, Seen
from policy.state.traces import Awaited, PostPart, Version
from policy.steps import reading_turns
from policy.steps.compiling import in_order, mentions_of, read_mentions, retracted, with_source
from policy.steps.deciding import decide, judged
from policy.steps.replaying import Changed, divide, replay, settle
from policy.steps.versions_of_posts import beside
from policy.steps.work import Work
from policy.telling.verdict import NOTHING
from policy.times import DAY, micros
from schemas.events import Message, Post

MOST_VERSIONS = 64


def judge_message(work: Work, record: Message, digest: bytes) -> None:
    """A turn of a conversation. Only a texter discloses; the others' turns are read for what they ask."""
    at = micros(record.occurred_at)
    place = Place("text_line", record.conversation_id)
    reading = reading_turns.read(work, record)
    if record.sender != "texter":
        part = EventPart(digest=digest, at=at, arrival=work.arrival, role="turn", place=place, due=work.due)
        return take_in(work, record.event_id, part)
    part = EventPart(
        digest=digest,
        at=at,
        arrival=work.arrival,
        role=role_of(work, at),
        place=place,
        due=work.due,
        publisher=mentions_of(record),
        text=read_mentions(reading, record.text, None),
        retracts=retracted(reading),
    )
    return take_in(work, record.event_id, part)


def judge_post(work: Work, record: Post, digest: bytes) -> None:
    """A post as it was created, edited or removed. It counts for what it adds to the version before it (S3)."""
    at = micros(record.occurred_at)
    reading = reading_turns.read_post(work, record)
    made = None if record.first_posted_at is None else micros(record.first_posted_at)
    part = EventPart(
        digest=digest,
        at=at,
        arrival=work.arrival,
        role=role_of(work, at),
        due=work.due,
        edit=record.kind != "created",
        first_posted=made,
        place=Place("community", None, record.post_id, record.thread_id),
        publisher=mentions_of(record),
        text=read_mentions(reading, record.text or "", work.rules.hash_key),
        retracts=retracted(reading),
    )
    _take_in_version(work, record, part)


def take_in(work: Work, event: str, part: EventPart, also: tuple[Changed, ...] = ()) -> None:
    """Put an event into the history and decide on it; `also`: earlier events whose telling it changes."""
    part, found_before = _with_findings(work, event, part)
    also = (*also, *found_before)
    seen = Seen(part.at, event, part.role == "author" and tells(part))
    settle(work, key_of(seen))
    newest = log.newest(work.draft)
    if not also and (newest is None or key_of(seen) > newest):
        return _append(work, event, part, seen)
    for one in also:
        log.mark(work.draft, one.seen)
    work.draft.put(f"id/{event}", part)
    log.insert(work.draft, seen, work.due)
    divide(work, key_of(seen))
    return replay(work, (Changed(seen, None, part), *also))


def _with_findings(work: Work, event: str, part: EventPart) -> tuple[EventPart, tuple[Changed, ...]]:
    """The event with what trained people found about it before it came, which until now counted at the findings' own time."""
    name = f"awaited/{event}"
    awaited = work.draft.get(name, Awaited) if work.draft.head.awaits and part.role in ("author", "early") else None
    if awaited is None:
        return part, ()
    work.draft.put(name, None)
    moved = []
    for assessment in awaited.assessments:
        before = _part_of(work, assessment)
        if before is not None and before.role == "author" and before.person:
            found = tuple(with_source(mention, assessment, before.at) for mention in before.person)
            part = replace(part, person=in_order((*part.person, *found)))
            moved.append(Changed(Seen(before.at, assessment, telling=False), before, replace(before, person=())))
    return part, tuple(moved)


def _append(work: Work, event: str, part: EventPart, seen: Seen) -> None:
    """The everyday case: nothing later is there to be judged again."""
    picture = work.draft.get("picture", Picture) or EMPTY
    if seen.telling:
        window = work.version(part.at).thresholds.window_days * DAY
        picture = replace(add(picture, event, part, window), due=work.due)
        work.draft.put("picture", picture)
    log.append(work.draft, seen, work.due)
    found = judged(work, part, picture, work.draft.head) if part.role == "author" else NOTHING
    work.draft.put(f"id/{event}", decide(work, event, part, picture, found))


def _take_in_version(work: Work, record: Post, part: EventPart) -> None:
    name = f"post/{record.post_id}"
    post = work.draft.get(name, PostPart) or PostPart()
    key = (part.at, record.event_id)
    before = [version for version in post.versions if (version.at, version.event) < key]
    after = [version for version in post.versions if (version.at, version.event) > key]
    earlier = _part_of(work, before[-1].event) if before else None
    part = beside(part, earlier, work.merger)
    speaks = record.kind != "removed" or part.publisher
    if speaks:
        versions = (*before, Version(*key), *after)[-MOST_VERSIONS:]
        work.draft.put(name, PostPart(versions=versions, due=max(work.due, post.due or 0)))
    take_in(work, record.event_id, part, _beside_anew(work, after, part) if speaks and after else ())


def _beside_anew(work: Work, after: list[Version], part: EventPart) -> tuple[Changed, ...]:
    """The next version of the post, which now has this one before it."""
    later = after[0]
    known = _part_of(work, later.event)
    if known is None:
        return ()
    anew = beside(known, part, work.merger)
    if anew == known:
        return ()
    return (Changed(Seen(later.at, later.event, tells(anew)), known, anew),)


def _part_of(work: Work, event: str) -> EventPart | None:
    return work.draft.get(f"id/{event}", EventPart)


def role_of(work: Work, at: int) -> str:
    """What an event is by its time: early (S1), or its author's word."""
    return "early" if work.early(at) else "author"
