"""What is judged: one person at risk at one moment, as the few things that the rulebook asks about."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from policy.answers import UNKNOWN, Answer

LifeStage = Literal["minor", "adult", "unknown", "disputed"]


class Concern(msgspec.Struct, frozen=True):
    """One concern: the facts of it that are known, and which of them a trained person found.

    `gid` tells concerns of one kind apart (other abusers). `taken_back`: its disclosure was taken back (A1). `elsewhere`: it is about
    another person and looked at for what it says of the author (E5). `evidence` is whatever the caller keeps behind each fact.
    """

    kind: str
    facts: Mapping[str, str]
    gid: str = ""
    ref: str | None = None
    found: frozenset[str] = frozenset()
    taken_back: bool = False
    elsewhere: bool = False
    evidence: Mapping[str, object] = {}


class Situation(msgspec.Struct, frozen=True):
    """One person at risk. `age` in whole years where it is known; `stated` an age under 18 in the words, known or not (P4).

    `assured`: an assurance covers all that was said of suicide (A2, A3). `held`: all rests on an edit whose earlier text is not known (S3).
    `ahead`: the event is from the future (S4).
    """

    author: bool = True
    age: int | None = None
    stage: LifeStage = "unknown"
    stated: int | None = None
    at_risk: Answer = UNKNOWN
    support_needs: Answer = UNKNOWN
    concerns: tuple[Concern, ...] = ()
    assured: bool = False
    held: bool = False
    ahead: bool = False
