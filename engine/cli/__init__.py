"""The command ``stress``: one file per verb. Nothing heavy is imported before a verb needs it."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from engine.base.errors import ExitCode, StressError

READER_GONE = 141
"""What a shell says of a process that SIGPIPE has ended: 128 + 13."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    debug = "--debug" in sys.argv
    if debug:
        sys.argv.remove("--debug")
    try:
        code = _guarded(debug)
    except BrokenPipeError:  # while an error was told
        code = _reader_gone()
    sys.exit(code)


def _guarded(debug: bool) -> int:
    """The exit code of the command line; every error becomes words, and a bug a report that can be pasted."""
    from engine.cli.app import app

    try:
        code = app(standalone_mode=False)  # what typer.Exit carried; None or anything else from a verb that just ended
        sys.stdout.flush()
    except SystemExit as error:  # none of ours: the command line is told to return its code
        if isinstance(error.__context__, BrokenPipeError):  # typer's answer to one
            return _reader_gone()
        return _usage_or_bug(error, debug)
    except KeyboardInterrupt:
        print("stress: interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return _reader_gone()
    except StressError as error:
        if debug:
            traceback.print_exc()
        print(_words(error), file=sys.stderr)
        return error.exit_code
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EBADF, errno.EIO):
            return _cannot_write(error)
        return _usage_or_bug(error, debug)
    except Exception as error:  # noqa: BLE001 - the one place where everything unexpected ends
        return _usage_or_bug(error, debug)
    return code if isinstance(code, int) else ExitCode.PASS


def _reader_gone() -> int:
    """Whoever read our output (``| head``) has what they wanted: end without a word, as by SIGPIPE, never with 0."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return READER_GONE


def _cannot_write(error: OSError) -> int:
    """Standard output is full or closed: nobody can read a verdict that was not printed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with suppress(OSError):
        print(f"stress: the output cannot be written: {error.strerror}", file=sys.stderr)
    return ExitCode.NOT_READY


def _words(error: StressError) -> str:
    """An expected error as the user reads it."""
    text = str(error)
    return text if ": error[" in text else f"stress: {text}"


def _usage_or_bug(error: BaseException, debug: bool) -> int:
    show = getattr(error, "show", None)
    if callable(show):
        show()
        return ExitCode.USAGE
    if type(error).__name__ == "Abort":
        return ExitCode.INTERRUPTED
    if debug:
        traceback.print_exc()
    else:
        report = _bug_report(error)
        print(
            f"stress: this is a bug of stress: {type(error).__name__}: {error}\n"
            f"The details are in {report}; please report it, with that file.",
            file=sys.stderr,
        )
    return ExitCode.BUG


def _bug_report(error: BaseException) -> str:
    """Write a report that can be pasted; its name, or where it went instead."""
    import platform

    import engine

    text = (
        f"stress {engine.__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}\n\n"
        f"```\n{''.join(traceback.format_exception(error))}```\n"
    )
    report = Path("stress-bug.md")
    try:
        report.write_text(text, encoding="utf-8")
    except OSError:
        print(text, file=sys.stderr)
        return "the lines above"
    return str(report)
