"""A person at a simulated desk: the command goes its way, and what is told is what the venue saw."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import UsageError
from engine.base.units import NS_PER_S
from engine.domain.governance import Level
from engine.domain.records import GovernorState, Record
from engine.faults.operator_control import OperatorControl
from engine.runs.control import Commanded, DeskPlay, play_desk, states
from tests.faults.driver import quiet_log
from tests.runs.small import Desk

PASSIVE = {
    "strategy": {
        "kind": "directional",
        "side": "long",
        "target_shares": 6000,
        "order_qty_shares": 10,
        "orders_per_s": 10,
        "passive_pct": 100,
        "passive_life_s": 60,
    },
    "governor": {"kind": "reference"},
    "limits": "limits/equity_day",
    "venue": "venues/equity_us",
    "profile": "profiles/default",
}
DEAF = """
from engine.domain.governance import APPROVED


class Deaf:
    def __init__(self, limits, instruments):
        pass

    def decide(self, order, view):
        return APPROVED

    def on_fill(self, fill, view):
        return ()

    on_market = on_control = on_fill

    def on_timer(self, view):
        return ()
"""


def played(tmp_path: Path, at_s: float | None = 150, **said: Any) -> DeskPlay:
    """The small scenario with orders that rest, and a command at *at_s*."""
    plan = Desk(tmp_path).plan(desk=PASSIVE)
    return play_desk(plan, OperatorControl(**said) if said else None, at_s)


def commanded(tmp_path: Path, **said: Any) -> Commanded:
    """What came of a command."""
    came = played(tmp_path, **said).commanded
    assert came is not None
    return came


def test_a_stop_cancels_what_works_and_the_venue_says_so(tmp_path: Path) -> None:
    """Every order that worked is acknowledged cancelled, within milliseconds; nothing that raises exposure is taken."""
    told = played(tmp_path, verb="stop", by="ann")
    came = told.commanded
    assert came is not None

    assert (came.acknowledged, came.time_to_hold_ms, came.asked) == (True, 0.0, Level.L2)
    assert (came.cancelled, came.left) == (came.working, 0)
    assert came.working > 5
    assert came.last_cancel_ms is not None
    assert 0 < came.last_cancel_ms < 100
    assert came.last_accept_ms == 0.0
    assert came.positions_after["SPY"] <= came.positions_before["SPY"]  # what reduces may still pass
    assert [(each.scope, each.level, each.reason) for each in told.states] == [("firm", Level.L2, "stop")]


def test_a_flatten_gives_the_position_up(tmp_path: Path) -> None:
    """By the venue observer, at the end of the run, the desk holds less than before."""
    came = commanded(tmp_path, verb="flatten", by="ann")

    assert came.asked is Level.L3
    assert 0 <= came.positions_after["SPY"] < came.positions_before["SPY"]


def test_a_pause_leaves_working_orders_alone(tmp_path: Path) -> None:
    """It holds new risk, no more."""
    came = commanded(tmp_path, verb="pause", by="ann")

    assert (came.acknowledged, came.asked) == (True, Level.HOLD)
    assert came.left > 0


def test_a_resume_of_a_desk_that_runs_is_acknowledged_at_once(tmp_path: Path) -> None:
    """It stands where it was asked to."""
    came = commanded(tmp_path, verb="resume", by="ann")

    assert (came.acknowledged, came.asked, came.last_accept_ms) == (True, Level.RUNNING, 0.0)


def test_a_governor_that_does_not_listen_is_found_out(tmp_path: Path) -> None:
    """No acknowledgement; its orders are taken on for as long as anybody looks, and keep working."""
    (tmp_path / "deaf.py").write_text(DEAF, encoding="utf-8")
    plan = Desk(tmp_path).plan(desk=PASSIVE | {"governor": {"kind": "python", "target": "deaf:Deaf"}})
    came = play_desk(plan, OperatorControl(verb="stop", by="ann"), 150).commanded
    assert came is not None

    assert (came.acknowledged, came.time_to_hold_ms) == (False, None)
    assert came.last_accept_ms > 4_000
    assert came.left > 0


def test_without_a_command_only_the_states_are_told(tmp_path: Path) -> None:
    """Nobody spoke, nothing was held."""
    told = played(tmp_path)

    assert told.commanded is None
    assert [(each.scope, each.level) for each in told.states] == [("firm", Level.RUNNING)]
    assert (told.scenario, told.seed, told.end_ns, told.aborted) == ("small", 7, 200 * NS_PER_S, False)


@pytest.mark.parametrize("at_s", [0, -1, 195.1, 1e9, float("nan")])
def test_a_time_outside_of_the_run_is_refused(at_s: float, tmp_path: Path) -> None:
    """An answer needs its five seconds."""
    with pytest.raises(UsageError, match="at most 195 s was expected"):
        played(tmp_path, at_s, verb="stop", by="ann")


def test_the_middle_of_the_run_is_the_time_if_none_is_said(tmp_path: Path) -> None:
    """And the last possible time is five seconds before the end."""
    middle, last = played(tmp_path, None, verb="stop", by="ann"), played(tmp_path, 195, verb="stop", by="ann")

    assert middle.commanded is not None
    assert last.commanded is not None
    assert (middle.commanded.at_ns, last.commanded.at_ns) == (100 * NS_PER_S, 195 * NS_PER_S)


def test_a_run_that_is_ended_before_the_command_says_that_nothing_was_commanded(tmp_path: Path) -> None:
    """Ctrl-C at the first look."""
    plan = Desk(tmp_path).plan()
    told = play_desk(plan, OperatorControl(verb="stop", by="ann"), 150, look=lambda _: False)

    assert (told.aborted, told.commanded) == (True, None)


def test_the_last_word_on_each_scope_counts() -> None:
    """In the order in which the governor first spoke of them, the firm first."""
    records: list[Record] = [
        GovernorState(1, "SPY", 1, "paused", 1),
        GovernorState(2, "firm", 4, "stop", 2),
        GovernorState(3, "SPY", 0, "resumed", 3),
    ]

    assert [(each.scope, int(each.level), each.since_ns, each.reason) for each in states(quiet_log(records))] == [
        ("firm", 4, 2, "stop"),
        ("SPY", 0, 3, "resumed"),
    ]
