"""What waits for a responder: a fold of alerts, referrals, reviews and the responses to them (O4). Pure; bounded by what is open.

A response answers all that its case had out on that topic by the response's `occurred_at`. Topics are read one beside the other, so an
answer may be met before what it answers: it is kept until then. `false_alarm` and `resolved` close a case; what comes twice counts once.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from schemas.alert import Alert, Referral
from schemas.events import Response
from schemas.review import Review

Key = TypeVar("Key")
Value = TypeVar("Value")
MODELS: Mapping[str, type[Alert] | type[Referral] | type[Review]] = {
    "emergency-alerts": Alert,
    "non-emergency-referrals": Referral,
    "reviews": Review,
}
"""What waits on which topic (without prefix)."""
TOPICS = tuple(MODELS)
REMEMBERED = 100_000
"""Ids and answers that are remembered beyond what is open, the newest: what comes twice, and answers met before their question."""
ENDINGS = frozenset({"resolved", "false_alarm"})
Told = Alert | Referral | Review
CaseKey = tuple[str, str]
"""Topic (without prefix) and case; where there is no case, where the record lies that could not be judged."""


def identity(told: Told) -> str:
    """The id that a response names."""
    match told:
        case Alert():
            return told.alert_id
        case Referral():
            return told.referral_id
        case Review():
            return told.review_id


def urgency(told: Told) -> str:
    """`emergency`, `now`, `today`, `referral` or `routine`: how soon somebody must look."""
    match told:
        case Alert():
            return "emergency"
        case Referral():
            return "referral"
        case Review():
            return told.urgency


def _case(told: Told) -> str:
    """What stays the same when it is told again. Of what could not be judged nobody knows the case, but where it lies."""
    source, many = (told.source, told.count is not None) if isinstance(told, Review) else (None, False)
    if told.case_id is not None or source is None:
        return told.case_id or identity(told)
    return f"{source.topic}/{source.partition}/{source.offset}{'+' if many else ''}"


@dataclass(frozen=True, slots=True)
class Open:
    """One case on one topic: its newest output, since when somebody is waited for, and what was said last (None: nothing yet)."""

    topic: str
    newest: Told
    since: datetime
    state: str | None

    @property
    def unanswered(self) -> bool:
        """Whether nobody has answered its newest output."""
        return self.state is None


class Fold:
    """Hand it every output and every response, in any order between topics; ask it what is open."""

    def __init__(self) -> None:
        self._open: dict[CaseKey, Open] = {}
        self._cases: OrderedDict[str, tuple[CaseKey, tuple[str, ...]]] = OrderedDict()
        self._answers: OrderedDict[CaseKey, tuple[datetime, str]] = OrderedDict()
        self._early: OrderedDict[str, list[Response]] = OrderedDict()
        self._false: OrderedDict[CaseKey, None] = OrderedDict()
        self._false_alarms: dict[str, int] = {}

    def told(self, topic: str, told: Told) -> bool:
        """Take one output of a topic (without prefix); whether it was new."""
        name = identity(told)
        if name in self._cases:
            return False
        key = (topic, _case(told))
        _remember(self._cases, name, (key, told.clauses))
        self._add(key, told)
        for response in self._early.pop(name, ()):
            self.answered(response)
        return True

    def answered(self, response: Response) -> None:
        """Take one response."""
        known = self._cases.get(response.alert_id)
        if known is None:
            _remember(self._early, response.alert_id, [*self._early.get(response.alert_id, ()), response])
            return
        key, clauses = known
        if response.state == "false_alarm" and key not in self._false:
            _remember(self._false, key, None)
            for clause in clauses:
                self._false_alarms[clause] = self._false_alarms.get(clause, 0) + 1
        before = self._answers.get(key)
        if before is None or before[0] <= response.occurred_at:
            _remember(self._answers, key, (response.occurred_at, response.state))
            self._settle(key)

    def open(self) -> Iterator[Open]:
        """All cases that are not closed, in no order."""
        return iter(tuple(self._open.values()))

    def unanswered(self) -> Iterator[Open]:
        """Those that nobody has answered."""
        return (case for case in self.open() if case.unanswered)

    @property
    def false_alarms(self) -> Mapping[str, int]:
        """Cases answered as false alarms, by clause."""
        return dict(self._false_alarms)

    def _add(self, key: CaseKey, told: Told) -> None:
        before = self._open.get(key)
        if before is not None and before.newest.sequence > told.sequence:
            return
        since = before.since if before is not None and before.unanswered else told.raised_at
        self._open[key] = Open(key[0], told, since, None)
        self._settle(key)

    def _settle(self, key: CaseKey) -> None:
        case, answer = self._open.get(key), self._answers.get(key)
        if case is None or answer is None or case.newest.raised_at > answer[0]:
            return
        if answer[1] in ENDINGS:
            del self._open[key]
        else:
            self._open[key] = Open(case.topic, case.newest, case.since, answer[1])


def _remember(memory: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
