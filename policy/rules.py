"""All that judging needs beside the record and the state, built once by the shell from its settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from policy.reading.seam import Context, Reader, Reading
from policy.versions.library import Calendar, shipped
from policy.versions.version import Version


@dataclass(frozen=True, slots=True)
class RespondWithin:
    """Seconds within which somebody must answer (the contract's `respond_by`)."""

    emergency: int = 300
    referral: int = 86_400
    review_now: int = 900
    review_today: int = 86_400
    review_routine: int = 259_200


class NullReader:
    """A reader that reads nothing: for judging on the facts that events carry alone."""

    version = "none"
    sha256 = "0" * 64

    def read(self, text: str, context: Context) -> Reading:
        """No facts, whatever the text."""
        del text, context
        return Reading()


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one run. `merger_at` is aware; `state_days` at least 8; `hash_key` keys the hashes of sentences (16 to 64 bytes).

    `versions`: the policy versions by name, as shipped unless given. `forced`: the one to judge every event by, whatever its time (replay,
    shadow); None: the version in force at the event's time. Nothing before the merger is judged (S1), but by a forced version of then.
    """

    merger_at: datetime
    reader: Reader = field(default_factory=NullReader)
    respond_within: RespondWithin = field(default_factory=RespondWithin)
    state_days: int = 30
    hash_key: bytes = b"vigil"
    versions: Mapping[str, Version] = field(default_factory=shipped)
    forced: str | None = None
    calendar: Calendar = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "calendar", Calendar(self.versions, self.merger_at))
