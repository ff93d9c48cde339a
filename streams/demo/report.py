"""The end of the demo in words."""

from collections.abc import Iterator, Mapping

from streams.demo.summary import Summary

_ORDER = ("emergency", "non_emergency", "review", "none", "out_of_scope")


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"


def _clauses(summary: Summary) -> Iterator[str]:
    """One line for each outcome: its clauses, each with the number of people it was found for."""
    for outcome in _ORDER[:3]:
        found = [f"{clause} {counts[outcome]}" for clause, counts in summary.clauses.items() if outcome in counts]
        yield f"  {outcome:<16}{'  '.join(found) or '-'}"


def report(summary: Summary) -> Iterator[str]:
    """The summary, line by line."""
    kept = "every one accounted for" if summary.conserved else f"NOT ACCOUNTED FOR: {len(summary.unaccounted)}"
    yield ""
    yield f"{summary.events} events in {summary.seconds:.0f} s: {kept}"
    yield f"  published       {_counts(summary.published)}"
    yield f"  events ended as {_counts({name: summary.outcomes.get(name, 0) for name in _ORDER})}"
    yield f"  of which        {summary.emergencies_percent:.1f} % emergencies"
    yield f"  written         {_counts(summary.written)}"
    yield f"  dead letters    {_counts(summary.dead_letters)}"
    yield f"  repeated        {summary.repeated} outputs; left behind: {sum(summary.behind.values())} records"
    yield "clauses, by the number of people that each was found for"
    yield from _clauses(summary)
    waits = summary.alert_milliseconds
    yield f"first alert after {summary.first_alert_seconds} s"
    yield f"from publishing an event to seeing its alert: p50 {waits['p50']} ms, p99 {waits['p99']} ms"
    yield f"note: {summary.limits}"
    yield from (f"  lost: {name}" for name in summary.unaccounted)
