"""Telling: from what was found about an event to alerts, referrals and reviews, one case a person at risk (O1, O2, O4)."""

from msgspec.structs import replace

from policy.judging import Found
from policy.rulebook import then
from policy.state.cases import Answered, Case, Line, Shared
from policy.state.parts import EventPart, Place
from policy.steps.work import Work
from policy.telling import casebook, english, notices
from policy.telling.answering import answered
from policy.telling.news import News, marks, news_of, told
from policy.telling.raising import Raising, answer_before, raise_output
from policy.telling.records import ALERTS, REFERRALS, REVIEWS, TOPICS
from policy.telling.verdict import About, Verdict
from policy.times import SECOND
from policy.versions.version import Version


def tell(work: Work, event: str, part: EventPart, verdict: Verdict, version: Version) -> None:
    """Write what an event's findings call for, and remember what was told."""
    for about in verdict.about:
        _Telling(work, event, part, about, version).tell()


class _Telling:
    """One event and one person at risk."""

    def __init__(self, work: Work, event: str, part: EventPart, about: About, version: Version) -> None:
        self.work, self.event, self.part, self.about, self.version = work, event, part, about, version

    def tell(self) -> None:
        days = self.version.thresholds.case_closes_after_days
        where = casebook.locate(self.work, self.about.pid, self.part.at, days)
        news = self._news(where.case)
        if any(one.any for one in news.values()):
            self._write(where, news, days)
        elif where.case is not None and self._speaks():
            lines = {topic: told(line, news[topic], self.about, self.part.at) for topic, line in where.case.lines.items()}
            casebook.keep(self.work, where.name, self._lived(replace(where.case, lines=lines)))

    def _news(self, case: Case | None) -> dict[str, News]:
        lines = case.lines if case else {}
        since = case.closed if case and case.closed is not None else case.since if case else None
        return {
            topic: news_of(
                _as_closed(lines.get(topic, Line()), case), self._found(topic), self.about, self.part.at, since, self.version.thresholds
            )
            for topic in TOPICS
        }

    def _found(self, topic: str) -> tuple[Found, ...]:
        return tuple(one for one in self.about.found if then.TOPIC_OF[one.outcome] == topic)

    def _speaks(self) -> bool:
        """Whether the event itself tells something of this person: only that keeps a case alive."""
        words = (word for concern in self.about.situation.concerns for word in concern.evidence.values())
        return any(getattr(word, "event", None) == self.event for word in words)

    def _write(self, where: casebook.Located, news: dict[str, News], days: int) -> None:
        name, case = where.name, where.case
        if case is None or case.closed is not None:
            name, case = casebook.open_case(self.work, self.about.pid, self.part.at, days, where)
        before = case
        for topic in TOPICS:
            line = case.lines.get(topic, Line())
            if news[topic].any:
                line = self._raise(topic, line, news[topic], before)
            if line.sequence:
                line = told(line, news[topic], self.about, self.part.at)
                case = replace(case, lines={**case.lines, topic: line})
        casebook.keep(self.work, name, self._lived(case))
        self._answer_before(name)

    def _lived(self, case: Case) -> Case:
        """The case with this event in its span, where it tells something: a repeat of an old picture doesn't keep it alive."""
        expires = max(case.expires, self.work.due)
        if not self._speaks():
            return replace(case, expires=expires)
        return replace(case, first=min(case.first, self.part.at), last=max(case.last, self.part.at), expires=expires)

    def _raise(self, topic: str, line: Line, news: News, case: Case) -> Line:
        change = "updated" if line.sequence else "escalated" if topic == ALERTS and _is_on(case, REFERRALS) else "opened"
        raising = Raising(
            topic, self.about.pid, case.number, case.case_id, self._said(topic, line, news), change, self._marks(news), self.version.sha256
        )
        raised = raise_output(self.work, raising, line)
        more = any(one.clause not in line.clauses for one in news.found)
        return notices.prepare(self.work, topic, raised, raised.waiting.id) if more and raised.waiting else raised

    def _marks(self, news: News) -> tuple[tuple[str, str], ...]:
        yes = {(key, word.value) for one in news.found for key, word in marks(one)}
        return tuple(sorted(yes | {(key, "no") for key in news.turned}))

    def _said(self, topic: str, line: Line, news: News) -> Shared:
        found, about = news.found, self.about
        clauses = tuple(dict.fromkeys(one.clause for one in found)) or line.clauses
        reasons = tuple(english.reason(one, about.name) for one in found)
        turned = (english.no_longer(news.turned),) if news.turned else ()
        return Shared(
            event=self.event,
            occurred=self.part.at,
            late=(self.part.arrival - self.part.at) // SECOND,
            clauses=clauses,
            reasons=(*reasons, *turned),
            recipients=self._recipients(topic, line, found),
            place=self.part.place or Place(),
            evidence=tuple(dict.fromkeys(proof for shown in about.shown if shown.clause in clauses for proof in shown.evidence)),
            person_at_risk=about.name,
            age=about.situation.age,
            question=tuple(dict.fromkeys(fact for one in found for fact in one.missing)) if topic == REVIEWS else (),
            urgency=then.urgency(clauses) if topic == REVIEWS else None,
            trace=self.work.trace,
        )

    def _recipients(self, topic: str, line: Line, found: tuple[Found, ...]) -> tuple[str, ...]:
        if topic == REVIEWS:
            return then.SUPERVISOR
        if not found:
            return line.waiting.said.recipients if line.waiting else then.SUPERVISOR
        return then.routing(one.rule.recipients for one in found)

    def _answer_before(self, name: str) -> None:
        case = self.work.draft.get(name, Case)
        for topic, line in (case.lines if case else {}).items():
            answer = answer_before(self.work, line.waiting.id) if line.waiting else None
            if isinstance(answer, Answered) and line.waiting:
                answered(self.work, topic, self.about.pid, case.number if case else 0, line.waiting.id, answer)


def _is_on(case: Case, topic: str) -> bool:
    line = case.lines.get(topic)
    return line is not None and line.sequence > 0


def _as_closed(line: Line, case: Case | None) -> Line:
    """A line of a closed case, as the one after it will know it: told before, not told in this one."""
    if case is None or case.closed is None:
        return line
    return Line(known=tuple(dict.fromkeys((*line.known, *line.clauses))), facts=line.facts)
