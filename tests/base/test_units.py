"""Units: conversions are exact where they promise it, and refuse what has no exact answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.units import (
    MICROS_PER_USD,
    NS_PER_MS,
    NS_PER_S,
    NS_PER_US,
    micros_from_usd,
    ns_from_ms,
    ns_from_s,
    s_from_ns,
    usd_from_micros,
)

INT64 = st.integers(-(2**63), 2**63 - 1)
NOT_AMOUNTS = ["", "ten", "1,5", "0x10", "nan", "-nan", "sNaN", "inf", "-Infinity", "1e999999", "--1", "1 USD"]


def test_the_units_are_powers_of_ten_of_each_other() -> None:
    """Nano, micro, milli; micro-dollars."""
    assert (NS_PER_US, NS_PER_MS, NS_PER_S, MICROS_PER_USD) == (10**3, 10**6, 10**9, 10**6)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, 0),
        (0.1, 100_000_000),
        (1e-9, 1),
        (4e-10, 0),
        (6e-10, 1),
        (-1.5, -1_500_000_000),
        (86_400, 86_400 * NS_PER_S),
    ],
)
def test_seconds_become_the_nearest_nanosecond(seconds: float, expected: int) -> None:
    """Also where a binary fraction cannot hold the decimal one."""
    assert ns_from_s(seconds) == expected
    assert isinstance(ns_from_s(seconds), int)


@pytest.mark.parametrize(
    ("milliseconds", "expected"), [(0, 0), (0.3, 300_000), (200, 200_000_000), (60_000, 60 * NS_PER_S)]
)
def test_milliseconds_become_the_nearest_nanosecond(milliseconds: float, expected: int) -> None:
    """Likewise."""
    assert ns_from_ms(milliseconds) == expected


@pytest.mark.parametrize("endless", [float("nan"), float("inf"), float("-inf")])
def test_a_time_that_is_no_number_is_refused(endless: float) -> None:
    """There is no integer for it, and none is made up."""
    with pytest.raises((ValueError, OverflowError)):
        ns_from_s(endless)
    with pytest.raises((ValueError, OverflowError)):
        ns_from_ms(endless)


@given(st.integers(0, 86_400 * 10**6))
def test_microseconds_of_a_day_survive_seconds_and_back(microseconds: int) -> None:
    """A day in YAML seconds keeps every microsecond."""
    t_ns = microseconds * NS_PER_US

    assert ns_from_s(s_from_ns(t_ns)) == t_ns


@given(st.integers(0, 10**9))
def test_seconds_and_milliseconds_agree(milliseconds: int) -> None:
    """1500 ms are 1.5 s."""
    assert ns_from_ms(milliseconds) == ns_from_s(milliseconds / 1_000)


@pytest.mark.parametrize(
    ("usd", "expected"),
    [
        (0, 0),
        (-0.0, 0),
        (540, 540_000_000),
        (0.1, 100_000),
        (0.29, 290_000),
        (1.005, 1_005_000),
        (-0.002, -2_000),
        (1e-6, 1),
        ("0.000166", 166),
        ("1e3", 1_000_000_000),
        (Decimal("9223372036854.775807"), 2**63 - 1),
    ],
)
def test_dollars_become_micro_dollars_exactly(usd: float | str | Decimal, expected: int) -> None:
    """0.29 is 290,000 and not 289,999: the decimal that was written counts, not its binary neighbour."""
    assert micros_from_usd(usd) == expected


@pytest.mark.parametrize("usd", [1e-7, 0.1234567, "0.0000001", Decimal("1.0000005"), 0.1 + 0.2])
def test_more_than_six_decimals_are_refused(usd: float | str | Decimal) -> None:
    """Money is never rounded in silence; 0.1 + 0.2 has seventeen decimals."""
    with pytest.raises(ValueError, match="at most six decimals was expected, was"):
        micros_from_usd(usd)


@pytest.mark.parametrize("usd", [*NOT_AMOUNTS, float("nan"), float("inf"), float("-inf"), Decimal("NaN"), True])
def test_what_is_no_amount_is_refused(usd: float | str | Decimal) -> None:
    """NaN and infinity are not money, and neither is a yes."""
    with pytest.raises(ValueError, match=r"an amount in USD.* was expected, was"):
        micros_from_usd(usd)


@given(INT64)
def test_every_amount_survives_decimal_dollars_and_back(micros: int) -> None:
    """All of int64, as a Decimal and as its text."""
    usd = Decimal(micros).scaleb(-6)

    assert micros_from_usd(usd) == micros
    assert micros_from_usd(str(usd)) == micros


@given(st.integers(-(10**15), 10**15))
def test_amounts_to_a_billion_survive_float_dollars_and_back(micros: int) -> None:
    """Fifteen digits fit a float, so what is displayed can be read again."""
    assert micros_from_usd(usd_from_micros(micros)) == micros
