"""Having text read: with what the turn before left, and leaving what the next one needs, never words."""

from policy.reading.seam import NO_CARRY, Carry, Context, Other, Reading, Sender
from policy.state.traces import Turn
from policy.steps.work import Work
from policy.times import micros
from schemas.events import Message, Post

NOTHING = Reading()
_NO_TURN = Turn(at=0)


def read(work: Work, record: Message) -> Reading:
    """What a turn says, and, of whoever wrote it, what it asks for; kept for the next turn of its conversation."""
    name = f"turn/{record.conversation_id}"
    turn = work.draft.get(name, Turn) or _NO_TURN
    at = micros(record.occurred_at)
    kept = NO_CARRY if turn is _NO_TURN else _carry(turn)
    late = at < turn.at
    sender: Sender = record.sender
    reading = work.rules.reader.read(record.text, Context(record.occurred_at, sender, NO_CARRY if late else kept))
    if not late and reading.carry != kept:
        work.draft.put(name, _turn(at, reading.carry, work.due))
    return reading


def _carry(turn: Turn) -> Carry:
    return Carry(turn.asked, turn.age, turn.told, None if turn.about is None else Other(*turn.about))


def _turn(at: int, carry: Carry, due: int | None) -> Turn:
    other = carry.about
    about = None if other is None else (other.relation, other.minor, other.age, other.ref)
    return Turn(at=at, asked=carry.asked, age=carry.age, told=carry.told, about=about, due=due)


def read_post(work: Work, record: Post) -> Reading:
    """What a post says; a removed one says nothing any more."""
    if record.text is None or record.kind == "removed":
        return NOTHING
    return work.rules.reader.read(record.text, Context(record.occurred_at))
