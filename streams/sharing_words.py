"""What was shared about somebody (`streams.sharing`), in words for whoever asked: a young person, most of the time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from policy.rulebook.book import RULES
from streams.waiting import TOPICS

SAYS = {rule.clause: rule.says for rule in reversed(RULES)}
"""What each clause says, in the first of its forms."""
WHOM = {
    "999": "the emergency services (999)",
    "101": "the police line for what is no emergency (101)",
    "social_worker": "a social worker",
    "care_professional": "a care professional",
    "supervisor": "a supervisor of the service",
}
_BEFORE = re.compile(r"^([A-Z]\d+)\b[^:;]*: ")
_REF = re.compile(r"\(([^():]+):[^()]*\)")


def lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """The answer in plain words."""
    person, noticed = answer["person_id"], {one["about"]: one["when"] for one in answer["told"]}
    if not answer["shared"]:
        yield f"Nothing that is kept says that anything was shared about {person}."
    else:
        yield f"What was shared about {person}:"
    for one in answer["shared"]:
        yield ""
        yield from _one(one, noticed.get(one["about"]))
    yield ""
    days = answer["kept_days"]
    yield (
        f"Looked at: what responders said they shared, kept {days['responses']} days; notices, kept {days['notices']} days; "
        f"alerts, referrals and reviews, kept {days[TOPICS[0]]} days."
    )


def _one(one: Mapping[str, Any], noticed: str | None) -> Iterator[str]:
    on = "On" if one["from"] == "response" else "By"
    yield f"{on} {_day(one['when'])}"
    yield f"  with whom: {_listed(WHOM.get(each, each) for each in one['with_whom']) or 'nobody was named'}"
    yield f"  what: {'; '.join(one['what']) or 'no details were named'}"
    yield f"  why: {'; '.join(_reasons(one)) or 'the reasons are no longer kept'}"
    if noticed is not None:
        yield f"  A notice that says so was due on {_day(noticed)}."


def _reasons(one: Mapping[str, Any]) -> Iterator[str]:
    """Each reason, or what its clause says where the reasons are gone; the clause behind it, for who wants to look it up."""
    for reason in one["reasons"]:
        found = _BEFORE.match(reason)
        said = _REF.sub(r"(\1)", reason[found.end() :] if found else reason).partition("; known: ")[0]
        yield f"{said} (rule {found[1]})" if found else said
    if not one["reasons"]:
        yield from (f"{SAYS[clause]} (rule {clause})" if clause in SAYS else f"rule {clause}" for clause in one["why"])


def _day(moment: str) -> str:
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y at %H:%M} (UTC)"


def _listed(words: Iterable[str]) -> str:
    *before, last = [*words] or [""]
    return f"{', '.join(before)} and {last}" if before else last
