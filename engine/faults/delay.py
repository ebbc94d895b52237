"""Delays of messages, in milliseconds: seconds that were typed as milliseconds are refused."""

from __future__ import annotations

from typing import ClassVar

from engine.base.errors import ExitCode, StressError

LEAST_MS = 1
"""No delay of a message is meant to be shorter; our own figure."""


class DelayError(StressError, ValueError):
    """A delay that is too short to be meant; ``at`` leads to its key."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT

    def __init__(self, name: str, delay_ms: float) -> None:
        super().__init__(
            f"{name} is in milliseconds: at least {LEAST_MS}, or 0, was expected, was {delay_ms:g}",
            f"if {delay_ms:g} seconds were meant, write {delay_ms * 1000:g}",
        )
        self.at = (name,)


def expect_delay_ms(name: str, delay_ms: float) -> None:
    """Raise DelayError if the delay under the key *name* is neither 0 nor at least a millisecond."""
    if 0 < delay_ms < LEAST_MS:
        raise DelayError(name, delay_ms)
