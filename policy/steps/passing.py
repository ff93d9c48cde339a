"""One page of the history judged again: two pictures on the way through it, as it was told and as it is now (S4, O5)."""

from collections.abc import Mapping

import msgspec

from policy.history.log import Key, key_of
from policy.people import author_at
from policy.picture.adding import EMPTY, add
from policy.state.parts import EventPart, Head, Page, Picture, Seen
from policy.steps.deciding import decide, decide_again, judged
from policy.steps.work import Work
from policy.times import DAY


class Changed(msgspec.Struct, frozen=True):
    """One event whose telling changed: what it was (None: not there), and what it is."""

    seen: Seen
    before: EventPart | None
    after: EventPart


class Pass:
    """Where the pictures meet again, and the author is known as before, nothing later differs."""

    def __init__(self, work: Work, page: Page, changes: Mapping[Key, Changed], known: Head) -> None:
        """`known`: what was known of the author when the page's events were last judged."""
        self.work = work
        self.waiting = dict(changes)
        self.new = page.before or EMPTY
        self.old = self.new if page.judged is None else page.judged
        self.was, self.now = known, work.draft.head
        self.passed = 0

    def run(self, seen: tuple[Seen, ...]) -> bool:
        """Judge again what differs. Gives whether the pictures met on the way, so that no later page is touched."""
        other_author = self._author_differs(seen)
        for one in seen:
            if not self.waiting and not other_author and self._same_picture():
                return True
            self.passed += 1
            change = self.waiting.pop(key_of(one), None)
            if change is not None:
                self._change(one, change)
            else:
                self._pass(one)
        return not self.waiting and self._same_picture()

    def _author_differs(self, seen: tuple[Seen, ...]) -> bool:
        """Whether the author may be another at any event. Of ages that are the same at both ends, all between are."""
        if not seen or (self.was.profile, self.was.assessed) == (self.now.profile, self.now.assessed):
            return False
        return len({author_at(head, one.at) for head in (self.was, self.now) for one in (seen[0], seen[-1])}) > 1

    def _same_picture(self) -> bool:
        if self.old is not self.new and self.old == self.new:
            self.old = self.new
        return self.old is self.new

    def _pass(self, one: Seen) -> None:
        same = self.old is self.new
        if not one.telling and not self.new.persons and not self.old.persons:
            return
        part = self.work.draft.get(f"id/{one.event}", EventPart)
        if part is None:
            return
        if one.telling:
            self.old = _added_to(self.work, self.old, one, part)
            self.new = self.old if same else _added_to(self.work, self.new, one, part)
        if part.role == "author" and (not self._same_picture() or author_at(self.was, one.at) != author_at(self.now, one.at)):
            self._decide_again(one, part, part)

    def _change(self, one: Seen, change: Changed) -> None:
        if change.before is not None:
            self.old = _added_to(self.work, self.old, one, change.before)
        self.new = _added_to(self.work, self.new, one, change.after)
        if change.before is not None:
            self._decide_again(one, change.before, change.after)
            return
        found = judged(self.work, change.after, self.new, self.now)
        self.work.draft.put(f"id/{one.event}", decide(self.work, one.event, change.after, self.new, found))

    def _decide_again(self, one: Seen, before: EventPart, after: EventPart) -> None:
        """Decide again where outcome or findings differ between what was and what is."""
        was, now = judged(self.work, before, self.old, self.was), judged(self.work, after, self.new, self.now)
        if (was.outcome, was.shown) != (now.outcome, now.shown):
            after = decide_again(self.work, one.event, after, self.new, now)
        if after is not before:
            self.work.draft.put(f"id/{one.event}", after)


def added(work: Work, picture: Picture, event: str, part: EventPart) -> Picture:
    """The picture with what an event told, as far as its author's words count."""
    return add(picture, event, part, work.version(part.at).thresholds.window_days * DAY) if part.role == "author" else picture


def _added_to(work: Work, picture: Picture, one: Seen, part: EventPart) -> Picture:
    return added(work, picture, one.event, part)
