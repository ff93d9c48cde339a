"""What is material and new beside what a case has told: a clause, a criterion, a criterion that turned to no (O4)."""

from collections.abc import Iterable, Mapping

import msgspec

from policy.judging import Found
from policy.rulebook.questions import positive
from policy.state.cases import Line
from policy.state.parts import Reg
from policy.telling.verdict import About, words_behind
from policy.times import DAY, HOUR
from policy.versions.version import Thresholds

CRITERIA = ("thoughts", "plan", "means", "timeframe")


class News(msgspec.Struct, frozen=True):
    """What one topic of a case has to tell now: all findings that stand there, whether something in them is new, and what turned to no."""

    found: tuple[Found, ...] = ()
    fresh: bool = False
    turned: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is to be told."""
        return self.fresh or bool(self.turned)


def news_of(line: Line, found: tuple[Found, ...], about: About, at: int, since: int | None, thresholds: Thresholds) -> News:
    """What of these findings (of one topic, as of `at`) is new beside what the line has told; `since`: the last closing by a response."""
    new = [one for one in found if not _is_settled(one, at, since) and _is_new(line, one, since, thresholds)]
    standing = [one for one in found if one in new or one.clause in line.clauses]
    fresh = bool(new)
    on_it = line.sequence > 0 and (line.settled is None or line.waiting is not None)
    return News(tuple(standing), fresh, tuple(_turned(line, about)) if on_it else ())


def told(line: Line, news: News, about: About, at: int) -> Line:
    """The line with what the findings say, whether it was new or repeated."""
    clauses = tuple(dict.fromkeys((*line.clauses, *(one.clause for one in news.found))))
    facts = dict(line.facts)
    for one in news.found:
        facts.update({key: (word.value, word.at) for key, word in marks(one)})
    answers = _answers(about)
    facts.update({key: (answers[key], at) for key in news.turned})
    return msgspec.structs.replace(line, clauses=clauses, facts=facts)


def marks(found: Found) -> Iterable[tuple[str, Reg]]:
    """The criteria behind a finding, by concern and fact; behind one about suicide all four that are yes."""
    if found.concern is None:
        return
    words = dict(words_behind(found))
    if found.concern.kind == "suicide":
        words.update({fact: word for fact in CRITERIA if isinstance(word := found.concern.evidence.get(fact), Reg)})
    for fact, word in words.items():
        if positive(fact, word.value) or fact == "taken_back":
            yield f"{found.concern.gid}.{fact}", word


def _is_settled(found: Found, at: int, since: int | None) -> bool:
    """Whether all that a finding rests on was told before a closing that the event came after: only a fact told since counts (O4)."""
    words = [word for _, word in marks(found)]
    return since is not None and at > since and bool(words) and all(word.at <= since for word in words)


def _is_new(line: Line, found: Found, since: int | None, thresholds: Thresholds) -> bool:
    if found.clause not in line.clauses and found.clause not in line.known:
        return True
    settled = max((moment for moment in (since, line.settled) if moment is not None), default=None)
    return any(_is_new_word(line.facts.get(key), word, settled, thresholds) for key, word in marks(found))


def _is_new_word(before: tuple[str, int] | None, word: Reg, settled: int | None, thresholds: Thresholds) -> bool:
    if before is None or before[0] != word.value:
        return True
    lasts = thresholds.immediate_hours * HOUR if word.value == "immediate" else thresholds.window_days * DAY
    return abs(word.at - before[1]) > lasts or (settled is not None and before[1] <= settled < word.at)


def _turned(line: Line, about: About) -> Iterable[str]:
    answers = _answers(about)
    for key, (value, _) in line.facts.items():
        fact = key.rpartition(".")[2]
        now = answers.get(key)
        if now is not None and positive(fact, value) and not positive(fact, now):
            yield key


def _answers(about: About) -> Mapping[str, str]:
    return {f"{concern.gid}.{fact}": value for concern in about.situation.concerns for fact, value in concern.facts.items()}
