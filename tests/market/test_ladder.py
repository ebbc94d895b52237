"""Tests of the reduced book's ladder."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.orders import Side
from engine.market.ladder import Ladder

TICK = 10_000


def asks(levels: int = 3, qty: int = 100) -> Ladder:
    """Three levels of 100 shares from 1.00 up."""
    ladder = Ladder(Side.SELL, TICK, levels)
    ladder.place(1_000_000, qty)
    return ladder


def test_levels_stand_one_tick_apart_outwards() -> None:
    """Asks rise from the touch, bids fall."""
    bids = Ladder(Side.BUY, TICK, 2)
    bids.place(1_000_000, 50)

    assert list(asks().shown()) == [(1_000_000, 100), (1_010_000, 100), (1_020_000, 100)]
    assert list(bids.shown()) == [(1_000_000, 50), (990_000, 50)]


def test_taking_eats_from_the_touch() -> None:
    """What is taken is missing, from the best price on."""
    ladder = asks()

    assert ladder.take(130, None) == [(1_000_000, 100), (1_010_000, 30)]
    assert list(ladder.shown()) == [(1_010_000, 70), (1_020_000, 100)]


def test_a_limit_stops_the_taking() -> None:
    """No part is beyond the limit, at the limit is allowed."""
    assert asks().take(500, 1_010_000) == [(1_000_000, 100), (1_010_000, 100)]
    assert asks().take(500, 990_000) == []


def test_an_exhausted_ladder_is_empty() -> None:
    """Everything taken: no touch, nothing more to take."""
    ladder = asks()
    ladder.take(1_000, None)

    assert ladder.best() == (0, 0)
    assert ladder.take(1, None) == []


def test_no_depth_is_an_empty_side() -> None:
    """Levels of no shares show nothing and fill nothing."""
    ladder = asks(qty=0)

    assert ladder.best() == (0, 0)
    assert ladder.take(1, None) == []
    assert ladder.at(1_000_000) == 0


def test_bids_end_at_one_tick() -> None:
    """There is no level below the price floor."""
    bids = Ladder(Side.BUY, TICK, 10)
    bids.place(2 * TICK, 50)

    assert list(bids.shown()) == [(2 * TICK, 50), (TICK, 50)]


def test_a_hole_closes_by_its_half_life() -> None:
    """Half of the hole is back after one half-life, and all of it in the end."""
    ladder = asks()
    ladder.take(100, None)
    ladder.refill(0.5)
    ladder.place(1_000_000, 100)

    assert ladder.best() == (1_000_000, 50)

    ladder.refill(0.001)
    ladder.place(1_000_000, 100)

    assert ladder.best() == (1_000_000, 100)


def test_a_hole_is_as_wide_in_a_thinner_book() -> None:
    """One and a half levels eaten are one and a half levels of the new depth."""
    ladder = asks()
    ladder.take(150, None)
    ladder.place(1_000_000, 10)

    assert list(ladder.shown()) == [(1_010_000, 5), (1_020_000, 10)]


@given(
    st.sampled_from([Side.BUY, Side.SELL]),
    st.integers(1, 200),
    st.integers(0, 50),
    st.lists(st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 300))), max_size=8),
)
def test_shown_and_taken_add_up(side: Side, top: int, qty: int, takes: list[tuple[int, int | None]]) -> None:
    """What was shown is what is shown plus what was taken; no part is worse than the limit or better than the touch."""
    ladder = Ladder(side, TICK, 5)
    ladder.place(top * TICK, qty)
    before = sum(there for _, there in ladder.shown())
    taken = 0
    for wanted, limit in takes:
        touch, _ = ladder.best()
        parts = ladder.take(wanted, None if limit is None else limit * TICK)
        taken += sum(part for _, part in parts)
        assert sum(part for _, part in parts) <= wanted
        assert all(part > 0 for _, part in parts)
        assert all(int(side) * (touch - price) >= 0 for price, _ in parts)
        if limit is not None:
            assert all(int(side) * (price - limit * TICK) >= 0 for price, _ in parts)

    assert sum(there for _, there in ladder.shown()) + taken == before


@given(
    st.sampled_from([Side.BUY, Side.SELL]),
    st.integers(1, 4),
    st.integers(-1, 50),
    st.integers(1, 6),
    st.lists(st.integers(0, 120), max_size=3),
)
def test_the_best_is_the_first_that_is_shown(side: Side, levels: int, qty: int, ticks: int, takes: list[int]) -> None:
    """On either side, at the price floor, eaten, exhausted or without depth."""
    ladder = Ladder(side, TICK, levels)
    ladder.place(ticks * TICK, qty)
    for take in takes:
        assert ladder.best() == next(ladder.shown(), (0, 0))
        ladder.take(take, None)

    assert ladder.best() == next(ladder.shown(), (0, 0))
