from pathlib import Path

from streams.lag.rules import OTHERWISE, RULES

PAGE = Path(__file__).parents[3] / "docs" / "lag.md"


def test_the_documented_table_is_the_table() -> None:
    """docs/lag.md lists every rule, in order, with its status and its reason."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `") and line.count("|") == 4]
    table = [f"| `{rule.name}` | {rule.status} | {rule.reason} |" for rule in (*RULES, OTHERWISE)]
    assert [row for row in rows if row in table] == table
    assert rows[: len(table)] == table
