"""docs/reference/governor.md says what the code does: methods, commands, capabilities, reason codes."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from engine.domain.governance import CONTRACT_VERSION, Command, Level
from engine.trading.governor_documents import METHODS
from engine.trading.governor_state import STATE_SCHEMA
from engine.trading.limits_source import SOURCE_REASONS
from engine.trading.reasons import REASONS
from engine.trading.reference import REJECTS, REPEATED, STRAYS, TERMINATED, ReferenceGovernor

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "reference" / "governor.md").read_text(encoding="utf-8")
TRADING = REPOSITORY / "engine" / "trading"
MODULES = sorted([*TRADING.glob("checks*.py"), *TRADING.glob("ask*.py"), TRADING / "reference.py"])


def said() -> set[str]:
    """Every reason code that a check gives, as its source says: the texts in calls of ``deny`` and ``within``."""
    found: set[str] = set()
    for module in MODULES:
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("deny", "within"):
                found |= {text for arg in call.args for text in _texts(arg)}
    return found


def _texts(arg: ast.expr) -> set[str]:
    """The texts that an argument may be; those of a condition's two sides, but not of its test."""
    if isinstance(arg, ast.IfExp):
        return _texts(arg.body) | _texts(arg.orelse)
    return {arg.value} if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else set()


def test_every_reason_code_stands_in_the_table_as_in_the_code() -> None:
    """In the order of the checks, with its meaning."""
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)

    assert rows == [(one.code, str(one.check), one.meaning) for one in REASONS]


def test_every_code_that_a_check_gives_is_catalogued() -> None:
    """And nothing is catalogued that no check gives; some codes are made of a state, a loss or a constant."""
    made = {f"market_{state}" for state in ("limit_state", "paused", "halted", "closed")}
    made |= {"daily_loss", "drawdown", TERMINATED, *SOURCE_REASONS}

    assert said() | made == {one.code for one in REASONS}


def test_every_check_of_the_twenty_is_there() -> None:
    """The tenth stops a strategy and denies by that."""
    assert {one.check for one in REASONS} == {*range(1, 21)} - {10}


def test_methods_commands_levels_and_capabilities_are_named() -> None:
    """A new one has to be said here."""
    commands = [kind.__name__ for kind in Command.__args__]
    words = [*METHODS, "on_update", "on_parent", "watch", "snapshot", *commands, *(level.name for level in Level)]

    assert [word for word in words if f"`{word}" not in PAGE] == []
    listed = PAGE.partition("## Capabilities")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", listed)) - {"capabilities"} == ReferenceGovernor.capabilities


def test_reasons_of_stops_and_versions_are_named() -> None:
    """What a reader of the log meets."""
    for word in (REPEATED, REJECTS, STRAYS, TERMINATED, "state_lost", STATE_SCHEMA, f'"{CONTRACT_VERSION}"'):
        assert word in PAGE
