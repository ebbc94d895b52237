"""Tests of stop logic: allow, edge and trip."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.orders import Instrument
from engine.market.mechanics.stop_logic import FastMoves, StopLogic
from engine.market.model_document import MarketError

MS = 1_000_000
TICK = 10_000
INSTRUMENT = Instrument("ES", 100_000_000, TICK)


def moves(**changes: Any) -> FastMoves:
    """Ten ticks within a second."""
    settings: dict[str, Any] = {"source": "a test", "move_ticks": 10, "within_ms": 1_000} | changes
    return FastMoves(StopLogic(**settings), INSTRUMENT)


def trips(its: FastMoves, *trades: tuple[int, int]) -> list[bool]:
    """Whether each trade (milliseconds, ticks from 100) trips it."""
    return [its.trade(ms * MS, 100_000_000 + ticks * TICK) for ms, ticks in trades]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_move_of_exactly_so_many_ticks_trips_it(sign: int) -> None:
    """In either direction; one tick less does not."""
    assert trips(moves(), (0, 0), (1, 9 * sign)) == [False, False]
    assert trips(moves(), (0, 0), (1, 10 * sign)) == [False, True]


def test_a_move_takes_exactly_so_long() -> None:
    """A trade of exactly a second ago counts, an older one does not."""
    assert trips(moves(), (0, 0), (1_000, 10)) == [False, True]
    assert trips(moves(), (0, 0), (1_001, 10)) == [False, False]


def test_the_extremes_of_the_window_count_and_not_the_last_price() -> None:
    """Up five, down four, up five, down ten from the top."""
    assert trips(moves(), (0, 0), (10, 5), (20, 1), (30, 6), (40, -3), (50, -4)) == [False] * 5 + [True]


def test_a_restart_forgets() -> None:
    """The first trade after a reopening is compared with nothing."""
    its = moves()
    trips(its, (0, 0))
    its.restart()

    assert trips(its, (1, 50), (2, 59), (3, 60)) == [False, False, True]


def test_a_move_may_be_in_percent() -> None:
    """Of the extreme that it left: from 100 one percent is 100 ticks."""
    assert trips(moves(move_ticks=None, move_pct=1.0), (0, 0), (1, 99), (2, 100)) == [False, False, True]
    assert trips(moves(move_ticks=None, move_pct=1.0), (0, 0), (1, -99), (2, -100)) == [False, False, True]


@pytest.mark.parametrize(("ticks", "pct", "was"), [(None, None, "neither"), (3, 1.0, "both")])
def test_the_move_is_said_in_one_way(ticks: int | None, pct: float | None, was: str) -> None:
    """Ticks or percent."""
    with pytest.raises(MarketError, match=f"was {was}"):
        StopLogic(source="a test", move_ticks=ticks, move_pct=pct, within_ms=1)
