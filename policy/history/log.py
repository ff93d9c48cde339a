"""The history: which event lies where in time. The newest few stand in the head, the rest in pages of bounded size."""

from bisect import bisect_right, insort
from collections.abc import Iterator

from msgspec.structs import replace

from policy.picture.adding import EMPTY
from policy.state.draft import Draft
from policy.state.parts import Index, Page, Picture, Ref, Seen

MOST_RECENT = 16
PAGE = 128
START = Ref(-(2**62), "", 0)
_NO_INDEX = Index(refs=(START,), next=1)
_NO_PAGE = Page()
Key = tuple[int, str]


def key_of(seen: Seen | Ref) -> Key:
    """A place in time: events at one instant go by their ids, so that the order of arrival doesn't matter."""
    return seen.at, seen.event


def newest(draft: Draft) -> Key | None:
    """The place of the newest event in time."""
    recent = draft.head.recent
    if recent:
        return key_of(recent[-1])
    index = draft.get("index", Index)
    return _before_recent(draft) if index is not None else None


def append(draft: Draft, seen: Seen, due: int) -> None:
    """Put the newest event at the end. The picture must hold it already: a page that becomes full hands it to the next one."""
    head = draft.head
    recent = (*head.recent, seen)
    if len(recent) > MOST_RECENT:
        _flush(draft, recent, due)
        recent = ()
    draft.put("head", replace(head, recent=recent, due=max(due, head.due or 0)))


def insert(draft: Draft, seen: Seen, due: int) -> None:
    """Put a late event at its place."""
    head, key = draft.head, key_of(seen)
    if head.recent and key > _before_recent(draft):
        recent = list(head.recent)
        insort(recent, seen, key=key_of)
        if len(recent) > MOST_RECENT:
            _flush(draft, tuple(recent), due)
            recent = []
        draft.put("head", replace(head, recent=tuple(recent), due=max(due, head.due or 0)))
        return
    index = draft.get("index", Index) or _NO_INDEX
    name = f"page/{index.refs[page_of(index, key)].number}"
    page = draft.get(name, Page) or _NO_PAGE
    seens = list(page.seen)
    insort(seens, seen, key=key_of)
    draft.put(name, replace(page, seen=tuple(seens), due=max(due, page.due or 0)))
    draft.put("index", index)
    draft.put("head", replace(head, due=max(due, head.due or 0)))


def mark(draft: Draft, seen: Seen) -> None:
    """Note anew whether an event that lies in the history tells facts: a finding about it came, or left it."""
    head, key = draft.head, key_of(seen)
    if any(key_of(one) == key for one in head.recent):
        draft.put("head", replace(head, recent=_marked(head.recent, seen)))
        return
    index = draft.get("index", Index) or _NO_INDEX
    name = f"page/{index.refs[page_of(index, key)].number}"
    page = draft.get(name, Page)
    if page is not None:
        draft.put(name, replace(page, seen=_marked(page.seen, seen)))


def _marked(seen: tuple[Seen, ...], anew: Seen) -> tuple[Seen, ...]:
    return tuple(anew if key_of(one) == key_of(anew) else one for one in seen)


def page_of(index: Index, key: Key) -> int:
    """Which of the index's pages covers a place in time."""
    return max(bisect_right(index.refs, key, key=key_of) - 1, 0)


def pages_from(draft: Draft, key: Key | None) -> Iterator[tuple[str, Page, tuple[Seen, ...]]]:
    """From the page that covers a place (None: from the first): its name, itself, and its events, the newest ones included in the last."""
    index = draft.get("index", Index) or _NO_INDEX
    first = 0 if key is None else page_of(index, key)
    for number, ref in enumerate(index.refs[first:], first):
        name = f"page/{ref.number}"
        page = draft.get(name, Page) or _NO_PAGE
        yield name, page, (*page.seen, *(draft.head.recent if number == len(index.refs) - 1 else ()))


def split(draft: Draft, name: str, seen: tuple[Seen, ...], middle: int, before: Picture) -> None:
    """Cut a page that late events have filled: from `middle` on it is a page of its own, with the picture before it."""
    index = draft.get("index", Index) or _NO_INDEX
    page = draft.get(name, Page) or _NO_PAGE
    ref = Ref(*key_of(seen[middle]), index.next)
    place = bisect_right(index.refs, key_of(ref), key=key_of)
    draft.put(name, replace(page, seen=page.seen[:middle]))
    draft.put(f"page/{ref.number}", replace(page, seen=page.seen[middle:], before=before))
    draft.put("index", replace(index, refs=(*index.refs[:place], ref, *index.refs[place:]), next=index.next + 1))


def _flush(draft: Draft, recent: tuple[Seen, ...], due: int) -> None:
    index = draft.get("index", Index) or _NO_INDEX
    name = f"page/{index.refs[-1].number}"
    page = draft.get(name, Page) or _NO_PAGE
    page = replace(page, seen=(*page.seen, *recent), due=max(due, page.due or 0))
    draft.put(name, page)
    if len(page.seen) >= PAGE:
        last = recent[-1]
        ref = Ref(last.at, last.event + "\0", index.next)
        draft.put(f"page/{ref.number}", Page(before=draft.get("picture", Picture) or EMPTY, due=due))
        index = replace(index, refs=(*index.refs, ref), next=index.next + 1)
    draft.put("index", index)


def _before_recent(draft: Draft) -> Key:
    index = draft.get("index", Index)
    if index is None:
        return key_of(START)
    page = draft.get(f"page/{index.refs[-1].number}", Page)
    return key_of(page.seen[-1]) if page and page.seen else key_of(index.refs[-1])
