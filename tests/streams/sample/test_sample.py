import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from schemas import wire
from streams.cli.sample import command
from streams.sample import stream
from streams.sample.line import Line
from streams.sample.stories import every_story, told
from streams.sample.tale import Span

SPAN = Span(stream.START, stream.DAY, stream.MERGER_AT)
CLAUSES = {*(f"E{number}" for number in range(6)), *(f"N{number}" for number in range(8)), "U3", "A1"}


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    """The sample that `vigil sample` writes when nothing else is said."""
    return stream.sample(400, 1, SPAN)


def _refusals(lines: list[Line]) -> list[str]:
    read = [wire.parse(line.topic, line.key.encode(), line.value_bytes()) for line in lines]
    return sorted(record.reason for record in read if isinstance(record, wire.Refusal))


def test_only_the_flawed_records_are_refused(lines: list[Line]) -> None:
    """All records fit the contract but the four that are spoilt on purpose, each with a reason of its own."""
    assert _refusals(lines) == ["invalid", "key_mismatch", "not_json", "unknown_schema"]


def test_the_seed_alone_decides() -> None:
    """The same seed gives the same bytes, another seed gives other people."""
    first, again, other = ([line.json() for line in stream.sample(60, seed, SPAN)] for seed in (5, 5, 6))
    assert first == again
    assert not {line for line in first if "text" in line} & {line for line in other if "text" in line}


def test_every_id_is_used_once_but_for_the_two_made_to_repeat(lines: list[Line]) -> None:
    """Event ids are global: only the redelivery and the id used twice repeat one."""
    ids = Counter(line.value["event_id"] for line in lines if isinstance(line.value, dict) and "event_id" in line.value)
    assert sorted(count for count in ids.values() if count > 1) == [2, 2]


def test_hundreds_of_people_do_not_repeat_each_other(lines: list[Line]) -> None:
    """Of what people write in more than a few words, nineteen in twenty texts are unlike any other (volunteers have set phrases)."""
    said = [line.value for line in lines if isinstance(line.value, dict) and line.value.get("sender") != "volunteer"]
    texts = [value["text"] for value in said if len(value.get("text", "")) > 40]
    assert len(set(texts)) > 0.95 * len(texts)


def test_records_are_in_the_order_of_their_arrival(lines: list[Line]) -> None:
    """Each line stands where it is published, within the span."""
    moments = [line.at for line in lines]
    assert moments == sorted(moments)
    assert moments[0] >= SPAN.start
    assert moments[-1] <= SPAN.start + SPAN.length


def test_an_author_writes_within_a_live_half_minute() -> None:
    """Squeezed into half a minute for the demo, one person's events still have moments of their own, in order."""
    squeezed = stream.sample(100, 3, Span(stream.START, timedelta(seconds=30), stream.MERGER_AT))
    stamps: dict[str, list[str]] = {}
    for line in squeezed:
        if isinstance(line.value, dict) and line.topic == "messages":
            stamps.setdefault(line.key, []).append(line.value["occurred_at"])
    late = [key for key, moments in stamps.items() if moments != sorted(moments)]
    assert len(late) == 1, "only the person whose message is late on purpose"
    assert all(len(set(moments)) == len(moments) for moments in stamps.values())


def test_the_stories_show_every_clause() -> None:
    """Each clause that a finding can name is what some story expects, and each section of the policy is shown by one."""
    assert {clause for story in every_story() for clause in story.expect["clauses"]} == CLAUSES
    assert {clause[0] for story in every_story() for clause in story.shows} == set("SENPAUOT")


def test_every_story_is_told_even_to_few() -> None:
    """With as many people as stories, each story is told once; with more, the shares of the table hold."""
    assert {story.name for story in told(len(every_story()))} == {story.name for story in every_story()}
    assert sum(story.expect["outcome"] == "emergency" for story in told(2000)) == 60


def test_both_services_and_all_kinds_of_people_are_there(lines: list[Line]) -> None:
    """Minors, adults, people at risk, people without a birth date and people whom nobody knows."""
    profiles = {line.key: line.value for line in lines if line.topic == "profiles" and isinstance(line.value, dict)}
    assert {profile["adult_at_risk"] for profile in profiles.values()} == {"yes", "no", "unknown"}
    assert {True, False} == {profile["date_of_birth"] is None for profile in profiles.values()}
    assert {line.key for line in lines} - profiles.keys()
    assert {"posts", "messages", "assessments", "profiles"} == {line.topic for line in lines}


def test_the_command_writes_what_the_stream_holds() -> None:
    """`vigil sample` writes one record a line and nothing else to stdout; how to judge them goes to stderr."""
    result = CliRunner().invoke(command, ["--people", "50", "--seed", "2"])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [line.json() for line in stream.sample(50, 2, SPAN)]
    assert "vigil assess --merger-at" in result.stderr


def test_a_start_without_an_offset_is_refused() -> None:
    """A time without an offset could be an hour off: exit status 2, with the remedy."""
    result = CliRunner().invoke(command, ["--start", "2026-11-02T08:00:00"])
    assert result.exit_code == 2
    assert "add Z or +00:00" in result.stderr


def test_answers_name_what_was_judged(tmp_path: Path) -> None:
    """Given what `assess` wrote, the sample ends with responses to it that fit the contract; every third review is left waiting."""
    known = {"person_id": "u1", "change": "opened", "clauses": ["E4"], "recipients": ["999"]}
    alert = {"topic": "emergency-alerts", "value": {**known, "alert_id": "a1"}}
    reviews = [{"topic": "reviews", "value": {**known, "review_id": f"v{number}"}} for number in range(3)]
    (tmp_path / "judged").write_text("\n".join(map(json.dumps, [alert, *reviews])), "utf-8")
    result = CliRunner().invoke(command, ["--people", "50", "--answer", str(tmp_path / "judged")])
    said = [json.loads(line) for line in result.stdout.splitlines() if '"topic":"responses"' in line]
    assert [(answer["value"]["alert_id"], answer["value"]["state"]) for answer in said] == [
        ("a1", "acknowledged"),
        ("a1", "reported"),
        ("v0", "acknowledged"),
        ("v0", "resolved"),
        ("v1", "acknowledged"),
        ("v1", "resolved"),
    ]
    read = [wire.parse("responses", b"u1", json.dumps(answer["value"]).encode()) for answer in said]
    assert not [record for record in read if isinstance(record, wire.Refusal)]
