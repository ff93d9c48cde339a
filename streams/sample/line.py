"""One line of a sample: a record, and when it reaches the broker."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Line:
    """A record to publish. `topic` has no prefix; a `value` that is a string is the record's raw bytes; None is a tombstone."""

    at: datetime
    topic: str
    key: str
    value: dict[str, Any] | str | None

    def json(self) -> str:
        """The form that `vigil assess` reads, on one line."""
        return json.dumps({"topic": self.topic, "key": self.key, "value": self.value}, ensure_ascii=False, separators=(",", ":"))

    def value_bytes(self) -> bytes | None:
        """What is published as the record's value."""
        if self.value is None:
            return None
        text = self.value if isinstance(self.value, str) else json.dumps(self.value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8")


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
