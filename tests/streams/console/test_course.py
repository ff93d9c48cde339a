from typing import TYPE_CHECKING, Any

from streams.console.course import POINTS, Course, Point
from streams.console.plot import plot
from streams.lag.polling import Poll
from streams.lag.reading import Place, Reading
from streams.lag.report import compare

if TYPE_CHECKING:
    from streams.lag.report import Row


def rows(group: str = "vigil", partition: int = 0, **values: Any) -> "list[Row]":
    """One place of which this is known, in two samples ten seconds apart."""
    place = Place(group, "vigil.posts", partition)
    return compare({place: Reading(at=0, **values)}, {place: Reading(at=10, **values)})


WELL: dict[str, Any] = {"begin": 0, "committed": 5, "end": 5, "members": 1, "held": True}
STALLED: dict[str, Any] = {**WELL, "end": 8, "oldest_at": 3.0}


def test_what_is_not_known_is_a_gap() -> None:
    """A poll without an answer parts the line and is marked; it is never drawn as nothing behind."""
    points = [Point(float(at), None, seconds) for at, seconds in enumerate([0.0, 10.0, None, 5.0, 5.0])]
    seconds, records = plot(points, "seconds"), plot(points, "records")

    assert seconds.lines == ("0.0,120.0 180.0,0.0", "540.0,60.0 720.0,60.0")
    assert seconds.gaps == ((180.0, 360.0),)
    assert (records.lines, records.gaps) == ((), ((0.0, 720.0),))
    assert plot(points[:1], "records").gaps == ((0.0, 720.0),)


def test_time_goes_from_left_to_right() -> None:
    """Points stand where their time is, however long polls took."""
    points = [Point(0.0, 0, 0.0), Point(10.0, 1, 0.0), Point(100.0, 1, 0.0)]

    assert plot(points, "records").lines == ("0.0,120.0 72.0,0.0 720.0,0.0",)


def test_nothing_known_has_no_most() -> None:
    """Of a measure that was never known neither the latest nor the most is a number."""
    seconds, records = (plot([Point(0.0, 3, None)], measure) for measure in ("seconds", "records"))

    assert (seconds.most, seconds.latest) == (None, None)
    assert (records.most, records.latest) == (3, 3)


def test_one_unknown_partition_makes_the_sum_unknown() -> None:
    """A sum of all partitions is not said where one of them isn't known; another group's is not among them."""
    known = Course("vigil", 10).taken(Poll(rows(**STALLED) + rows("other", **STALLED)), 10)
    unknown = known.taken(Poll(rows(**STALLED) + rows(partition=1)), 20)

    assert known.points == (Point(10, 3, 7.0),)
    assert unknown.points[-1] == Point(20, None, None)


def test_judging_is_well_only_where_every_partition_is() -> None:
    """No poll, an old one, one without an answer or without the group is not known; one partition in trouble is named with its wait."""
    empty = Course("vigil", 10)
    well = empty.taken(Poll(rows(**WELL)), 100)
    behind = empty.taken(Poll(rows(**WELL) + rows(partition=1, **STALLED)), 100)

    assert well.judging(110).state == "well"
    unknown = [empty, empty.taken(Poll(rows(**WELL), "no broker"), 100), empty.taken(Poll(rows("other", **WELL)), 100)]
    assert [course.judging(110).state for course in unknown] == ["unknown"] * 3
    assert well.judging(131).state == "unknown"
    partly = empty.taken(Poll(rows(**WELL) + rows(partition=1)), 100).judging(110)
    assert (partly.state, partly.words) == ("unknown", (("UNKNOWN", 1),))
    said = behind.judging(110)
    assert (said.state, said.words, said.places, said.seconds) == ("behind", (("STALLED", 1),), 2, 7.0)


def test_the_worst_comes_first() -> None:
    """Of a group the partitions in trouble stand above those that are well, and the workers' group above others."""
    course = Course("vigil", 10).taken(Poll(rows("a", **WELL) + rows(**WELL) + rows(partition=1, **STALLED)), 1)

    assert list(course.groups()) == ["vigil", "a"]
    assert [row.partition for row in course.groups()["vigil"]] == [1, 0]


def test_the_course_is_bounded() -> None:
    """Only the newest points are kept, and a poll without an answer leaves when brokers last answered."""
    course = Course("vigil", 10)
    for at in range(POINTS + 5):
        course = course.taken(Poll(rows(**WELL)), at)
    troubled = course.taken(Poll([], "no broker"), POINTS + 5)

    assert [point.at for point in (course.points[0], course.points[-1])] == [5, POINTS + 4]
    assert len(troubled.points) == POINTS
    assert (troubled.at, troubled.answered_at) == (POINTS + 5, POINTS + 4)
