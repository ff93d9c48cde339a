import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from streams.cli.reader import command

AT = "2026-10-05T18:00:00Z"


def run(arguments: list[str], lines: list[dict[str, Any]]) -> Result:
    """The command, fed with JSON lines."""
    fed = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return CliRunner().invoke(command, [*arguments, "-"], input=fed, catch_exceptions=False)


def written(result: Result) -> list[dict[str, Any]]:
    """The JSON lines that a command wrote."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_read_writes_concerns_with_places_in_code_points() -> None:
    """Evidence points into the text as it came, emoji and look-alike letters included."""
    text = "😂😂 i wаnt to kill myself tonight"  # noqa: RUF001 a look-alike letter is the point
    (line,) = written(run(["read"], [{"id": "1", "text": text, "at": AT}]))
    assert line["concerns"] == [{"kind": "suicide", "thoughts": "yes", "timeframe": "immediate"}]
    shown = {(one["fact"], text[one["start"] : one["end"]]) for one in line["evidence"]}
    assert {("suicide.thoughts", "kill myself"), ("suicide.timeframe", "tonight")} <= shown


def test_read_takes_the_answer_from_the_question_before() -> None:
    """A bare "yeah" gives the fact that a volunteer asked for, about the person who was spoken of."""
    turns = [
        {"sender": "texter", "text": "my mate says hes going to end his life", "at": AT},
        {"sender": "volunteer", "text": "Did he say if he has a plan?", "at": AT},
    ]
    (line,) = written(run(["read"], [{"id": "1", "text": "yeah", "at": AT, "context": turns}]))
    assert line["concerns"] == [{"kind": "suicide", "plan": "yes", "person_at_risk": {"relation": "friend", "minor": "unknown"}}]


@pytest.mark.parametrize("at", [None, "2026-10-05T18:00:00", "yesterday"])
def test_a_time_without_an_offset_is_refused_without_the_text(at: str | None) -> None:
    """A moment that nobody can know is wrong usage, and the message shows nobody's words."""
    result = run(["read"], [{"id": "1", "text": "private words", "at": at}])
    assert result.exit_code == 2
    assert "private words" not in result.output


def test_a_line_that_is_no_object_is_wrong_usage() -> None:
    """Exit status 2, and which line it was."""
    result = CliRunner().invoke(command, ["read", "-"], input="[1]\n")
    assert result.exit_code == 2
    assert "line `1`" in result.output


def test_negation_reads_one_phrase() -> None:
    """Denied, past and about somebody else are told apart, and the phrase is found without regard to case."""
    lines = [
        {"id": "1", "text": "She denies FEVER or chills.", "phrase": "chills"},
        {"id": "2", "text": "I used to have nightmares.", "phrase": "Nightmares"},
        {"id": "3", "text": "My mother had breast cancer.", "phrase": "breast cancer"},
        {"id": "4", "text": "I have a headache.", "phrase": "headache"},
    ]
    assert written(run(["negation"], lines)) == [
        {"id": "1", "negated": True, "historical": False, "other": False},
        {"id": "2", "negated": False, "historical": True, "other": False},
        {"id": "3", "negated": False, "historical": False, "other": True},
        {"id": "4", "negated": False, "historical": False, "other": False},
    ]


EXPECTED = [
    {"id": "a", "text": "i want to die", "at": AT, "facts": {"suicide.thoughts": "yes"}, "outcome": "none"},
    {
        "id": "b",
        "text": "my dad hits me",
        "at": AT,
        "facts": {"abuse.ongoing": "yes", "abuse.position_of_trust": "no"},
        "outcome": "non_emergency",
    },
    {"id": "c", "text": "lovely secret weather", "at": AT, "facts": {"caring.caring": "yes"}, "outcome": "review"},
]


def test_evaluate_counts_facts_and_outcomes_and_shows_misses_by_id_only() -> None:
    """Precision and recall of each fact and outcome; nobody's words unless they are asked for."""
    (report,) = written(run(["evaluate", "--json"], EXPECTED))
    assert report["facts"]["suicide.thoughts=yes"]["precision"] == 1.0
    assert report["facts"]["caring.caring=yes"]["recall"] == 0.0
    assert report["outcomes"]["review"] == {"hits": 0, "false_alarms": 0, "misses": 1, "precision": None, "recall": 0.0}
    assert [wrong["id"] for wrong in report["wrong"]] == ["c"]
    assert "weather" not in json.dumps(report)


def test_evaluate_shows_the_text_of_misses_when_asked(tmp_path: Path) -> None:
    """`--with-text` is for whoever may see the words."""
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in EXPECTED), encoding="utf-8")
    result = CliRunner().invoke(command, ["evaluate", "--with-text", str(file)], catch_exceptions=False)
    assert "lovely secret weather" in result.stdout
    assert "outcomes as expected: 2/3 = 0.667" in result.stdout
