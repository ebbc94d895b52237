"""Tests of one side of a tape's book."""

from __future__ import annotations

from engine.domain.orders import Side
from engine.market.tape_ladder import TapeLadder

from .samples import BUY, SELL

ROW = [(1_000_000, 300), (1_010_000, 400)]


def unchanged(_: Side, tape_micros: int) -> int:
    """The tape's own price."""
    return tape_micros


def asks(row: list[tuple[int, int]] | None = None, depth_factor: float = 1.0) -> TapeLadder:
    """Asks of 300 at 1.00 and 400 at 1.01."""
    ladder = TapeLadder(SELL)
    ladder.place(ROW if row is None else row, unchanged, depth_factor)
    return ladder


def test_taking_walks_the_levels_shown() -> None:
    """No more than shows, from the touch outwards."""
    ladder = asks()

    assert ladder.take(1_000, None) == [(1_000_000, 300), (1_010_000, 400)]
    assert ladder.best() == (0, 0)


def test_a_limit_stops_the_taking() -> None:
    """At the limit is allowed, beyond is not."""
    assert asks().take(1_000, 1_000_000) == [(1_000_000, 300)]


def test_what_was_taken_stays_taken() -> None:
    """The same row again, or one that changed elsewhere, does not bring it back."""
    ladder = asks()
    ladder.take(100, None)
    ladder.place([(1_000_000, 300), (1_010_000, 999)], unchanged, 1.0)

    assert ladder.best() == (1_000_000, 200)
    assert ladder.touched


def test_what_was_taken_adds_up() -> None:
    """A second order at the level takes on top of the first, however often the row is shown."""
    ladder = asks()
    for _ in range(2):
        ladder.take(100, None)
        ladder.place(ROW, unchanged, 1.0)

    assert ladder.best() == (1_000_000, 100)


def test_a_level_that_changes_size_is_whole_again() -> None:
    """From then on the tape says what is there."""
    ladder = asks()
    ladder.take(100, None)
    ladder.place([(1_000_000, 310), (1_010_000, 400)], unchanged, 1.0)

    assert ladder.best() == (1_000_000, 310)
    assert not ladder.touched


def test_a_level_that_vanished_within_sight_is_forgotten() -> None:
    """It was traded or deleted; at the same size it is a new one."""
    ladder = asks()
    ladder.take(100, None)
    ladder.place([(1_010_000, 400), (1_020_000, 5)], unchanged, 1.0)
    ladder.place(ROW, unchanged, 1.0)

    assert ladder.best() == (1_000_000, 300)


def test_a_level_out_of_sight_is_remembered() -> None:
    """Pushed beyond the last level and back with the same size, its shares are still gone."""
    ladder = asks()
    ladder.take(700, None)
    ladder.place([(980_000, 10), (1_000_000, 300)], unchanged, 1.0)
    ladder.place(ROW, unchanged, 1.0)

    assert ladder.best() == (0, 0)


def test_depth_is_cut_to_whole_shares() -> None:
    """A level of less than one share does not show; the next one is the touch."""
    assert asks([(1_000_000, 3), (1_010_000, 400)], 0.01).best() == (1_010_000, 4)
    assert asks(depth_factor=0.001).best() == (0, 0)
    assert asks(depth_factor=0.0).best() == (0, 0)


def test_empty_levels_do_not_show() -> None:
    """0/0 is no level."""
    assert asks([(0, 0), (0, 0)]).best() == (0, 0)


def test_levels_on_one_tick_count_together() -> None:
    """Two levels pressed onto one price by a price factor show their sum, and are taken in turn."""
    bids = TapeLadder(BUY)
    bids.place([(1_000_000, 30), (990_000, 40), (980_000, 50)], lambda _side, price: price // 20_000 * 20_000, 1.0)

    assert bids.best() == (1_000_000, 30)
    bids.take(30, None)
    assert bids.best() == (980_000, 90)
    assert bids.take(60, None) == [(980_000, 40), (980_000, 20)]
