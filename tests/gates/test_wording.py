"""Numbers as a person reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.gates.wording import at_time, number, quantity, span


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (15, "15"),
        (12.34, "12.3"),
        (8.254, "8.25"),
        (0.05, "0.05"),
        (0.0512345, "0.0512"),
        (412.34, "412.3"),
        (1234.4, "1,234"),
        (-1234567.0, "-1,234,567"),
        (-3.5, "-3.5"),
        (1e-30, "1e-30"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (math.nan, "not a number"),
    ],
)
def test_a_number_has_three_or_four_figures(value: float, text: str) -> None:
    """Enough to act on, no more."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "beside", "text"),
    [
        (14.9999, 15, "14.9999"),
        (15.00001, 15, "15.00001"),
        (15, 15, "15"),
        (999.6, 1000, "999.6"),
        (1000.4, 1000, "1,000.4"),
    ],
)
def test_a_number_never_looks_like_the_threshold_it_is_not(value: float, beside: float, text: str) -> None:
    """14.9999 beside 15 is not printed as 15."""
    assert number(value, beside) == text


@given(value=st.floats(-1e9, 1e9), beside=st.floats(-1e9, 1e9))
def test_what_is_printed_lies_on_the_same_side_as_the_value(value: float, beside: float) -> None:
    """Reading the text back gives the same comparison as the value."""
    shown = float(number(value, beside).replace(",", ""))
    assert (shown < beside, shown > beside) == (value < beside, value > beside)


@pytest.mark.parametrize(
    ("unit", "text"),
    [("ms", "12.3 ms"), ("pct", "12.3 %"), ("usd", "12.3 USD"), ("mb", "12.3 MB"), ("", "12.3"), ("%", "12.3 %")],
)
def test_a_quantity_carries_its_unit(unit: str, text: str) -> None:
    """The key's suffix becomes the sign people know."""
    assert quantity(12.3, unit) == text


def test_times_are_in_seconds() -> None:
    """One decimal, thousands apart."""
    assert at_time(412_300_000_000) == "t=412.3 s"
    assert at_time(0) == "t=0 s"
    assert span(60_000_000_000, 1_500_000_000_000) == "60-1,500 s"
