from io import StringIO

import pytest
from rich.console import Console

from streams.lag.display import shown
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading, Status
from streams.lag.report import compare

PLACE = Place("vigil", "vigil.non-emergency-referrals", 7)
WELL = Reading(at=110, begin=0, committed=10, end=10, members=1, held=True)


def text(poll: Poll, width: int = 80) -> str:
    """What a terminal of this width, without colours, shows."""
    console = Console(file=StringIO(), width=width)
    console.print(shown(poll))
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_the_status_is_a_word_on_a_narrow_terminal() -> None:
    """Without colours and at 80 columns the status, the lag and the reason can be read."""
    first = Reading(at=100, begin=0, committed=3, end=1_234_567, members=1, held=True)
    last = Reading(at=110, begin=0, committed=3, end=1_234_567, members=1, held=True, oldest_at=10)
    found = text(Poll(compare({PLACE: first}, {PLACE: last})))
    assert "STALLED" in found
    assert "1,234,564" in found
    assert "100.0" in found
    assert "STALLED: a member holds it, records wait and nothing was committed" in found


def test_what_is_not_known_is_a_question_mark() -> None:
    """An unknown number is shown as unknown, not as a nought or an empty cell."""
    line = next(line for line in text(Poll(compare({PLACE: Reading(at=1)}, {PLACE: Reading(at=2)}))).splitlines() if "UNKNOWN" in line)
    assert line.split()[3:] == ["?"] * 5


@pytest.mark.parametrize(
    ("poll", "words"),
    [(Poll([]), "no group is known"), (Poll([], "could not list the groups"), "no broker answers: could not list the groups")],
)
def test_nothing_to_show_is_said(poll: Poll, words: str) -> None:
    """An empty table would look like all is well."""
    assert words in text(poll)


def test_every_status_has_a_style() -> None:
    """No status word can fail to be shown."""
    for status in Status:
        row = compare({PLACE: WELL}, {PLACE: WELL})[0]
        object.__setattr__(row, "status", status)
        assert status.value in text(Poll([row]))
