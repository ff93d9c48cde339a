"""Traffic for the pipeline bench: everyday talk with text, or facts only; from a seed, so that every contender gets the same."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
EVENT_SECONDS = 0.5
EMERGENCY_ONE_IN = 100
SENTENCES = (
    "hi, is anybody there tonight?",
    "school was long today and the bus was late again",
    "my sister got the part in the play, she was so happy",
    "i keep thinking about the exam next week and can't sleep",
    "mum and dad argued again but it was quiet by ten",
    "thank you for listening, it helps to write it down",
    "we went to the park and the dog ran into the pond",
    "nobody talked to me at lunch, i sat with my headphones on",
    "does it get easier after the first month at a new school?",
    "i made pasta for everybody and nobody was ill, so that's a win",
    "work was busy and my feet hurt, but the people are nice",
    "he said sorry and we are talking again",
)
SUICIDE = {"kind": "suicide", "thoughts": "yes", "plan": "yes", "means": "yes", "timeframe": "immediate"}

Line = tuple[str, str, bytes]  # topic, key, value


def people(count: int) -> Iterator[Line]:
    """A profile for each of so many people."""
    for number in range(count):
        person = f"p{number}"
        profile = {
            "schema": "profile/1",
            "person_id": person,
            "date_of_birth": f"{1985 + number % 26}-0{1 + number % 9}-1{number % 10}",
            "adult_at_risk": "unknown",
            "updated_at": _stamp(START - timedelta(days=1)),
        }
        yield "profiles", person, json.dumps(profile).encode()


def events(count: int, people_count: int, seed: int, *, text: bool) -> Iterator[Line]:
    """So many events of so many people, half posts and half messages, one in a hundred an emergency by its facts."""
    rng = random.Random(seed)  # noqa: S311 -- made-up traffic
    for number in range(count):
        person = f"p{rng.randrange(people_count)}"
        said = " ".join(rng.sample(SENTENCES, rng.randrange(1, 4))) if text else "."
        event = {
            "event_id": f"e{number}",
            "person_id": person,
            "occurred_at": _stamp(START + timedelta(seconds=number * EVENT_SECONDS)),
            "text": said,
            "concerns": [SUICIDE] if number % EMERGENCY_ONE_IN == EMERGENCY_ONE_IN // 2 else [],
        }
        more = (
            {"schema": "post/1", "kind": "created", "post_id": f"o{number}", "thread_id": f"t{number % 97}"}
            if number % 2
            else {"schema": "message/1", "conversation_id": f"c-{person}", "sender": "texter"}
        )
        yield ("posts" if number % 2 else "messages"), person, json.dumps({**event, **more}).encode()


def _stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
