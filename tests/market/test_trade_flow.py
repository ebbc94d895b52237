"""Tests of the trading of others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.orders import Side
from engine.kernel.streams import stream
from engine.market.trade_flow import MAX_TRADES_PER_STEP, TradeFlow


def flow(mean_shares: float = 100) -> TradeFlow:
    """A flow of the seed 7."""
    return TradeFlow(stream(7, "test"), mean_shares)


def test_counts_sizes_and_signs_are_as_declared() -> None:
    """Over 40,000 expected trades the mean count, size and sign are within four standard errors."""
    others = flow()
    trades = [trade for _ in range(10_000) for trade in others.step(4.0)]

    assert len(trades) == pytest.approx(40_000, abs=4 * 200)
    assert sum(qty for _, qty in trades) / len(trades) == pytest.approx(100, abs=4 * 100 / 200)
    assert sum(int(side) for side, _ in trades) / len(trades) == pytest.approx(0, abs=4 / 200)
    assert min(qty for _, qty in trades) >= 1


@given(st.lists(st.integers(0, 16), min_size=1, max_size=40))
def test_trades_do_not_depend_on_how_activity_is_cut(eighths: list[int]) -> None:
    """The same activity in one step or in many gives the same trades."""
    # Eighths are exact in binary, so that the sums are equal and not only close.
    cut, whole = flow(), flow()
    parts = [trade for each in eighths for trade in cut.step(each / 8)]

    assert parts == whole.step(sum(eighths) / 8)


def test_no_activity_is_no_trade() -> None:
    """Nothing expected, nothing traded, for any length of time."""
    quiet = flow()

    assert [quiet.step(0.0) for _ in range(100)] == [[]] * 100


def test_a_size_of_one_share_is_allowed() -> None:
    """The smallest mean gives single shares."""
    assert {qty for _, qty in flow(1).step(50)} == {1}


def test_a_step_has_a_limit() -> None:
    """A lever pulled beyond reason does not hang the run."""
    assert len(flow().step(1e9)) == MAX_TRADES_PER_STEP


def test_both_sides_are_drawn() -> None:
    """Others buy and sell."""
    assert {side for side, _ in flow().step(100)} == {Side.BUY, Side.SELL}
