from typing import Any

import pytest

from policy.rulebook.book import CLAUSES
from tests.policy.core.stories import Story, differences, refuse_unknown, stories

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


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"title": "t", "outcom": "none"}, "story"),
        ({"title": "t", "who": {"at-risk": "yes"}}, "who"),
        ({"title": "t", "events": [{"mesage": "e1"}]}, "event"),
        ({"title": "t", "then": {"e1": {"give": {}}}}, "then"),
        ({"title": "other", "twin": {"title": "t", "outcom": "none"}}, "story"),
    ],
)
def test_a_misspelt_word_in_a_scenario_is_refused_by_file_and_title(body: dict[str, Any], place: str) -> None:
    """A word that nobody knows is never read as if it had not been written."""
    with pytest.raises(ValueError, match=rf"`1-scope`: `t`: .* is unknown in a {place}; choose among"):
        refuse_unknown("1-scope", body)
