import json
from collections.abc import Sequence

import pytest

from policy.core import Rules, Step
from policy.reading.seam import Context, Reading
from policy.versions.library import shipped
from schemas.decision import Decision
from streams.assessing.assess import MemoryState
from streams.errors import SettingsError
from streams.heart.ports import OutputRecord, SourceRecord
from streams.judging.desk import Desk
from streams.judging.judge import PolicyJudge
from streams.judging.shadow import MARK, Shadow
from streams.versions import versions_for
from tests.policy.core.driver import MERGER, NOW, message

MILLISECONDS = int(NOW.timestamp() * 1000)
PRE = shipped()["pre-merger"]
PRE_RULES = Rules(merger_at=MERGER, versions={PRE.name: PRE}, forced=PRE.name)


class Failing:
    """A reader with a fault."""

    version = "failing"
    sha256 = "0" * 64

    def read(self, text: str, context: Context) -> Reading:
        """Fail."""
        del text, context
        raise RuntimeError


def told() -> list[SourceRecord]:
    """A plan within 30 days, and a turn after it."""
    facts = {"kind": "suicide", "thoughts": "yes", "plan": "yes", "timeframe": "within_30_days"}
    values = [message("e1", NOW, [facts]), message("e2", NOW, [])]
    return [SourceRecord("messages", 0, n, MILLISECONDS, b"u1", json.dumps(value).encode()) for n, value in enumerate(values)]


def judged(shadow: Shadow | None) -> Sequence[OutputRecord]:
    """What a worker writes of that."""
    return PolicyJudge(Rules(merger_at=MERGER), 1, shadow=shadow).judge(0, told(), MemoryState(), MILLISECONDS).outputs


def live(outputs: Sequence[OutputRecord]) -> list[OutputRecord]:
    """What the live version wrote."""
    return [output for output in outputs if output.topic != "shadow-decisions"]


def test_a_shadow_says_what_it_would_have_decided_and_tells_nobody_else() -> None:
    """The earlier policy calls an emergency what the merged one does not; only its decisions are written, one an event."""
    shadows = [json.loads(output.value or b"") for output in judged(Shadow(PRE_RULES)) if output.topic == "shadow-decisions"]
    assert [(one["event_id"], one["outcome"], one["policy"]["version"]) for one in shadows] == [
        ("e1", "emergency", "pre-merger"),
        ("e2", "emergency", "pre-merger"),
    ]


def test_a_shadow_changes_nothing_of_the_live_version() -> None:
    """With and without a shadow the same is written."""
    assert live(judged(Shadow(PRE_RULES))) == live(judged(None))


def test_a_fault_in_a_shadow_does_not_touch_the_live_version() -> None:
    """A shadow that fails on every record is counted and told of, and nothing else happens."""
    told: list[Exception] = []
    shadow = Shadow(Rules(merger_at=MERGER, reader=Failing(), versions={PRE.name: PRE}, forced=PRE.name), told.append)
    assert list(judged(shadow)) == live(judged(None))
    assert (shadow.faults, [type(error) for error in told]) == (2, [RuntimeError, RuntimeError])


def test_a_shadow_that_cannot_be_written_does_not_touch_the_live_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what goes wrong after judging, when its decisions are made into records, is the shadow's alone."""
    expected = live(judged(None))
    keep = Desk.keep

    def refuse(desk: Desk, owner: str, done: Step, trace: str | None, key: bytes | None = None) -> list[OutputRecord]:
        if any(isinstance(output.value, Decision) and output.value.policy.version == PRE.name for output in done.outputs):
            raise ValueError
        return keep(desk, owner, done, trace, key)

    monkeypatch.setattr(Desk, "keep", refuse)
    shadow = Shadow(PRE_RULES)
    assert list(judged(shadow)) == expected
    assert shadow.faults == 2


def test_a_shadows_damaged_state_does_not_stop_the_worker() -> None:
    """What the shadow remembers can't be read any more: it is counted, and the live version judges on."""

    class Damaged(MemoryState):
        def get(self, key: bytes) -> bytes | None:
            return b"damaged" if key.startswith(MARK.encode()) else None

    shadow = Shadow(PRE_RULES)
    outputs = PolicyJudge(Rules(merger_at=MERGER), 1, shadow=shadow).judge(0, told(), Damaged(), MILLISECONDS).outputs
    assert list(outputs) == live(judged(None))
    assert shadow.faults == 2


def test_a_version_that_judges_nothing_stops_the_start() -> None:
    """A policy that is not in force from the merger on, or that is not there, is refused with the remedy."""
    with pytest.raises(SettingsError, match="not in force from the merger: give one that is"):
        versions_for("pre-merger", MERGER)
    with pytest.raises(SettingsError, match="give one of `merged`, `pre-merger`, or a file"):
        versions_for("nosuch", MERGER)
