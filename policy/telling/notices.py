"""Notices: whoever is reported is told, as soon as there is a way, and only what was said to have been reported (T1, T2)."""

from msgspec.structs import replace

from policy.state.cases import Case, Cases, Line, Note
from policy.steps.work import Work
from policy.telling import casebook
from policy.telling.help import LIFE_IN_DANGER, OTHER_SUPPORT
from policy.telling.ids import new_id
from policy.telling.records import ALERTS, REFERRALS
from policy.times import moment
from schemas.notice import Notice

MOST_NOTES = 16
_STATUS = {"pending": "prepared", "reported": "due"}


def prepare(work: Work, topic: str, line: Line, about: str) -> Line:
    """A notice with an alert or a referral: prepared where there is a way to the person, else kept until there is one."""
    if topic not in (ALERTS, REFERRALS) or line.waiting is None:
        return line
    said = line.waiting.said
    note = _told(work, topic, Note(about, "pending", said.clauses, said.reasons, said.recipients))
    return _with(line, note)


def due(work: Work, topic: str, line: Line, about: str, what: tuple[str, ...], with_whom: tuple[str, ...]) -> Line:
    """A responder said what was reported, and with whom: the notice is due."""
    known = _note(line, about)
    note = Note(about, "reported", known.clauses if known else line.clauses, what, with_whom)
    if known is not None and known.state == "due" and (known.what, known.with_whom) == (what, with_whom):
        return line
    return _with(line, _told(work, topic, note))


def held(work: Work, topic: str, line: Line, about: str) -> Line:
    """A responder holds a notice: it says so, and nothing is sent."""
    known = _note(line, about) or Note(about, "held", line.clauses)
    note = replace(known, state="held")
    if known.state != "held" or _note(line, about) is None:
        _write(work, topic, note, "held")
    return _with(line, note)


def reach(work: Work) -> None:
    """There is a way to the person now: write all notices that waited for one."""
    for name in (work.draft.get("cases", Cases) or Cases()).notes:
        case = work.draft.get(name, Case)
        if case is not None:
            lines = {topic: _reached(work, topic, line) for topic, line in case.lines.items()}
            casebook.keep(work, name, replace(case, lines=lines))


def _reached(work: Work, topic: str, line: Line) -> Line:
    return replace(line, notes=tuple(_told(work, topic, note) for note in line.notes))


def _told(work: Work, topic: str, note: Note) -> Note:
    profile = work.draft.head.profile
    if note.state not in _STATUS or profile is None or not profile.reachable:
        return note
    status = _STATUS[note.state]
    _write(work, topic, note, status)
    return replace(note, state=status)


def _write(work: Work, topic: str, note: Note, status: str) -> None:
    work.emit(
        "notices",
        Notice(
            notice_id=new_id("notice", work.person_id, note.about, status, note.what, note.with_whom),
            person_id=work.person_id,
            about=note.about,
            status=status,
            sent_at=moment(work.now),
            what=note.what,
            why=note.clauses,
            with_whom=note.with_whom,
            involve=topic == REFERRALS,
            support=LIFE_IN_DANGER if topic == ALERTS else OTHER_SUPPORT,
        ),
    )


def _note(line: Line, about: str) -> Note | None:
    return next((note for note in line.notes if note.about == about), None)


def _with(line: Line, note: Note) -> Line:
    return replace(line, notes=(*(one for one in line.notes if one.about != note.about), note)[-MOST_NOTES:])
