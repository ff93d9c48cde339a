"""How well the reader does on public sets of labelled text; docs/reading.md names them and shows the figures.

`python tests/bench/reading_sets.py FOLDER`: the folder holds what there is of `cssrs/posts.jsonl` (`text`, `severity`),
`everyday/texts.jsonl` (`text`), `negation/clinical_sentences.jsonl` (`text`, `phrase`, `negation`) and `figurative/xstest.jsonl` (`text`,
`label`). Texts are judged as one post of a person of 15.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from policy.reading.reader import text_reader
from policy.reading.seam import Context
from policy.reading.turns import Spoken
from streams.readings.outcomes import outcome_of

AT = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)
IDEATION, PLAN = 2, 5  # of the Columbia scale


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a set, or none where it is not there."""
    path = folder / name
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def outcome(number: int, text: str) -> str:
    """What one post leads to."""
    return outcome_of({"id": number}, [], Spoken(text, AT, "author"))


def has_thoughts(text: str) -> bool:
    """Whether thoughts of suicide are read."""
    return any(one.kind == "suicide" and one.facts.get("thoughts") == "yes" for one in text_reader().read(text, Context(AT)).concerns)


def figures(name: str, pairs: list[tuple[bool, bool]]) -> None:
    """Print precision, recall and F1 of (said, real) pairs."""
    hits, said, real = sum(a and b for a, b in pairs), sum(a for a, _ in pairs), sum(b for _, b in pairs)
    precision, recall = hits / said if said else 1.0, hits / real if real else 1.0
    both = 2 * precision * recall / (precision + recall) if hits else 0.0
    print(f"{name:48} n={len(pairs):5}  P {precision:.3f}  R {recall:.3f}  F1 {both:.3f}")


def main(folder: Path) -> None:
    """Print the figures of each set that is there."""
    posts = list(rows(folder, "cssrs/posts.jsonl"))
    figures(f"thoughts, severity >= {IDEATION}", [(has_thoughts(row["text"]), row["severity"] >= IDEATION) for row in posts])
    led = [(outcome(number, row["text"]) != "none", row["severity"] >= PLAN) for number, row in enumerate(posts)]
    figures(f"review or more, severity >= {PLAN}", led)
    said = [
        (text_reader().phrase(row["text"], row["phrase"]).negated, row["negation"] == "Negated")
        for row in rows(folder, "negation/clinical_sentences.jsonl")
    ]
    figures("negation", said)
    safe = Counter(
        outcome(number, row["text"]) for number, row in enumerate(rows(folder, "figurative/xstest.jsonl")) if row["label"] == "safe"
    )
    print(f"figurative, safe: {dict(safe)}")
    everyday = Counter(outcome(number, row["text"]) for number, row in enumerate(rows(folder, "everyday/texts.jsonl")))
    print(f"everyday: {dict(everyday)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
