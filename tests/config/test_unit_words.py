"""Units at the end of keys."""

from __future__ import annotations

import pytest

from engine.config.unit_words import unit_of, with_unit


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("drop_pct", "%"),
        ("for_s", "s"),
        ("add_ms", "ms"),
        ("pnl_delta_usd", "USD"),
        ("order_rate_per_s", "/s"),
        ("slippage_bps", "bps"),
        ("position_shares", "shares"),
        ("seed", ""),
        ("s", ""),
        ("symbol", ""),
        ("levels_n", ""),
    ],
)
def test_a_key_ends_in_its_unit(key: str, unit: str) -> None:
    """The last part of the name, if it is one."""
    assert unit_of(key) == unit


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [(40, "%", "40 %"), (0.5, "s", "0.5 s"), (3, "/s", "3/s"), (7, "", "7"), (1e6, "USD", "1000000 USD")],
)
def test_a_number_is_written_with_its_unit(number: float, unit: str, text: str) -> None:
    """As a person would."""
    assert with_unit(number, unit) == text
