"""Tests of the market-wide breakers: allow, edge and trip."""

from __future__ import annotations

import pytest

from engine.market.mechanics.breakers import BreakerLevel, Breakers, BreakerWatch
from engine.market.mechanics.common import day_ns
from engine.market.model_document import MarketError

USD = 1_000_000
LEVELS = (BreakerLevel(fall_pct=7, halt_s=900), BreakerLevel(fall_pct=13, halt_s=900), BreakerLevel(fall_pct=20))


def watch(start: str = "09:30:00", close_usd: float | None = None) -> BreakerWatch:
    """Breakers over an index that closed at 100, or opens there."""
    rule = Breakers(source="a test", index_symbol="SPY", previous_close_usd=close_usd, levels=LEVELS)
    return BreakerWatch(rule, 100 * USD, day_ns(start))


def tripped(breakers: BreakerWatch, *prices: float, t_ns: int = 0) -> list[int]:
    """The level that each price trips; 0 for none."""
    found = [breakers.trade(t_ns, round(price * USD)) for price in prices]
    return [0 if one is None else one.number for one in found]


@pytest.mark.parametrize(
    ("price", "level"),
    [(100, 0), (120, 0), (93.01, 0), (93.0, 1), (87.01, 1), (87.0, 2), (80.01, 2), (80.0, 3), (10, 3)],
)
def test_a_level_trips_at_exactly_its_fall(price: float, level: int) -> None:
    """7, 13 and 20 % below the previous close; the deepest that is reached."""
    assert tripped(watch(), price) == [level]


def test_each_level_trips_once_a_day() -> None:
    """And one that was passed over does not trip on the way back."""
    assert tripped(watch(), 93, 92, 100, 92, 86, 85, 79, 78) == [1, 0, 0, 0, 2, 0, 3, 0]
    assert tripped(watch(), 86, 92, 79) == [2, 0, 3]


@pytest.mark.parametrize(("start", "level"), [("15:24:59", 1), ("15:25:00", 0)])
def test_from_half_an_hour_before_the_close_only_the_last_level_trips(start: str, level: int) -> None:
    """At 15:25 sharp a fall of 7 % halts nothing, one of 20 % does."""
    assert tripped(watch(start), 93) == [level]
    assert tripped(watch(start), 80) == [3]


def test_the_close_of_the_document_counts() -> None:
    """An index that opened at 100 after a close of 110 has fallen already."""
    assert tripped(watch(close_usd=110), 102.31, 102.3) == [0, 1]


@pytest.mark.parametrize("falls", [(13, 7), (7, 7), (7, 20, 13)])
def test_levels_that_are_not_in_order_are_refused(falls: tuple[float, ...]) -> None:
    """Level 2 of a list is the second that a falling market meets, or somebody is mistaken."""
    levels = tuple(BreakerLevel(fall_pct=fall) for fall in falls)

    with pytest.raises(MarketError, match=rf"was expected, was {falls[-1]:g}"):
        Breakers(source="a test", index_symbol="SPY", levels=levels)
