"""Each threshold word just below, at and above its number, and on what is no number."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.gates.threshold import Threshold, Word

BELOW, ABOVE = math.nextafter(15, -math.inf), math.nextafter(15, math.inf)


@pytest.mark.parametrize(
    ("word", "holding"),
    [
        ("from", {-math.inf, BELOW}),
        ("above", {-math.inf, BELOW, 15.0}),
        ("below", {15.0, ABOVE, math.inf}),
        ("at_or_below", {ABOVE, math.inf}),
        ("must_be", {15.0}),
    ],
)
def test_a_word_holds_exactly_where_it_says(word: Word, holding: set[float]) -> None:
    """At the next float below, at, and at the next float above; NaN never holds."""
    tried = [-math.inf, BELOW, 15.0, ABOVE, math.inf, math.nan]
    threshold = Threshold(word, 15)

    assert [threshold.holds(value) for value in tried] == [value in holding for value in tried]
    assert threshold.holds_each(np.array(tried)).tolist() == [value in holding for value in tried]


@pytest.mark.parametrize("word", ["from", "above", "below", "at_or_below", "must_be"])
def test_a_threshold_that_is_no_number_never_holds(word: Word) -> None:
    """A NaN threshold makes every value red, never green."""
    assert not any(Threshold(word, math.nan).holds(value) for value in (0.0, math.inf, -math.inf, math.nan))


@pytest.mark.parametrize(
    ("word", "must", "does", "starts"),
    [
        ("from", "must stay below 15 %", "below 15 %", "from 15 %"),
        ("above", "must not exceed 15 %", "not above 15 %", "above 15 %"),
        ("below", "must not fall below 15 %", "not below 15 %", "below 15 %"),
        ("at_or_below", "must stay above 15 %", "above 15 %", "at or below 15 %"),
        ("must_be", "must be 15 %", "as it must be", "must be 15 %"),
    ],
)
def test_a_threshold_is_said_in_words(word: Word, must: str, does: str, starts: str) -> None:
    """Never an operator sign."""
    threshold = Threshold(word, 15)
    assert (threshold.must("pct"), threshold.does("pct"), threshold.starts("pct")) == (must, does, starts)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Threshold("from", 10), Threshold("from", 15), True),
        (Threshold("from", 15), Threshold("from", 15), False),
        (Threshold("from", 16), Threshold("from", 15), False),
        (Threshold("from", 15), Threshold("above", 15), True),
        (Threshold("above", 15), Threshold("from", 15), False),
        (Threshold("below", 97), Threshold("at_or_below", 95), True),
        (Threshold("at_or_below", 95), Threshold("below", 95), True),
        (Threshold("below", 95), Threshold("at_or_below", 95), False),
        (Threshold("below", 90), Threshold("below", 95), False),
        (Threshold("below", 10), Threshold("from", 15), False),
    ],
)
def test_a_band_lies_between_two_thresholds_or_not(first: Threshold, second: Threshold, expected: bool) -> None:
    """A warning must be met before the failure, on the same side."""
    assert first.is_before(second) is expected
