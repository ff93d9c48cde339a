"""How fast texts are read: everyday ones a second on one core, and the worst texts by length.

Time is that of the processor, so that whatever else the machine does counts for nothing.

`python tests/bench/reader.py [FILE.jsonl]`

FILE holds lines with a `text`; without one, made-up everyday texts are read. Texts are cut or repeated to 120 characters.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from policy.reading.catalogue import load_catalogue
from policy.reading.reader import text_reader
from policy.reading.seam import Context

AT = Context(datetime(2026, 10, 5, 18, 0, tzinfo=UTC))
LENGTH = 120
EVERYDAY = [
    "does anyone have the notes from chem on tuesday, i was off and miss says its on the test",
    "got the bus home with jess and her little brother would not stop singing, my head is killing me lol",
    "mum says i can go to the gig if i tidy my room and honestly that is a fair deal",
    "cant believe he said that in front of the whole class, im dead 💀",
    "we're moving house at the weekend so i've been packing boxes since four, my arms hurt",
    "anyone else just really tired all the time since we went back, i sleep and sleep",
    "new kit came today and its two sizes too big, coach says ill grow into it",
    "who is going to the christmas fair on saturday, i need somebody to help carry the cakes",
    "my phone is on 2 percent and the charger is at my nans, so if i go quiet that is why",
    "do we have to wear full uniform on the trip or is it own clothes, nobody has said",
    "finally finished the art coursework, it only took three weeks and most of my sanity",
    "the new season starts tomorrow and i am not ready, no spoilers please anyone",
    "had the best chips of my life at the seaside, then a gull had the rest of them",
    "i think i did alright in the french oral, i talked about my cat for four minutes",
    "she said she would message me back and that was on sunday, what do i even say now",
    "dad is learning the guitar and it is the same three chords every evening, send help",
    "why does the library close at five, that is when i actually start to do things",
    "my brother ate the last yoghurt and left the pot in the fridge, who does that",
    "thinking of dropping maths next year, has anyone done psychology instead, is it hard",
]
WORST = {
    "disclosure": "i want to kill myself tonight ",
    "many": "my dad hits me and i took 20 pills i have a plan got the tablets here ",
    "one letter": "a",
    "signs": "a!",
    "spaced": "k i l l ",
    "masked": "k**l ",
    "stretched": "kiiill ",
    "quotes": "[quote]",
    "emoji": "😂",
    "hidden": "k\u200bi\u200bl\u200bl ",
    "people": "my mate he she ",
}


def texts() -> list[str]:
    """The texts to read, each of `LENGTH` characters."""
    if len(sys.argv) > 1:
        found = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    else:
        found = EVERYDAY * 500
    joined = random.Random(1).sample(found, len(found))  # noqa: S311 the same order each time, not a secret
    whole = " ".join(joined)
    return [whole[begin : begin + LENGTH] for begin in range(0, len(whole) - LENGTH, LENGTH)]


def seconds(text: str) -> float:
    """The best of three readings of one text."""
    best = 1e9
    for _ in range(3):
        begin = time.process_time()
        text_reader().read(text, AT)
        best = min(best, time.process_time() - begin)
    return best


def main() -> None:
    """Print the figures."""
    begin = time.process_time()
    load_catalogue()
    print(f"construction {1000 * (time.process_time() - begin):.0f} ms")
    sample, reader = texts(), text_reader()
    begin = time.process_time()
    for text in sample:
        reader.read(text, AT)
    taken = time.process_time() - begin
    print(f"{len(sample)} everyday texts of {LENGTH} characters: {len(sample) / taken:,.0f} a second on one core")
    sizes = (2500, 5000, 10000, 20000)
    print(f"{'worst texts, ms':16}" + "".join(f"{size:>8}" for size in sizes))
    for name, unit in WORST.items():
        print(f"{name:16}" + "".join(f"{1000 * seconds((unit * size)[:size]):8.1f}" for size in sizes))


if __name__ == "__main__":
    main()
