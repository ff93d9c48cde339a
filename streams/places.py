"""An error as its type and place: never what it says, for it may quote a record, and never a local variable."""

import traceback

DEEPEST = 5
"""Frames shown of each error, the innermost."""
LONGEST = 4
"""Errors shown of a chain of causes."""


def chain(error: BaseException | None) -> list[str]:
    """The error and what caused it, each as `Type at file:line in function < ...`, innermost place first."""
    told: list[str] = []
    while error is not None and len(told) < LONGEST:
        told.append(told_of(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def told_of(error: BaseException) -> str:
    """One error's type and places."""
    frames = list(traceback.walk_tb(error.__traceback__))[-DEEPEST:]
    places = " < ".join(f"{_short(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}" for frame, line in reversed(frames))
    return f"{type(error).__name__} at {places or 'an unknown place'}"


def _short(path: str) -> str:
    """The last two steps of a path: enough to find the module, and nothing of the machine."""
    return "/".join(path.replace("\\", "/").split("/")[-2:])
