from streams.console.course import Course, Point


def test_what_is_not_known_is_a_gap() -> None:
    """A poll without an answer parts the line; it is never drawn as nothing behind."""
    course = Course()
    for at, seconds in enumerate([0.0, 10.0, None, 5.0, 5.0]):
        course.points.append(Point(float(at), None, seconds))

    assert course.lines("seconds") == ["0.0,120.0 180.0,0.0", "540.0,60.0 720.0,60.0"]
    assert course.lines("records") == []


def test_nothing_known_has_no_most() -> None:
    """Of a measure that was never known neither the latest nor the most is a number."""
    course = Course()
    course.points.append(Point(0.0, 3, None))

    assert (course.most("seconds"), course.latest("seconds")) == (None, None)
    assert (course.most("records"), course.latest("records")) == (3, 3)
