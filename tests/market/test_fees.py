"""Tests of the venue's fees."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.fees import FeePeriod, FeeSchedule
from engine.domain.orders import Side
from engine.market.fees import VenueFees
from engine.market.model_document import MarketError

from .samples import BUY, SELL, fees

PRICE = 540_000_000


def charged(side: Side, qty: int, *, maker: bool = False, price_micros: int = PRICE, **changes: Any) -> int:
    """What the sample schedule charges on a day of 2025."""
    return VenueFees(fees(**changes), "2025-03-03").charge_micros(side, qty, price_micros, maker=maker)


def test_a_buy_pays_the_taker_fee_alone() -> None:
    """100 shares at 0.0030: 30 cents."""
    assert charged(BUY, 100) == 300_000


def test_a_buy_that_adds_liquidity_earns_the_rebate() -> None:
    """100 shares at −0.0020: 20 cents back."""
    assert charged(BUY, 100, maker=True) == -200_000


def test_a_sell_pays_the_regulators_too() -> None:
    """0.30 taker, 54,000 USD at 27.80 a million = 1.5012, 100 shares at 0.000166 = 0.0166."""
    assert charged(SELL, 100) == 300_000 + 1_501_200 + 16_600


@pytest.mark.parametrize(("qty", "taf_micros"), [(49_999, 8_299_800), (50_000, 8_300_000), (1_000_000, 8_300_000)])
def test_the_activity_fee_stops_at_its_cap(qty: int, taf_micros: int) -> None:
    """0.000166 a share reaches 8.30 at 50,000 shares and stays there."""
    only_taf: dict[str, Any] = {"taker_usd_per_share": 0, "sec_usd_per_million": 0}

    assert charged(SELL, qty, **only_taf) == taf_micros


@pytest.mark.parametrize(
    ("rounding", "rate", "expected"),
    [
        ("half_even", 0.005, 0),
        ("half_even", 0.015, 20_000),
        ("half_even", 0.0051, 10_000),
        ("half_even", -0.005, 0),
        ("half_even", -0.015, -20_000),
        ("up", 0.0001, 10_000),
        ("up", 0.01, 10_000),
        ("up", -0.0199, -10_000),
        ("up", 0.0, 0),
    ],
)
def test_each_fee_is_rounded_as_declared(rounding: str, rate: float, expected: int) -> None:
    """To the cent: a tie goes to the even cent, ``up`` never in the member's favour."""
    assert charged(BUY, 1, taker_usd_per_share=rate, rounding=rounding, round_to_usd=0.01) == expected


def test_fees_are_rounded_one_by_one() -> None:
    """Three fees of less than a cent, each rounded up to one: three cents, not one."""
    tiny: dict[str, Any] = {
        "taker_usd_per_share": 0.001,
        "sec_usd_per_million": 0.01,
        "rounding": "up",
        "round_to_usd": 0.01,
    }

    assert charged(SELL, 1, **tiny) == 30_000


@given(
    st.sampled_from([BUY, SELL]),
    st.booleans(),
    st.integers(1, 10_000_000),
    st.integers(1, 10**12),
    st.sampled_from(["half_even", "up"]),
    st.sampled_from([0.000001, 0.0001, 0.01, 1.0]),
)
def test_rounding_moves_each_fee_by_less_than_a_unit(
    side: Side, maker: bool, qty: int, price_micros: int, rounding: str, unit_usd: float
) -> None:
    """Against exact fractions: whole units, and at most half a unit (or under one, upwards) off each fee."""
    exact = qty * (Fraction(-2000) if maker else Fraction(3000))
    if side is SELL:
        exact += Fraction(qty * price_micros) * Fraction("27.8") / 1_000_000
        exact += min(qty * Fraction(166), Fraction(8_300_000))
    unit = Fraction(str(Decimal(str(unit_usd)))) * 1_000_000
    total = charged(side, qty, maker=maker, price_micros=price_micros, rounding=rounding, round_to_usd=unit_usd)
    off, count = total - exact, 3 if side is SELL else 1

    assert total % unit == 0
    assert (0 <= off < count * unit) if rounding == "up" else (abs(off) <= count * unit / 2)


def test_the_period_of_the_day_holds() -> None:
    """The last period that has begun is charged, from its first day on."""
    base = fees().periods[0]
    later = FeePeriod(
        from_="2025-05-14",
        source="test",
        maker_usd_per_share=0,
        taker_usd_per_share=0.001,
        sec_usd_per_million=0,
        taf_usd_per_share=0,
        taf_cap_usd=0,
    )
    schedule = FeeSchedule(rounding="half_even", round_to_usd=0.0001, periods=(later, base))
    day_before, first_day = (VenueFees(schedule, day) for day in ("2025-05-13", "2025-05-14"))

    assert day_before.charge_micros(BUY, 100, PRICE, maker=False) == 300_000
    assert first_day.charge_micros(BUY, 100, PRICE, maker=False) == 100_000


def test_a_day_before_every_period_is_refused() -> None:
    """No fees in force is an error that names the first day, not a free day."""
    with pytest.raises(MarketError, match="no fees are in force on 2011-12-31; the first period begins 2012-01-01"):
        VenueFees(fees(), "2011-12-31")


def test_a_unit_below_a_micro_dollar_is_refused() -> None:
    """Money is whole micro-dollars."""
    with pytest.raises(MarketError, match="whole micro-dollars"):
        VenueFees(fees(round_to_usd=0.0000005), "2025-03-03")
