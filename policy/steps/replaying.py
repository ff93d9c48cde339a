"""Judging again: what a late event, a finding about an earlier one or a learnt age changes in later pictures, and nothing else (S4, O5).

It goes page by page through the history. What one step can't do in bounded time is left to the next (`anew`), so that no person, however
much they wrote, holds up others; outcomes are the same as in one go, and each step leaves a state from which the next goes on.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from policy.history import log
from policy.history.log import Key, key_of
from policy.picture.adding import EMPTY
from policy.state.parts import EventPart, Head, Index, Page, Picture
from policy.state.traces import Anew
from policy.steps.passing import Changed, Pass, added
from policy.steps.work import Work
from policy.times import SECOND

__all__ = ["Changed", "divide", "go_on", "rejudge_all", "replay", "settle"]
MOST_EVENTS = 512
MOST_OUTPUTS = 128
"""Beyond so many, the rest is left to the next step: some 50 ms."""
_NOW = -1
_NOTHING = Anew()
_NO_INDEX = Index(refs=(log.START,))


def replay(work: Work, changes: tuple[Changed, ...]) -> None:
    """Judge again, in order of time, all events from the first changed one on whose findings differ. The history must hold them already."""
    index = work.draft.get("index", Index) or _NO_INDEX
    by_page: dict[int, dict[Key, Changed]] = {}
    for one in changes:
        key = key_of(one.seen)
        by_page.setdefault(index.refs[log.page_of(index, key)].number, {})[key] = one
    _Anew(work).go_on(by_page)


def rejudge_all(work: Work, before: Head) -> None:
    """Judge all events again whose findings differ by what is known of the author now (O5). `before`: what was known until now."""
    if work.draft.get("picture", Picture) is None and not work.draft.head.anew:
        return
    anew = _Anew(work)
    anew.mark_all(Head(profile=before.profile, assessed=before.assessed))
    anew.go_on({})


def settle(work: Work, key: Key) -> None:
    """Judge the page around a place again now, where that is still to be done: before an event is put into it."""
    if not work.draft.head.anew:
        return
    index = work.draft.get("index", Index) or _NO_INDEX
    number = index.refs[log.page_of(index, key)].number
    anew = _Anew(work)
    if number in anew.marks:
        anew.judge_page(number, {})
        anew.keep()


def go_on(work: Work) -> None:
    """Take up what an earlier step left."""
    anew = _Anew(work)
    work.trace = anew.trace
    anew.go_on({})


class _Anew:
    """Which pages are still to be judged again, and by what was known of the author when they last were."""

    def __init__(self, work: Work) -> None:
        self.work = work
        left = (work.draft.get("anew", Anew) if work.draft.head.anew else None) or _NOTHING
        self.heads = list(left.heads)
        self.marks = dict(left.pages)
        self.trace = left.trace if left.pages else work.trace
        self.passed = 0

    def mark_all(self, before: Head) -> None:
        """Every page was last judged by what was known until now, unless it was already waiting."""
        self.heads.append(before)
        last = len(self.heads) - 1
        for ref in self._refs():
            if self.marks.get(ref, _NOW) == _NOW:
                self.marks[ref] = last

    def go_on(self, changes: Mapping[int, Mapping[Key, Changed]]) -> None:
        """Pages in order of time, those with changes in any case, and as many others as one step can."""
        todo = dict(changes)
        for number in self._refs():  # a page passes what is left on to the next one, which is therefore looked at in turn
            if number in todo or (number in self.marks and self._can_go_on()):
                self.judge_page(number, todo.pop(number, {}))
        self.keep()

    def judge_page(self, number: int, changes: Mapping[Key, Changed]) -> None:
        """Judge one page again, and mark the next one where the picture before it is another now."""
        mark = self.marks.pop(number, _NOW)
        name = f"page/{number}"
        page = self.work.draft.get(name, Page) or Page()
        refs = self._refs()
        is_last = refs[-1] == number
        seen = (*page.seen, *(self.work.draft.head.recent if is_last else ()))
        passing = Pass(self.work, page, changes, self.work.draft.head if mark == _NOW else self.heads[mark])
        is_over = passing.run(seen)
        self.passed += passing.passed
        if page.judged is not None:
            self.work.draft.put(name, replace(page, judged=None))
        if is_over:
            return
        if is_last:
            self._keep_picture(passing.new)
        else:
            self._hand_on(refs[refs.index(number) + 1], passing.new)

    def keep(self) -> None:
        """Leave what is not done to the next step, which is due at once."""
        there = set(self._refs())
        left = {number: mark for number, mark in self.marks.items() if number in there}
        head = self.work.draft.head
        if head.anew != bool(left):
            self.work.draft.put("head", replace(head, anew=bool(left)))
        if left:
            used = {mark: place for place, mark in enumerate(sorted({mark for mark in left.values() if mark != _NOW}))}
            pages = {number: used.get(mark, _NOW) for number, mark in left.items()}
            heads = tuple(self.heads[mark] for mark in used)
            self.work.draft.put("anew", Anew(pages=pages, heads=heads, trace=self.trace, due=self.work.now // SECOND))
        elif head.anew:
            self.work.draft.put("anew", None)

    def _refs(self) -> list[int]:
        return [ref.number for ref in (self.work.draft.get("index", Index) or _NO_INDEX).refs]

    def _can_go_on(self) -> bool:
        return self.passed < MOST_EVENTS and len(self.work.outputs) < MOST_OUTPUTS

    def _keep_picture(self, picture: Picture) -> None:
        if picture != (self.work.draft.get("picture", Picture) or EMPTY):
            self.work.draft.put("picture", replace(picture, due=self.work.due))

    def _hand_on(self, number: int, picture: Picture) -> None:
        """What the next page's events were judged on stays known until they are judged again."""
        page = self.work.draft.get(f"page/{number}", Page)
        if page is None or (page.before or EMPTY) == picture:
            return
        judged = page.judged or page.before or EMPTY
        self.work.draft.put(f"page/{number}", replace(page, before=picture, judged=judged))
        self.marks.setdefault(number, _NOW)


def divide(work: Work, key: Key) -> None:
    """Cut the page around a place in two where late events have filled it, with the picture before its second half."""
    name, page, _ = next(iter(log.pages_from(work.draft, key)))
    if len(page.seen) <= 2 * log.PAGE:
        return
    picture = page.before or EMPTY
    for one in page.seen[: log.PAGE]:
        part = work.draft.get(f"id/{one.event}", EventPart) if one.telling else None
        if part is not None:
            picture = added(work, picture, one.event, part)
    log.split(work.draft, name, page.seen, log.PAGE, picture)
