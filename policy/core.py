"""The pure middle of the pipeline: `(state, record, moment) -> (state, outputs)`. The worker, `assess`, `replay` and the tests call this.

A person's state is a mapping from part names to immutable parts. A step reads parts through a view and returns those that change.
"""

from collections.abc import Iterable
from datetime import datetime

from policy.edge import Moment, Output, Step, View
from policy.rules import NullReader, RespondWithin, Rules
from policy.state.codec import decode_part, encode_part
from policy.state.parts import EventPart, Part
from policy.steps import asides, assessments, erasing, events, lapsing, profiles, responses
from policy.steps.work import Work
from schemas.events import Assessment, Message, Post, Response
from schemas.profile import Profile
from schemas.wire import Erasure, Read, Refusal

__all__ = [
    "LEFT",
    "Moment",
    "NullReader",
    "Output",
    "Part",
    "RespondWithin",
    "Rules",
    "Step",
    "View",
    "decode_part",
    "encode_part",
    "lapse",
    "set_aside",
    "step",
]
LEFT = "anew"
"""The part in which a step leaves what it could not do in bounded time: due at once, for `lapse` to go on with."""
_NOTHING = Step({})
_DUPLICATE = Refusal("duplicate_id", "event_id")


def step(view: View, record: Read, digest: bytes, moment: Moment, rules: Rules) -> Step | Refusal:
    """Judge one record of one person. A `Refusal` (`duplicate_id`) means: nothing was done; write a dead letter and `set_aside`.

    A record that was judged before, with the same content, changes nothing: its outputs were acknowledged before its effect was kept.
    """
    if isinstance(record, Profile | Erasure):
        work = Work(view, record.person_id, moment, rules)
        if isinstance(record, Profile):
            profiles.take_in(work, record)
        else:
            erasing.erase(work)
        return work.done()
    seen = view.get(f"id/{record.event_id}")
    if isinstance(seen, EventPart):
        return _NOTHING if seen.digest == digest else _DUPLICATE
    work = Work(view, record.person_id, moment, rules)
    _judge(work, record, digest)
    return work.done()


def _judge(work: Work, record: Post | Message | Assessment | Response, digest: bytes) -> None:
    if isinstance(record, Message):
        events.judge_message(work, record, digest)
    elif isinstance(record, Post):
        events.judge_post(work, record, digest)
    elif isinstance(record, Assessment):
        assessments.judge(work, record, digest)
    else:
        responses.take_in(work, record, digest)


def set_aside(view: View, key: str, refusal: Refusal, moment: Moment, rules: Rules, count: int | None = None) -> Step:
    """Tell a supervisor of a record that could not be judged (U2). `key`: the record's own, or the name of its topic where it has none.

    `count`: one review that stands for so many more records of the topic and reason (`moment.source` is then the first of their window, so
    that the id is that window's); it says so in its reasons and its `count`.
    """
    work = Work(view, key, moment, rules)
    asides.set_aside(work, refusal, moment.source, count)
    return work.done()


def lapse(view: View, person_id: str, names: Iterable[str], now: datetime, rules: Rules) -> Step:
    """Look again at parts whose time has come: what nobody answered is told again, what is old is forgotten."""
    work = Work(view, person_id, Moment(now, now), rules)
    for name in sorted(names):
        lapsing.lapse(work, name)
    return work.done()
