"""How fast texts are read: everyday ones a second on one core, and the worst texts by length. `python tests/bench/reader.py [FILE.jsonl]`

FILE holds lines with a `text`; without one, made-up everyday texts are read. Texts are cut or repeated to 120 characters.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from policy.reading.reader import load_catalogue, text_reader
from policy.reading.seam import Context

AT = Context(datetime(2026, 10, 5, 18, 0, tzinfo=UTC))
LENGTH = 120
EVERYDAY = [
    "does anyone have the notes from chem on tuesday, i was off and miss says its on the test",
    "got the bus home with jess and her little brother would not stop singing, my head is killing me lol",
    "mum says i can go to the gig if i tidy my room and honestly that is a fair deal",
    "cant believe he said that in front of the whole class, im dead 💀",
    "we’re moving house at the weekend so i’ve been packing boxes since four, my arms hurt",
    "anyone else just really tired all the time since we went back, i sleep and sleep",
    "new kit came today and its two sizes too big, coach says ill grow into it",
]
WORST = {
    "disclosure": "i want to kill myself tonight ", "many": "my dad hits me and i took 20 pills i have a plan got the tablets here ", "one letter": "a", "signs": "a!",
    "spaced": "k i l l ", "masked": "k**l ", "stretched": "kiiill ", "quotes": "[quote]", "emoji": "😂", "hidden": "k\u200bi\u200bl\u200bl ", "people": "my mate he she ",
}  # fmt: skip


def texts() -> list[str]:
    """The texts to read, each of `LENGTH` characters."""
    if len(sys.argv) > 1:
        found = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    else:
        found = EVERYDAY * 500
    joined = random.Random(1).sample(found, len(found))
    whole = " ".join(joined)
    return [whole[begin : begin + LENGTH] for begin in range(0, len(whole) - LENGTH, LENGTH)]


def seconds(text: str) -> float:
    """The best of three readings of one text."""
    best = 1e9
    for _ in range(3):
        begin = time.perf_counter()
        text_reader().read(text, AT)
        best = min(best, time.perf_counter() - begin)
    return best


def main() -> None:
    """Print the figures."""
    begin = time.perf_counter()
    load_catalogue()
    print(f"construction {1000 * (time.perf_counter() - begin):.0f} ms")
    sample = texts()
    begin = time.perf_counter()
    for text in sample:
        text_reader().read(text, AT)
    taken = time.perf_counter() - begin
    print(f"{len(sample)} everyday texts of {LENGTH} characters: {len(sample) / taken:,.0f} a second on one core")
    sizes = (2500, 5000, 10000, 20000)
    print(f"{'worst texts, ms':16}" + "".join(f"{size:>8}" for size in sizes))
    for name, unit in WORST.items():
        print(f"{name:16}" + "".join(f"{1000 * seconds((unit * size)[:size]):8.1f}" for size in sizes))


if __name__ == "__main__":
    main()
