"""Tests of the price bands: widths, grid, reference."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.orders import Instrument
from engine.market.mechanics.common import day_ns
from engine.market.mechanics.luld import Bands, Luld, PriceClass, bands_of

USD = 1_000_000
S = 1_000_000_000
OPEN = day_ns("09:30:00")

CLASSES = (
    PriceClass(above_usd=3, tier_1_pct=5, tier_2_pct=10, doubled="tier_1"),
    PriceClass(above_usd=0.7499, tier_1_pct=20, tier_2_pct=20, doubled="all"),
    PriceClass(above_usd=0, tier_1_pct=75, tier_2_pct=75, at_most_usd=0.15, doubled="all"),
)


def luld(**changes: Any) -> Luld:
    """The shipped rule; *changes* go to its fields."""
    return Luld(**({"source": "a test", "classes": CLASSES} | changes))


def bands(price: float, start_ns: int = OPEN, tick: float = 0.01, **changes: Any) -> Bands:
    """The bands of a symbol whose first price is *price*."""
    return Bands(luld(**changes), Instrument("ABC", round(price * USD), round(tick * USD)), start_ns)


def usd(pair: tuple[int, int]) -> tuple[float, float]:
    """Lower and upper band in USD."""
    return pair[0] / USD, pair[1] / USD


@pytest.mark.parametrize(
    ("price", "tier_2", "expected"),
    [
        (100.0, False, (95.0, 105.0)),
        (100.0, True, (90.0, 110.0)),
        (3.01, False, (2.86, 3.16)),
        (3.00, False, (2.40, 3.60)),
        (3.00, True, (2.40, 3.60)),
        (0.75, True, (0.60, 0.90)),
        (0.74, False, (0.59, 0.89)),
        (0.20, False, (0.05, 0.35)),
        (0.10, False, (0.03, 0.18)),
    ],
)
def test_the_width_is_that_of_tier_and_price(price: float, tier_2: bool, expected: tuple[float, float]) -> None:
    """5 or 10 % above 3 USD, 20 % from 0.75, below it the lesser of 0.15 USD and 75 %; to the cent, halves up."""
    assert usd(bands(price, tier_2=("ABC",) if tier_2 else ()).at(0)) == expected


def test_a_leveraged_product_has_a_multiple() -> None:
    """Three times 5 % is 15 %."""
    assert usd(bands(100.0, leverage={"ABC": 3.0}).at(0)) == (85.0, 115.0)


def test_the_previous_close_picks_the_class_and_the_reference_the_place() -> None:
    """Closed at 3.00 and opened at 3.10: 20 % of 3.10."""
    assert usd(bands(3.10, previous_close_usd={"ABC": 3.0}).at(0)) == (2.48, 3.72)


@pytest.mark.parametrize(
    ("time", "price", "tier_2", "expected"),
    [
        ("09:29:59", 100.0, False, (0, 0)),
        ("09:30:00", 100.0, False, (95.0, 105.0)),
        ("15:34:59", 100.0, False, (95.0, 105.0)),
        ("15:35:00", 100.0, False, (90.0, 110.0)),
        ("15:35:00", 100.0, True, (90.0, 110.0)),
        ("15:35:00", 3.0, True, (1.80, 4.20)),
        ("15:35:00", 0.20, False, (0.01, 0.50)),
        ("15:59:59", 100.0, False, (90.0, 110.0)),
        ("16:00:00", 100.0, False, (0, 0)),
    ],
)
def test_bands_hold_in_hours_and_are_doubled_before_the_close(
    time: str, price: float, tier_2: bool, expected: tuple[float, float]
) -> None:
    """Tier 1, and Tier 2 up to 3 USD, from 15:35 on; a lower band is never below one tick."""
    its = bands(price, tier_2=("ABC",) if tier_2 else ())

    assert usd(its.at(day_ns(time) - OPEN)) == expected


def test_bands_change_by_the_clock_at_three_times() -> None:
    """Those that lie ahead."""
    assert bands(100.0, start_ns=day_ns("15:00:00")).change_times_ns() == [2_100 * S, 3_600 * S]
    assert bands(100.0, start_ns=day_ns("16:00:00")).change_times_ns() == []


@pytest.mark.parametrize(
    ("price", "t_s", "moves"),
    [(101.0, 30, True), (100.99, 30, False), (99.0, 30, True), (99.01, 30, False), (150.0, 29.999, False)],
)
def test_the_reference_moves_by_one_percent_and_after_thirty_seconds(price: float, t_s: float, moves: bool) -> None:
    """Exactly 1 % and exactly 30 s are enough, in either direction."""
    its = bands(100.0)
    its.trade(1, round(price * USD))

    assert its.recompute(round(t_s * S)) is moves
    assert its.reference_micros == (round(price * USD) if moves else 100 * USD)


def test_the_reference_is_the_mean_of_the_last_five_minutes() -> None:
    """A trade of exactly five minutes ago counts, an older one does not; each counts alike."""
    its = bands(100.0)
    for t_s, price in ((0, 90), (10, 104), (300, 102)):
        its.trade(t_s * S, price * USD)

    assert its.recompute(300 * S) is True
    assert its.reference_micros == round((90 + 104 + 102) / 3 * USD)
    assert its.recompute(310 * S) is False  # a mean that has not held for 30 s stays
    assert its.recompute(330 * S) is True
    assert its.reference_micros == 102 * USD


def test_without_trades_the_reference_stays() -> None:
    """Whatever the time."""
    assert bands(100.0).recompute(10_000 * S) is False


def test_a_restart_forgets_what_was_traded() -> None:
    """The reopening price is the reference, and only what comes after it counts."""
    its = bands(100.0)
    its.trade(0, 200 * USD)
    its.restart(60 * S, 80 * USD)
    its.trade(61 * S, 90 * USD)

    assert its.reference_micros == 80 * USD
    assert its.recompute(89 * S) is False
    assert its.recompute(90 * S) is True
    assert its.reference_micros == 90 * USD


def test_a_price_that_no_class_holds_is_refused() -> None:
    """By name of the block."""
    with pytest.raises(LookupError, match=r"no price class of luld holds a close of 2 USD"):
        bands_of(luld(classes=CLASSES[:1]), {"ABC": Instrument("ABC", 2 * USD, 10_000)}, OPEN)
