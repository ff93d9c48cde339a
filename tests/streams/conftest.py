import logging
import sys
import threading
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from streams import logs


@pytest.fixture
def out() -> Iterator[StringIO]:
    """Where the logs of this test go, as JSON; what was set before is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    stream = StringIO()
    logs.configure("debug", "json", stream)
    yield stream
    logging.captureWarnings(False)  # noqa: FBT003 - the library's signature
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    structlog.reset_defaults()
