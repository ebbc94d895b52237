"""What happens to tasks that run in processes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.base.errors import StressError


@dataclass(frozen=True)
class Began:
    """The task's process was started."""

    number: int
    attempt: int


@dataclass(frozen=True)
class Said:
    """The task told something on its way."""

    number: int
    text: str


@dataclass(frozen=True)
class Answered:
    """The task is done, and this is what came of it."""

    number: int
    answer: Any
    attempt: int


@dataclass(frozen=True)
class Refused:
    """The task ended in an error that a person can do something about."""

    number: int
    error: StressError


@dataclass(frozen=True)
class Broke:
    """The task ended in a bug of ours."""

    number: int
    error: str
    """Type and message, in a line."""
    traceback: str


@dataclass(frozen=True)
class Died:
    """The task's process ended without an answer; ``again`` says whether it is begun once more."""

    number: int
    how: str
    attempt: int
    again: bool


Event = Began | Said | Answered | Refused | Broke | Died
