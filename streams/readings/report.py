"""An evaluation for people to read."""

from collections.abc import Iterator, Mapping

from streams.readings.evaluation import Report, Score


def as_text(report: Report) -> str:
    """The report as lines: a table of facts, one of outcomes, the accuracy, and what was wrong by id."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.texts} texts"
    yield from _table("fact", report.facts)
    yield from _table("outcome", report.outcomes)
    if report.judged:
        yield f"outcomes as expected: {report.right}/{report.judged} = {report.right / report.judged:.3f}"
    for wrong in report.wrong:
        yield f"- {wrong['id']}: " + "; ".join(f"{name} {_shown(value)}" for name, value in wrong.items() if name != "id" and value)


def _table(name: str, scores: Mapping[str, Score]) -> Iterator[str]:
    if scores:
        yield f"{name:52} precision  recall  hits  false alarms  misses"
    for key, score in sorted(scores.items()):
        yield f"{key:52} {_share(score.precision):>9}  {_share(score.recall):>6}  {score.hits:4}  {score.false_alarms:12}  {score.misses:6}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
