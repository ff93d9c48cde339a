"""All that judging needs beside the record and the state, built once by the shell from its settings."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from policy.reading.seam import Carry, Context, Reader, Reading

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
        return Reading(carry=Carry())


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one run. `merger_at` is aware; `state_days` at least 8; `hash_key` keys the hashes of sentences (16 to 64 bytes).

    `forced`: the name of a policy version to judge every event by, whatever its time (replay, shadow); None: the version in force.
    """

    merger_at: datetime
    reader: Reader = field(default_factory=NullReader)
    respond_within: RespondWithin = field(default_factory=RespondWithin)
    state_days: int = 30
    hash_key: bytes = b"vigil"
    forced: str | None = None
