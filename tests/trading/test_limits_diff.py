"""What changed between two limits documents, and whether that lets more through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trading.limits import Bound, GroupLimits, Limits
from engine.trading.limits_diff import Change, Difference, limits_diff

from .plain_view import firm_limits, instrument_limits, limits


def of_symbol(**changes: Any) -> Limits:
    """Limits with these of SPY."""
    return limits(spy=instrument_limits(**changes))


def test_the_same_limits_have_no_difference() -> None:
    """Equal, not only identical."""
    assert limits_diff(limits(), limits()) == ()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            of_symbol(position=Bound(hard=100)),
            of_symbol(position=Bound(hard=99)),
            Difference("instrument.SPY.position_shares.hard", 100, 99, Change.TIGHTENED),
        ),
        (
            limits(firm=firm_limits(rate=Bound(hard=10))),
            limits(firm=firm_limits(rate=Bound(hard=11))),
            Difference("firm.order_rate_per_s.hard", 10, 11, Change.LOOSENED),
        ),
        (
            limits(),
            of_symbol(short_shares=Bound(hard=0)),
            Difference("instrument.SPY.short_shares.hard", None, 0, Change.ADDED),
        ),
        (
            limits(),
            of_symbol(order_qty=Bound(hard=500)),
            Difference("instrument.SPY.order_qty_shares.soft", 400, None, Change.REMOVED),
        ),
        (
            of_symbol(slicing_ms=10),
            of_symbol(slicing_ms=20),
            Difference("instrument.SPY.slicing_ms", 10, 20, Change.TIGHTENED),
        ),
        (
            limits(firm=firm_limits(margin_pct=25)),
            limits(firm=firm_limits(margin_pct=20)),
            Difference("firm.margin_pct", 25, 20, Change.LOOSENED),
        ),
        (
            limits(firm=firm_limits(restricted=("A",))),
            limits(firm=firm_limits(restricted=("B", "A"))),
            Difference("firm.restricted", "A", "A, B", Change.TIGHTENED),
        ),
        (
            replace(limits(), desk=GroupLimits(may_trade=("A", "B"))),
            replace(limits(), desk=GroupLimits(may_trade=("A",))),
            Difference("desk.may_trade", "A, B", "A", Change.TIGHTENED),
        ),
        (
            replace(limits(), desk=GroupLimits(may_trade=("A",))),
            replace(limits(), desk=GroupLimits(may_trade=("B",))),
            Difference("desk.may_trade", "A", "B", Change.CHANGED),
        ),
        (limits(), replace(limits(), version=2), Difference("version", 1, 2, Change.CHANGED)),
        (
            limits(),
            replace(limits(), capital_usd=2_000_000),
            Difference("capital_usd", 1_000_000, 2_000_000, Change.CHANGED),
        ),
    ],
    ids=lambda value: value.limit if isinstance(value, Difference) else "",
)
def test_each_difference_says_what_it_means(old: Limits, new: Limits, expected: Difference) -> None:
    """Old, new, and whether an order meets more or less."""
    assert limits_diff(old, new) == (expected,)


def test_a_symbol_that_is_taken_out_takes_its_limits_with_it() -> None:
    """Each of them by name."""
    found = limits_diff(limits(), replace(limits(), instrument={"SPY": instrument_limits()}))

    assert {one.change for one in found} == {Change.REMOVED}
    assert "instrument.QQQ.position_shares.hard" in {one.limit for one in found}


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_the_way_back_is_the_opposite(first: int, second: int) -> None:
    """What was tightened one way is loosened the other."""
    old, new = of_symbol(position=Bound(hard=first)), of_symbol(position=Bound(hard=second))
    opposite = {Change.TIGHTENED: Change.LOOSENED, Change.LOOSENED: Change.TIGHTENED}

    assert [opposite[one.change] for one in limits_diff(old, new)] == [one.change for one in limits_diff(new, old)]
