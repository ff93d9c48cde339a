"""Judging again: what a late event, a finding about an earlier one or a learnt age changes in later pictures, and nothing else (S4, O5)."""

import msgspec
from msgspec.structs import replace

from policy.history import log
from policy.history.log import Key, key_of
from policy.people import author_at
from policy.picture.adding import EMPTY, add
from policy.state.parts import EventPart, Head, Page, Picture, Seen
from policy.steps.deciding import decide, decide_again, digest_before, judged
from policy.steps.work import Work
from policy.times import DAY


class Changed(msgspec.Struct, frozen=True):
    """One event whose telling changed: what it was (None: not there), and what it is."""

    seen: Seen
    before: EventPart | None
    after: EventPart


def replay(work: Work, changes: tuple[Changed, ...]) -> None:
    """Judge again, in order of time, all events from the first changed one on whose findings differ. The history must hold them already."""
    _Replay(work, changes).run()


class _Replay:
    """Two pictures on the way through the history: as it was told, and as it is now. Where they meet again, nothing later differs."""

    def __init__(self, work: Work, changes: tuple[Changed, ...]) -> None:
        self.work = work
        self.waiting = {key_of(one.seen): one for one in changes}
        self.start = min(self.waiting)
        self.old = self.new = EMPTY
        self.on_its_way = False

    def run(self) -> None:
        for name, page, seen in log.pages_from(self.work.draft, self.start):
            self._enter(name, page)
            for one in seen:
                if self._is_over(one):
                    return
                self._pass(one)
        self.work.draft.put("picture", replace(self.new, due=self.work.due))

    def _enter(self, name: str, page: Page) -> None:
        if not self.on_its_way:
            self.old = self.new = page.before or EMPTY
            self.on_its_way = True
        elif page.before != self.new:
            self.work.draft.put(name, replace(page, before=self.new))

    def _is_over(self, one: Seen) -> bool:
        return not self.waiting and key_of(one) > self.start and self.old == self.new

    def _pass(self, one: Seen) -> None:
        change = self.waiting.pop(key_of(one), None)
        if change is not None:
            self._change(one, change)
        elif one.telling:
            self._tell(one)
        if change is None and key_of(one) > self.start and self.old != self.new:
            self._compare(one)

    def _tell(self, one: Seen) -> None:
        part = self.work.draft.get(f"id/{one.event}", EventPart)
        if part is not None:
            same = self.old is self.new
            self.old = _added(self.work, self.old, one.event, part)
            self.new = self.old if same else _added(self.work, self.new, one.event, part)

    def _change(self, one: Seen, change: Changed) -> None:
        head = self.work.draft.head
        if change.before is not None:
            self.old = _added(self.work, self.old, one.event, change.before)
        self.new = _added(self.work, self.new, one.event, change.after)
        found = judged(self.work, change.after, self.new, head)
        if change.before is None:
            part = decide(self.work, one.event, change.after, self.new, found)
        else:
            part = _again(self.work, one.event, change.before, change.after, (self.old, self.new), (head, head))
        self.work.draft.put(f"id/{one.event}", part)

    def _compare(self, one: Seen) -> None:
        part = self.work.draft.get(f"id/{one.event}", EventPart)
        if part is not None and part.role == "author":
            head = self.work.draft.head
            self.work.draft.put(f"id/{one.event}", _again(self.work, one.event, part, part, (self.old, self.new), (head, head)))


def rejudge_all(work: Work, before: Head) -> None:
    """Judge all events again whose findings differ by what is known of the author now (O5). `before`: what was known until now."""
    if work.draft.get("picture", Picture) is None:
        return
    picture: Picture | None = None
    for _, page, seen in log.pages_from(work.draft, None):
        picture = page.before or EMPTY if picture is None else picture
        for one in seen:
            part = work.draft.get(f"id/{one.event}", EventPart) if one.telling or picture.persons else None
            if part is None or part.role != "author":
                continue
            picture = _added(work, picture, one.event, part)
            if author_at(before, one.at) != author_at(work.draft.head, one.at):
                again = _again(work, one.event, part, part, (picture, picture), (before, work.draft.head))
                work.draft.put(f"id/{one.event}", again)


def divide(work: Work, key: Key) -> None:
    """Cut the page around a place in two where late events have filled it, with the picture before its second half."""
    name, page, _ = next(iter(log.pages_from(work.draft, key)))
    if len(page.seen) <= 2 * log.PAGE:
        return
    picture = page.before or EMPTY
    for one in page.seen[: log.PAGE]:
        part = work.draft.get(f"id/{one.event}", EventPart) if one.telling else None
        if part is not None:
            picture = _added(work, picture, one.event, part)
    log.split(work.draft, name, page.seen, log.PAGE, picture)


def _added(work: Work, picture: Picture, event: str, part: EventPart) -> Picture:
    return add(picture, event, part, work.version(part.at).thresholds.window_days * DAY) if part.role == "author" else picture


def _again(
    work: Work, event: str, before: EventPart, after: EventPart, pictures: tuple[Picture, Picture], heads: tuple[Head, Head]
) -> EventPart:
    """Decide again where outcome or findings differ between what was and what is."""
    was, now = judged(work, before, pictures[0], heads[0]), judged(work, after, pictures[1], heads[1])
    if (was.outcome, was.shown) == (now.outcome, now.shown):
        return after
    return decide_again(work, event, after, pictures[1], now, digest_before(before, was, heads[0]))
