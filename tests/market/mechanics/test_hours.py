"""Tests of the session's hours."""

from __future__ import annotations

import pytest

from engine.market.mechanics.common import day_ns
from engine.market.mechanics.hours import Hours
from engine.market.model_document import MarketError

S = 1_000_000_000


def test_hours_are_told_from_time_zero() -> None:
    """A run that begins at 09:00 opens after half an hour and closes after seven."""
    hours = Hours(source="a test")

    assert hours.opens_ns(day_ns("09:00:00")) == 1_800 * S
    assert hours.closes_ns(day_ns("09:00:00")) == 25_200 * S


@pytest.mark.parametrize("close_time", ["09:30:00", "09:29:59"])
def test_the_close_comes_after_the_open(close_time: str) -> None:
    """A session without time is a mistake."""
    with pytest.raises(MarketError, match="a close_time after open_time 09:30:00 was expected"):
        Hours(source="a test", close_time=close_time)
