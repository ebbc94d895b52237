"""The errors of the house and the exit codes they end in.

StressError              what went wrong and what to do about it
├── UsageError           exit 2: the command line makes no sense
├── DocumentError        exit 3: a document or the configuration is invalid (carries problems)
├── NotReadyError  exit 4: a file, a server or a lock is missing or unreachable
└── PluginError          exit 3: a fault, metric or model that could not be loaded
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the command's exit status means."""

    PASS = 0
    """Every gate was decided and none failed."""
    FAIL = 1
    """A gate failed; a runbook degraded or failed; a difference was found."""
    USAGE = 2
    """The command line makes no sense."""
    INVALID_DOCUMENT = 3
    """A YAML document or the configuration is invalid."""
    NOT_READY = 4
    """A dependency is unreachable, a lock is held, the environment is not ready."""
    NO_VERDICT = 5
    """NO_EVIDENCE, INVALID or ABORTED; a certificate is missing, void or expired."""
    WAITING = 6
    """Waiting for an approval."""
    BUG = 70
    """Our bug."""
    INTERRUPTED = 130
    """Ended by Ctrl-C."""


class StressError(Exception):
    """Something a person has to know: what is wrong, and what to do next."""

    exit_code: ClassVar[ExitCode] = ExitCode.BUG

    def __init__(self, reason: str, instruction: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.instruction = instruction

    def __str__(self) -> str:
        return f"{self.reason}\n{self.instruction}" if self.instruction else self.reason


class UsageError(StressError):
    """The command line makes no sense."""

    exit_code = ExitCode.USAGE


class NotReadyError(StressError):
    """A file, a server or a lock that is needed is missing or unreachable."""

    exit_code = ExitCode.NOT_READY


class PluginError(StressError):
    """A fault, metric, model or step that could not be loaded; the program stops."""

    exit_code = ExitCode.INVALID_DOCUMENT
