"""One person's records: a story told turn by turn, or everyday life, as the services would publish them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from streams.sample import words
from streams.sample.cast import Person
from streams.sample.dice import Dice
from streams.sample.line import Line, stamp

_FACTS = ("concerns", "assurance", "support_needs", "stated_age")
REPLY = "?"  # a post that answers somebody: to whom is settled once all posts are known


@dataclass(frozen=True)
class Span:
    """The time that a sample covers, and the merger before it. All moments are aware."""

    start: datetime
    length: timedelta
    merger_at: datetime

    def at(self, part: float) -> datetime:
        """The moment after this part of the span."""
        return self.start + self.length * part


class Tale:
    """Writes down one person's records in order, giving out ids as it goes."""

    def __init__(self, person: Person, span: Span, seed: int) -> None:
        self.person, self.span = person, span
        self.lines: list[Line] = []
        self._dice = Dice(seed, "tale", person.person_id)
        self._tag = person.person_id.removeprefix("u-")
        self._events: list[str] = []
        self._post: tuple[str, str] | None = None  # id and moment of the latest post
        self._now = span.start

    def profile(self, changes: Mapping[str, Any], *, known_since: timedelta = timedelta()) -> None:
        """The profile as the services know it, with these changes."""
        if self.person.profile is not None:
            value = {**self.person.profile, **changes, "updated_at": stamp(self._now - known_since)}
            self.lines.append(Line(self._now, "profiles", self.person.person_id, value))

    def everyday(self) -> None:
        """Posts spread over the span, or one conversation on the text line."""
        if self.person.where == "text_line":
            self._begin(0.02, 0.8)
            for sender, text in words.chat(self._dice, self.person.voice):
                self._tick()
                self._message(sender, text, {})
        else:
            self._posts(self._dice.whole(4, 18), 0.02, 0.98)

    def story(self, turns: Sequence[Mapping[str, Any]]) -> None:
        """The person's story, after some everyday posts where they are of the community."""
        if self.person.where == "community":
            self._posts(self._dice.whole(0, 4), 0.02, 0.1)
        self._begin(0.12, 0.8)
        for turn in turns:
            self._tick()
            self._turn(turn)

    def _begin(self, low: float, high: float) -> None:
        self._now = self.span.at(self._dice.between(low, high))

    def _tick(self) -> None:
        self._now += min(timedelta(seconds=self._dice.between(15, 200)), self.span.length * self._dice.between(0.01, 0.02))

    def _posts(self, count: int, low: float, high: float) -> None:
        for part in sorted(self._dice.between(low, high) for _ in range(count)):
            self._now = self.span.at(part)
            answers = self._dice.chance(0.3)
            text = (words.reply if answers else words.post)(self._dice, self.person.voice)
            self._write_post("created", {"text": text, "in_reply_to": REPLY if answers else None}, {})

    def _turn(self, turn: Mapping[str, Any]) -> None:
        kind, told = next(iter(turn.items()))
        if kind in ("texter", "volunteer", "system"):
            self._message(kind, self._said(told, kind), turn)
        elif kind in ("post", "edit"):
            self._write_post("created" if kind == "post" else "edited", {"text": self._said(told, kind)}, turn)
        elif kind == "remove":
            self._write_post("removed", {}, turn)
        elif kind == "assessment":
            self._assessment(told)
        elif kind == "profile":
            self.profile(told)
        else:
            self.lines.append(Line(self._now, "profiles", self.person.person_id, None))  # erase: a tombstone

    def _said(self, choices: Sequence[str], kind: str) -> str:
        voice = "plain" if kind == "volunteer" or self.person.voice == "bright" else self.person.voice  # no smiley belongs here
        return words.voiced(words.filled(self._dice.pick(choices), self._dice), voice, self._dice)

    def _written(self, turn: Mapping[str, Any]) -> datetime:
        """When the words were written: now, so many hours ago (`-9h`), or before the merger."""
        shift = turn.get("written", "-0h")
        if shift == "before_merger":
            return self._before_merger()
        return self._now + timedelta(hours=int(shift.removesuffix("h")))

    def _before_merger(self) -> datetime:
        return self.span.merger_at - timedelta(days=9, minutes=self._dice.whole(1, 900))

    def _event(self, schema: str, topic: str, turn: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        event_id = f"e-{self._tag}-{len(self._events) + 1}"
        self._events.append(event_id)
        known = {"schema": schema, "event_id": event_id, "person_id": self.person.person_id, "occurred_at": stamp(self._written(turn))}
        facts = {name: turn[name] for name in _FACTS if name in turn}
        self.lines.append(Line(self._now, topic, self.person.person_id, {**known, **fields, **facts}))

    def _message(self, sender: str, text: str, turn: Mapping[str, Any]) -> None:
        self._event("message/1", "messages", turn, {"conversation_id": f"c-{self._tag}", "sender": sender, "text": text})

    def _write_post(self, kind: str, fields: Mapping[str, Any], turn: Mapping[str, Any]) -> None:
        if kind == "created" or self._post is None or turn.get("of") == "unknown":
            self._post = (f"p-{self._tag}-{len(self._events) + 1}", stamp(self._written(turn)))
        post_id, first = self._post
        if turn.get("first_posted") == "before_merger":
            first = stamp(self._before_merger())
        about = {"kind": kind, "post_id": post_id, "thread_id": f"t-{post_id[2:]}", "first_posted_at": first if kind == "edited" else None}
        self._event("post/1", "posts", turn, {**about, **fields})

    def _assessment(self, told: Mapping[str, Any]) -> None:
        about = self._events[told["about"]]
        facts = {name: fact for name, fact in told.items() if name != "about"}
        self._event("assessment/1", "assessments", {}, {"about_event_id": about, "assessor_id": f"s-{self._dice.whole(1, 9)}", **facts})


def tell(person: Person, span: Span, seed: int) -> list[Line]:
    """All records of one person, in the order in which they are published."""
    tale = Tale(person, span, seed)
    if not person.late:
        tale.profile({}, known_since=timedelta(days=30))
    if person.story is None:
        tale.everyday()
    else:
        tale.story(person.story.turns)
    return tale.lines
