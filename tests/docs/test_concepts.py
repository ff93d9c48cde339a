import re
from collections import Counter
from pathlib import Path

from schemas.catalogue import CHANNELS

CONCEPTS = (Path(__file__).parents[2] / "docs" / "concepts.md").read_text("utf-8")
DEFINED = [word.lower() for line in CONCEPTS.splitlines() if line.startswith("- **") for word in re.findall(r"\*\*(.+?)\*\*", line)[:1]]


def test_every_word_is_explained_once() -> None:
    """No word is explained twice: whoever looks for it finds it in one place."""
    assert [word for word, count in Counter(DEFINED).items() if count > 1] == []
    assert len(DEFINED) > 50


def test_every_topic_has_its_word() -> None:
    """Whatever travels on a topic is explained, under the name of what it is."""
    names = {"emergency-alerts": "alert", "non-emergency-referrals": "referral", "support": "support prompt", "dead-letters": "dead letter"}
    words = {channel.topic: names.get(channel.topic, channel.topic.removesuffix("s")) for channel in CHANNELS}
    assert {topic for topic, word in words.items() if word not in DEFINED} == set()


def test_the_policy_for_leads_names_every_clause() -> None:
    """Each clause that an output may name stands in the page for leads under its number."""
    leads = (Path(__file__).parents[2] / "docs" / "policy-for-leads.md").read_text("utf-8")
    sections = {"S": 4, "P": 5, "A": 3, "U": 3, "O": 6, "T": 4}
    numbers = [f"{letter}{number}" for letter, last in sections.items() for number in range(1, last + 1)]
    numbers += [f"E{number}" for number in range(6)] + [f"N{number}" for number in range(8)]
    assert [number for number in numbers if not re.search(rf"\*\*{number}\b", leads)] == []
