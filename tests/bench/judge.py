"""How fast the pure core judges, parsing and writing JSON apart: everyday events, and one person's events as their window fills.

Time is that of the processor, so that little of what else the machine does counts; the collector of garbage is set as in the worker.

`python -m tests.bench.judge`
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from policy.core import Moment, NullReader, Part, Rules, step
from policy.reading.reader import text_reader
from policy.reading.seam import Reader
from schemas.wire import Read, parse_with_digest
from streams.heart.running import spare_the_collector
from tests.bench.reader import EVERYDAY

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MERGER = datetime(2026, 1, 1, tzinfo=UTC)
AT = Moment(NOW, NOW)
EVENTS, PEOPLE, WINDOW, STEP = 30_000, 3_000, 10_000, 1_000
Parsed = tuple[Read, bytes]


class View(dict[str, Part | None]):
    """A person's state."""


def parsed(person: str, event: str, text: str, at: datetime, concerns: list[Mapping[str, Any]]) -> Parsed:
    """One turn of the text line, parsed."""
    shared = {"schema": "message/1", "conversation_id": f"c-{person}", "sender": "texter", "text": text}
    value = {**shared, "event_id": event, "person_id": person, "occurred_at": at.isoformat(), "concerns": concerns}
    record, digest = parse_with_digest("messages", person.encode(), json.dumps(value).encode())
    return record, digest  # type: ignore[return-value]  # made to be read


def everyday() -> list[Parsed]:
    """Everyday events of many people, in order."""
    start = NOW - timedelta(hours=6)
    return [parsed(f"u{n % PEOPLE}", f"e{n}", EVERYDAY[n % len(EVERYDAY)], start + timedelta(seconds=n // 10), []) for n in range(EVENTS)]


def window() -> Iterator[list[Parsed]]:
    """One person's events, each telling facts, a thousand at a time."""
    start = NOW - timedelta(days=6)
    for first in range(0, WINDOW, STEP):
        yield [parsed("u", f"w{n}", ".", start + timedelta(seconds=30 * n), [concern(n)]) for n in range(first, first + STEP)]


def concern(number: int) -> Mapping[str, Any]:
    """Facts that change from event to event."""
    answers = ("yes", "no", "unknown")
    return {"kind": "suicide", "thoughts": "yes", "plan": answers[number % 3], "means": answers[number // 3 % 3]}


def run(events: list[Parsed], rules: Rules, people: dict[str, View]) -> float:
    """Processor seconds for judging some events, state kept in dicts."""
    began = time.process_time()
    for record, digest in events:
        view = people.setdefault(record.person_id, View())
        view.update(step(view, record, digest, AT, rules).changes)  # type: ignore[union-attr]  # none is refused
    return time.process_time() - began


def main() -> None:
    """Print events a second, and the curve."""
    events = everyday()
    readers: Mapping[str, Callable[[], Reader]] = {"facts only": NullReader, "with text": text_reader}
    rules = {name: Rules(MERGER, reader=reader()) for name, reader in readers.items()}
    spare_the_collector()
    for name, chosen in rules.items():
        seconds = min(run(events, chosen, {}) for _ in range(3))
        print(f"everyday, {name}: {len(events) / seconds:,.0f} events/s ({seconds / len(events) * 1e6:.1f} µs each)")
    people: dict[str, View] = {}
    for place, part in enumerate(window(), 1):
        seconds = run(part, Rules(MERGER), people)
        print(f"one person, event {place * STEP:>6,} of a full window: {seconds / STEP * 1e6:.0f} µs each")
    largest = max((len(json.dumps(str(part))) for part in people["u"].values()), default=0)
    print(f"parts of that person: {len(people['u']):,}, the largest some {largest / 1024:.0f} KiB as text")


if __name__ == "__main__":
    main()
