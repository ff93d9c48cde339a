import json

from policy.core import Rules
from streams.assessing.assess import MemoryState
from streams.heart.ports import SourceRecord
from streams.judging.judge import PolicyJudge
from streams.judging.memory import owner_and_part
from streams.judging.shadow import MARK, Shadow
from tests.policy.core.driver import MERGER, NOW, message, profile
from tests.streams.judging.test_shadow import MILLISECONDS, PRE_RULES


def test_an_erasure_reaches_what_a_shadow_left_behind() -> None:
    """A worker that runs without the shadow of before takes the person's profile and facts out of that shadow's state too."""
    told = message("e1", NOW, [{"kind": "suicide", "thoughts": "yes", "plan": "yes"}])
    state, rules = MemoryState(), Rules(merger_at=MERGER)
    values = [("profiles", profile()), ("messages", told), ("profiles", None)]
    records = [
        SourceRecord(topic, 0, offset, MILLISECONDS, b"u1", None if value is None else json.dumps(value).encode())
        for offset, (topic, value) in enumerate(values)
    ]
    state.apply(PolicyJudge(rules, 1, shadow=Shadow(PRE_RULES)).judge(0, records[:2], state, MILLISECONDS))
    shadows = {owner_and_part(key)[1]: value for key, value in state.values.items() if owner_and_part(key)[0] == MARK + "u1"}
    assert any(b"2011-05-05" in value for value in shadows.values())
    assert any(b"plan" in value for value in shadows.values())

    state.apply(PolicyJudge(rules, 1).judge(0, records[2:], state, MILLISECONDS))
    assert not [key for key, value in state.values.items() if b"2011-05-05" in value or b"plan" in value]
