"""What must hold when everything is over: by ids, and beside what `vigil assess` makes of the same records."""

import base64
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.chaos.ledger import Ledger, essence
from tests.chaos.publishing import Published
from tests.e2e.vigil import VIGIL, Vigil
from tests.support.running import inherited

SHOWN = 5


def broken(published: Sequence[Published], ledger: Ledger) -> list[str]:
    """Which promises do not hold, by ids; empty where all do."""
    found: dict[str, set[Any]] = {
        "without a decision": {one.record.event for one in published if one.record.fate == "decided"} - set(ledger.decided),
        "without a dead letter": {one.origin for one in published if one.record.fate == "letter"} - set(ledger.letters),
        "set aside though good": {one.origin for one in published if one.record.fate != "letter"} & set(ledger.letters),
        "a dead letter from nowhere": set(ledger.letters) - {one.origin for one in published},
        "decided from nowhere": set(ledger.decided) - {one.record.event for one in published if one.record.fate in ("decided", "known")},
        "more than one distinct dead letter": {origin for origin, letters in ledger.letters.items() if len(set(letters)) > 1},
        "a dead letter changed": _changed(published, ledger),
        "one id, two contents": set(ledger.twofold.items()),
        "called for and not told": ledger.called - ledger.told,
        "told and not called for": ledger.told - ledger.called,
        "a case opened twice": {case for case, names in ledger.opened.items() if len(names) > 1},
    }
    return [f"{len(what)} {name}: {sorted(map(str, what))[:SHOWN]}" for name, what in found.items() if what]


def duplicates(ledger: Ledger) -> int:
    """How many records were written again under an id that was there, dead letters included."""
    outputs = sum(count - 1 for times in ledger.times.values() for count in times.values())
    return outputs + sum(len(letters) - 1 for letters in ledger.letters.values())


def written_again(ledger: Ledger) -> int:
    """How many decisions and dead letters are there a second time: events that were judged again."""
    return sum(count - 1 for count in ledger.times["decisions"].values()) + sum(len(letters) - 1 for letters in ledger.letters.values())


def differences(vigil: Vigil, published: Iterable[Published], ledger: Ledger) -> list[str]:
    """Where the last decision about an event is not what `vigil assess` says of the same records, in another order of topics."""
    assessed = _assess(vigil, published)
    expected = {value["event_id"]: essence(value) for topic, value in assessed if topic == "decisions"}
    events = [event for event in ledger.decided.keys() | expected.keys() if ledger.decided.get(event) != expected.get(event)]
    return [f"{len(events)} decided otherwise than by `vigil assess`: {sorted(events)[:SHOWN]}"] if events else []


def _changed(published: Iterable[Published], ledger: Ledger) -> set[Any]:
    sent = {one.origin: (one.record.key, one.record.value) for one in published}
    return {origin for origin, letters in ledger.letters.items() for one in letters if sent.get(origin) != (one.key, one.value)}


def _assess(vigil: Vigil, published: Iterable[Published]) -> list[tuple[str, dict[str, Any]]]:
    """What `vigil assess` writes of the same records, each topic's and partition's in their order."""
    path = vigil.folder / "published.jsonl"
    path.write_text("".join(f"{json.dumps(_line(one))}\n" for one in _in_order(published)))
    command: list[str | Path] = [VIGIL, "assess", "--merger-at", vigil.settings["VIGIL_MERGER_AT"], path]
    done = subprocess.run(command, env=inherited(), capture_output=True, check=True, timeout=300).stdout
    lines = [json.loads(line) for line in done.splitlines()]
    return [(line["topic"], line["value"]) for line in lines if line["topic"] != "dead-letters"]


def _in_order(published: Iterable[Published]) -> Iterator[Published]:
    """As they lie: a publisher hears of its records in another order where brokers died in between."""
    known = list(published)
    lying = sorted(known, key=lambda one: one.origin)
    places = {place: iter(list(ones)) for place, ones in groupby(lying, lambda one: one.origin[:2])}
    for one in known:
        yield next(places[one.origin[:2]])


def _line(one: Published) -> dict[str, Any]:
    value = base64.b64encode(one.record.value).decode()
    return {"topic": one.record.topic, "key": one.record.key.decode(), "value_base64": value}


def figures(published: Sequence[Published], ledger: Ledger) -> str:
    """What a run came to, in one line."""
    fates = Counter(one.record.fate for one in published)
    alerts = len(ledger.times["emergency-alerts"])
    counts = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    return f"{len(published)} records ({counts}); {alerts} alerts; missing 0; {duplicates(ledger)} written again"
