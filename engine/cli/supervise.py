"""A run with a governor that is not ours plays in a process of its own, and only a finished one may say how it went.

A governor is code of somebody else's in our process: it can end it (``os._exit(0)``) with whatever exit code it likes.
The parent believes an exit code only if the child has said that its result is on disk and printed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from engine.base.errors import ExitCode

_DONE = b"done"


def supervised(play: Callable[[], int]) -> int:
    """The exit code of *play*, run in a child process; NO_VERDICT if the child ended without finishing it."""
    if not hasattr(os, "fork"):
        return play()
    sys.stdout.flush()
    sys.stderr.flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        code = play()
        sys.stdout.flush()
        os.write(writer, _DONE)
        return code
    os.close(writer)
    return _wait(child, reader)


def _wait(child: int, reader: int) -> int:
    """Hand signals on to the child and wait for it; its exit code if it finished its work."""

    def hand_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    old = {number: signal.signal(number, hand_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _, status = os.waitpid(child, 0)
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
    with os.fdopen(reader, "rb") as pipe:
        finished = pipe.read() == _DONE
    code = os.waitstatus_to_exitcode(status)
    if finished or code > 0:  # an error has said so itself; nobody may leave with 0 (or by a signal) unfinished
        return code
    print("stress: the run ended without a result: something in the governor ended the process", file=sys.stderr)
    return ExitCode.NO_VERDICT
