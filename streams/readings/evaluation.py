"""How well texts are read: expected facts and outcomes beside those that were found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy.reading.seam import Reader, Reading
from policy.reading.turns import Spoken, read_after
from streams.readings.lines import turns

_SILENT = frozenset({"unknown", "none", ""})


@dataclass(slots=True)
class Score:
    """Hits, false alarms and misses of one fact or outcome."""

    hits: int = 0
    false_alarms: int = 0
    misses: int = 0

    @property
    def precision(self) -> float | None:
        """The share of what was said that is right; None where nothing was said."""
        said = self.hits + self.false_alarms
        return self.hits / said if said else None

    @property
    def recall(self) -> float | None:
        """The share of what is there that was found; None where nothing is there."""
        there = self.hits + self.misses
        return self.hits / there if there else None


@dataclass(slots=True)
class Report:
    """Scores of facts (`suicide.thoughts=yes`) and outcomes, and what was missed, by id."""

    texts: int = 0
    facts: dict[str, Score] = field(default_factory=dict)
    outcomes: dict[str, Score] = field(default_factory=dict)
    right: int = 0
    judged: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def as_object(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "texts": self.texts,
            "facts": {name: _score(score) for name, score in sorted(self.facts.items())},
            "outcomes": {name: _score(score) for name, score in sorted(self.outcomes.items())},
            "accuracy": self.right / self.judged if self.judged else None,
            "wrong": self.wrong,
        }


def _score(score: Score) -> dict[str, Any]:
    return {
        "hits": score.hits,
        "false_alarms": score.false_alarms,
        "misses": score.misses,
        "precision": score.precision,
        "recall": score.recall,
    }


OutcomeOf = Callable[[Mapping[str, Any], list[Spoken], Spoken], str]


def evaluate(reader: Reader, lines: Iterable[Mapping[str, Any]], outcome_of: OutcomeOf, *, with_text: bool) -> Report:
    """Read each line and compare; a line's own `facts` and `outcome` say what is expected, and what it leaves out is not compared."""
    report = Report()
    for line in lines:
        report.texts += 1
        earlier, last = turns(line)
        missed: dict[str, Any] = {}
        if isinstance(line.get("facts"), Mapping):
            missed |= _compare_facts(report, line["facts"], _facts_told(reader, earlier, last))
        if isinstance(line.get("outcome"), str):
            missed |= _compare_outcome(report, line["outcome"], outcome_of(line, earlier, last))
        if missed:
            report.wrong.append({"id": line["id"], **missed} | ({"text": last.text} if with_text else {}))
    return report


def _facts_told(reader: Reader, earlier: list[Spoken], last: Spoken) -> dict[str, str]:
    """The facts of all turns; the newest word on a fact counts (O3)."""
    found: dict[str, str] = {}
    for number, turn in enumerate([*earlier, last]):
        found |= facts_of(read_after(reader, [*earlier, last][:number], turn))
    return found


def facts_of(reading: Reading) -> dict[str, str]:
    """All facts of a reading by dotted name."""
    found = {f"{concern.kind}.{fact}": value for concern in reading.concerns for fact, value in concern.facts.items()}
    loose = (("assurance", reading.assurance), ("support_needs", reading.support_needs))
    found |= {name: value for name, value in loose if value != "unknown"}
    return found | ({"stated_age": str(reading.stated_age)} if reading.stated_age is not None else {})


def _compare_facts(report: Report, expected: Mapping[str, Any], found: Mapping[str, str]) -> dict[str, Any]:
    want = {f"{name}={value}" for name, value in expected.items() if str(value) not in _SILENT}
    got = {f"{name}={value}" for name, value in found.items() if value not in _SILENT}
    _count(report.facts, want, got)
    return {"missing": sorted(want - got), "extra": sorted(got - want)} if want != got else {}


def _compare_outcome(report: Report, expected: str, found: str) -> dict[str, Any]:
    report.judged += 1
    report.right += expected == found
    _count(report.outcomes, {expected}, {found})
    return {} if expected == found else {"outcome": found, "expected": expected}


def _count(scores: dict[str, Score], want: set[str], got: set[str]) -> None:
    for name in want | got:
        score = scores.setdefault(name, Score())
        score.hits += name in want and name in got
        score.false_alarms += name in got and name not in want
        score.misses += name in want and name not in got
