"""The desk's own fees: exact, per side and liquidity, each rounded as declared."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.fees import FeePeriod, FeeSchedule
from engine.domain.orders import Liquidity, Side
from engine.trading.fees import FeeTable, fee_micros

DAY = "2026-05-04"
MAKER, TAKER = Liquidity.MAKER, Liquidity.TAKER


def schedule(
    rounding: Literal["half_even", "up"] = "half_even",
    round_to_usd: float = 0.01,
    maker: float = -0.002,
    taker: float = 0.003,
    sec: float = 20.6,
    taf: float = 0.000195,
    cap: float = 9.79,
) -> FeeSchedule:
    """Two periods; the older one is free."""
    free = FeePeriod(
        from_="2025-01-01",
        source="test",
        maker_usd_per_share=0,
        taker_usd_per_share=0,
        sec_usd_per_million=0,
        taf_usd_per_share=0,
        taf_cap_usd=0,
    )
    now = FeePeriod(
        from_="2026-04-04",
        source="SEC and FINRA figures of 2026",
        maker_usd_per_share=maker,
        taker_usd_per_share=taker,
        sec_usd_per_million=sec,
        taf_usd_per_share=taf,
        taf_cap_usd=cap,
    )
    return FeeSchedule(rounding=rounding, round_to_usd=round_to_usd, periods=(free, now))


def test_a_taker_buy_pays_the_taker_fee_only() -> None:
    """No regulatory fee is charged on a buy."""
    actual = fee_micros(schedule(), DAY, Side.BUY, 1_000, 500_000_000, TAKER)

    assert actual == 3_000_000


def test_a_maker_buy_earns_the_rebate() -> None:
    """A rebate is below zero."""
    actual = fee_micros(schedule(), DAY, Side.BUY, 1_000, 500_000_000, MAKER)

    assert actual == -2_000_000


def test_a_sell_pays_section_31_and_the_trading_activity_fee() -> None:
    """500,000 USD sold at 20.60 per million is 10.30, and 1,000 shares at 0.000195 is 0.195, rounded to 0.20."""
    actual = fee_micros(schedule(), DAY, Side.SELL, 1_000, 500_000_000, TAKER)

    assert actual == 3_000_000 + 10_300_000 + 200_000


@pytest.mark.parametrize(("qty", "taf_micros"), [(50_205, 9_790_000), (50_206, 9_790_000), (1_000_000, 9_790_000)])
def test_the_trading_activity_fee_is_capped(qty: int, taf_micros: int) -> None:
    """The cap of 9.79 USD is met just below 50,206 shares, and never exceeded."""
    table = FeeTable(schedule(taker=0, sec=0), DAY)

    assert table.fee_micros(Side.SELL, qty, 1_000_000, TAKER) == taf_micros


@pytest.mark.parametrize(
    ("taker", "even", "up"),
    [(0.004, 0, 10_000), (0.005, 0, 10_000), (0.006, 10_000, 10_000), (0.015, 20_000, 20_000), (0.01, 10_000, 10_000)],
)
def test_a_fee_is_rounded_by_the_declared_rule(taker: float, even: int, up: int) -> None:
    """Half a cent goes to the even cent, or up; a whole cent stays."""
    by_even = fee_micros(schedule("half_even", taker=taker), DAY, Side.BUY, 1, 1_000_000, TAKER)
    by_up = fee_micros(schedule("up", taker=taker), DAY, Side.BUY, 1, 1_000_000, TAKER)

    assert (by_even, by_up) == (even, up)


def test_rounding_up_shrinks_a_rebate() -> None:
    """``up`` is towards what the desk pays: a rebate of 0.2 cent rounded to the cent is nothing."""
    actual = fee_micros(schedule("up"), DAY, Side.BUY, 1, 1_000_000, MAKER)

    assert actual == 0


def test_each_fee_is_rounded_by_itself() -> None:
    """Three fees of 0.4 cent come to nothing, not to one cent."""
    given_fees = schedule("half_even", taker=0.004, sec=4_000 / 1_000, taf=0.004, cap=1)

    assert fee_micros(given_fees, DAY, Side.SELL, 1, 1_000_000_000, TAKER) == 0


def test_fees_follow_the_day() -> None:
    """Before the second period the first holds, from its first day the second."""
    before = fee_micros(schedule(), "2026-04-03", Side.SELL, 1_000, 500_000_000, TAKER)
    first_day = fee_micros(schedule(), "2026-04-04", Side.SELL, 1_000, 500_000_000, TAKER)

    assert (before, first_day) == (0, 13_500_000)


def test_a_day_before_every_period_is_refused() -> None:
    """No fees in force is an error, not free trading."""
    with pytest.raises(LookupError, match="no fees are in force on 2024-12-31"):
        FeeTable(schedule(), "2024-12-31")


def test_a_rounding_unit_under_a_micro_dollar_is_refused() -> None:
    """Money has six decimals."""
    with pytest.raises(ValueError, match="at most six decimals"):
        FeeTable(schedule(round_to_usd=0.0000005), DAY)


@given(
    side=st.sampled_from(Side),
    qty=st.integers(1, 10_000_000),
    price=st.integers(1, 10**12),
    liquidity=st.sampled_from(Liquidity),
    rounding=st.sampled_from(["half_even", "up"]),
    unit=st.sampled_from([0.01, 0.0001, 0.000001]),
)
def test_fees_agree_with_decimal_arithmetic(
    side: Side, qty: int, price: int, liquidity: Liquidity, rounding: Literal["half_even", "up"], unit: float
) -> None:
    """The integers say what fifty digits of Decimal say."""
    given_fees = schedule(rounding, unit)
    period = given_fees.on(DAY)
    rule = ROUND_CEILING if rounding == "up" else ROUND_HALF_EVEN
    share = period.maker_usd_per_share if liquidity is MAKER else period.taker_usd_per_share
    parts = [Decimal(str(share)) * qty]
    if side is Side.SELL:
        parts.append(Decimal(str(period.sec_usd_per_million)) * qty * price / 10**12)
        parts.append(min(Decimal(str(period.taf_usd_per_share)) * qty, Decimal(str(period.taf_cap_usd))))
    expected = sum((part / Decimal(str(unit))).to_integral_value(rule) for part in parts) * Decimal(str(unit))

    assert fee_micros(given_fees, DAY, side, qty, price, liquidity) == expected * 1_000_000
