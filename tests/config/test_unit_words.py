"""Units at the end of keys."""

from __future__ import annotations

import pytest

from engine.config.unit_words import converted, spelt, unit_of, with_unit


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


@pytest.mark.parametrize(
    ("number", "word", "unit", "result"),
    [
        (5, "min", "s", 300),
        (5, "m", "s", 300),
        (0.2, "seconds", "ms", 200),
        (60, "s", "s", 60),
        (50, "%", "%", 50),
        (0.5, "percent", "bps", 50),
        (2, "m", "USD", 2_000_000),
        (20, "k", "", 20_000),
        (5, "EUR", "USD", None),
        (5, "k", "s", None),
        (5, "s", "", None),
        (5, "", "", None),
    ],
)
def test_a_number_with_a_word_is_converted_into_the_unit_of_its_key(
    number: float, word: str, unit: str, result: float | None
) -> None:
    """A minute is sixty seconds; a euro is not a dollar."""
    assert converted(number, word, unit) == result


@pytest.mark.parametrize(
    ("unit", "words"), [("s", "seconds"), ("/s", "units per second"), ("USD", "US dollars"), ("shares", "shares")]
)
def test_a_unit_is_spelt_out(unit: str, words: str) -> None:
    """For a sentence."""
    assert spelt(unit) == words
