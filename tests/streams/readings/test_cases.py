import json
from pathlib import Path
from typing import Any

import pytest

from policy.reading.reader import text_reader
from streams.readings.evaluation import evaluate
from streams.readings.outcomes import outcome_of

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in CASES])
def test_words_lead_where_a_careful_worker_would_send_them(case: dict[str, Any]) -> None:
    """Made-up texts and conversations, each with the outcome that the policy asks for."""
    report = evaluate(text_reader(), [case], outcome_of, with_text=False)
    assert report.wrong == []
