import pytest

from policy.rulebook.book import CLAUSES
from tests.policy.core.stories import Story, differences, stories

STORIES = stories()


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_scenario_comes_out_as_it_is_written(story: Story) -> None:
    """What a safeguarding lead wrote about a story is what comes of it."""
    assert differences(story) == []


def test_every_clause_of_the_rulebook_has_a_scenario() -> None:
    """No clause of the rulebook is without a story in which it is found."""
    found = {clause for story in STORIES for want in _wants(story) for clause in (want.get("gives") or {})}
    assert set(CLAUSES) <= found


def _wants(story: Story) -> list[dict[str, dict[str, str]]]:
    return list((story.body.get("then") or {"e1": story.body}).values())
