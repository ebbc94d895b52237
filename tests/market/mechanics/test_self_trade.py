"""Tests of what each mode of self-trade prevention takes out."""

from __future__ import annotations

import pytest

from engine.market.mechanics.self_trade import Mode, SelfTrade


@pytest.mark.parametrize(
    ("mode", "arriving", "resting", "cuts"),
    [
        ("cancel_newest", 30, 50, (30, 0)),
        ("cancel_oldest", 30, 50, (0, 50)),
        ("cancel_both", 30, 50, (30, 50)),
        ("decrement_and_cancel", 30, 50, (30, 30)),
        ("decrement_and_cancel", 50, 30, (30, 30)),
        ("decrement_and_cancel", 40, 40, (40, 40)),
    ],
)
def test_each_mode_takes_out_its_own(mode: Mode, arriving: int, resting: int, cuts: tuple[int, int]) -> None:
    """Shares that the arriving and the resting order lose."""
    assert SelfTrade(source="a test", mode=mode).cuts(arriving, resting) == cuts
