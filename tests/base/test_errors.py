"""Errors and exit codes: the numbers are a promise to every script that calls the command."""

from __future__ import annotations

import pytest

from engine.base.errors import ExitCode, NotReadyError, PluginError, StressError, UsageError

DESIGN = {
    "PASS": 0,
    "FAIL": 1,
    "USAGE": 2,
    "INVALID_DOCUMENT": 3,
    "NOT_READY": 4,
    "NO_VERDICT": 5,
    "WAITING": 6,
    "BUG": 70,
    "INTERRUPTED": 130,
}
"""The exit codes of the design, word for word; change them only with a major version."""


def test_the_exit_codes_are_those_of_the_design() -> None:
    """All of them, and no other."""
    assert {code.name: code.value for code in ExitCode} == DESIGN


@pytest.mark.parametrize(("error", "code"), [(UsageError, 2), (PluginError, 3), (NotReadyError, 4), (StressError, 70)])
def test_every_error_knows_its_exit_code(error: type[StressError], code: int) -> None:
    """Also on the class, before one is raised."""
    assert error.exit_code == code
    assert error("it went wrong").exit_code == code


def test_an_error_says_what_is_wrong_and_what_to_do() -> None:
    """Two lines; one, if there is nothing to do."""
    assert str(StressError("the lock is held", "wait for it")) == "the lock is held\nwait for it"
    assert str(StressError("the lock is held")) == "the lock is held"


def test_an_error_keeps_reason_and_instruction_apart() -> None:
    """So that JSON output can carry them as two fields."""
    error = NotReadyError("the folder is read-only", "name another one")

    assert (error.reason, error.instruction, error.args) == (
        "the folder is read-only",
        "name another one",
        ("the folder is read-only",),
    )
