"""The best prices: weighted with time; and what must never happen."""

from __future__ import annotations

import math

import pytest

from engine.market.realism_book import book_figures, overdrawn, sanity_figures

from .recordings import ADD, CALM, CUT, DELETE, HIDDEN, VISIBLE, recording


def test_the_spread_is_weighted_with_the_time_it_stood() -> None:
    """Nine seconds at 2 ticks and one at 12: mean 3; the last message stands for no time."""
    tops = [(9_999, 100, 10_001, 100), (9_994, 100, 10_006, 100), (9_900, 100, 10_100, 100)]
    found = book_figures(recording([(0, ADD, 0, 1, 1, 1), (9, ADD, 0, 1, 1, 1), (10, ADD, 0, 1, 1, 1)], tops))

    assert found["spread_ticks_mean"] == pytest.approx(3)
    assert found["spread_bps_mean"] == pytest.approx(3)
    assert found["spread_q95_over_q50"] == 6
    assert found["spread_q05_over_q50"] == 1


def test_a_one_sided_book_has_no_spread_but_a_size() -> None:
    """The side that is quoted counts for the shares at the best."""
    tops = [(9_999, 300, 0, 0), CALM]
    found = book_figures(recording([(0, ADD, 0, 1, 1, 1), (10, ADD, 0, 1, 1, 1)], tops))

    assert math.isnan(found["spread_ticks_mean"])
    assert math.isnan(found["spread_q95_over_q50"])
    assert found["best_shares_mean"] == 300


def test_the_tail_of_the_size_is_seen() -> None:
    """95 seconds at 100 shares and 5 at 2,000 on both sides: mean 195, tail twenty times the median."""
    tops = [(9_999, 100, 10_001, 100), (9_999, 2_000, 10_001, 2_000), CALM]
    found = book_figures(recording([(0, ADD, 0, 1, 1, 1), (95, ADD, 0, 1, 1, 1), (100, ADD, 0, 1, 1, 1)], tops))

    assert found["best_shares_mean_over_median"] == pytest.approx(1.95)
    assert found["best_shares_q99_over_q50"] == 20


def test_a_crossed_or_locked_book_is_counted() -> None:
    """By the message; a book with one side is neither."""
    tops = [(10_001, 1, 10_001, 1), (10_002, 1, 10_001, 1), (10_002, 1, 0, 0), CALM]
    found = sanity_figures(recording([(t, ADD, 0, 1, 1, 1) for t in range(4)], tops))

    assert found["crossed_messages"] == 2


def test_the_time_on_one_side_is_measured() -> None:
    """One second of ten."""
    tops = [CALM, (0, 0, 10_001, 100), CALM, CALM]
    found = sanity_figures(recording([(t, ADD, 0, 1, 1, 1) for t in (0, 4, 5, 10)], tops))

    assert found["one_sided_time_share"] == pytest.approx(0.1)


def test_an_order_that_gives_more_than_it_had_is_found() -> None:
    """By cancels, deletes and visible executions together; hidden ones and orders from before are not counted."""
    messages = [
        (0, ADD, 1, 1, 100, 1),
        (1, CUT, 1, 1, 40, 1),
        (2, VISIBLE, 1, 1, 30, 1),
        (3, DELETE, 1, 1, 30, 1),
        (4, ADD, 2, 1, 100, 1),
        (5, VISIBLE, 2, 1, 101, 1),
        (6, DELETE, 3, 1, 500, 1),
        (7, HIDDEN, 0, 1, 900, 1),
    ]

    assert overdrawn(recording(messages)) == 1
    assert overdrawn(recording(messages[:4])) == 0


def test_without_order_numbers_nothing_is_said() -> None:
    """Unknown orders cannot be followed, and those from before the day have an unknown size: no evidence."""
    assert math.isnan(overdrawn(recording([(0, ADD, 0, 1, 1, 1), (1, DELETE, 0, 1, 9, 1)])))
    assert math.isnan(overdrawn(recording([(1, DELETE, 5, 1, 9, 1)])))


def test_of_no_messages_no_sanity_is_said() -> None:
    """An empty day did not hold anything."""
    assert all(math.isnan(value) for value in sanity_figures(recording([])).values())
    assert math.isnan(sanity_figures(recording([(0, ADD, 0, 1, 1, 1)]))["one_sided_time_share"])
