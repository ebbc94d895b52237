"""The depth collapse: the book thins out, comes back whole, and the check reads what was displayed."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_S
from engine.domain.ports import Levers
from engine.domain.records import VenueQuote
from engine.faults.cancellation_burst import CancellationBurst
from engine.faults.depth_collapse import DepthCollapse, full_depth, mean_depth
from engine.faults.fault import Fault
from engine.faults.refill_collapse import RefillCollapse
from engine.faults.sell_program import SellProgram
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Sabotaged, Timed, play_fault, play_faults, quiet_log

THIN = DepthCollapse(symbol="SPY", depth_left_pct=33)


@pytest.fixture(scope="module")
def thin() -> Outcome:
    """The collapse, played once."""
    return play_fault(THIN, 20)


def quote(second: float, bid_qty: int, ask_qty: int) -> VenueQuote:
    """A quote of SPY with these sizes."""
    return VenueQuote(round(second * NS_PER_S), "SPY", 99_000_000, bid_qty, 101_000_000, ask_qty)


def test_the_book_thins_out_and_comes_back(thin: Outcome) -> None:
    """At once, by exactly what was asked, and exactly back; nothing else is touched."""
    inside = [state for t_ns, state in thin.seen.items() if T0_S * NS_PER_S < t_ns < (T0_S + 20) * NS_PER_S]
    outside = [state for t_ns, state in thin.seen.items() if not T0_S * NS_PER_S < t_ns < (T0_S + 20) * NS_PER_S]

    assert len(inside) > 300
    assert all(state.levers["SPY"] == Levers(depth_factor=0.33) for state in inside)
    assert all(state.levers["QQQ"] == Levers() for state in inside)
    assert all(state == UNTOUCHED for state in outside)
    assert thin.end == UNTOUCHED


def test_the_collapse_is_seen_at_the_venue(thin: Outcome) -> None:
    """About two thirds are gone."""
    assert thin.effect.value == pytest.approx(67, abs=7)
    assert thin.effect.held


def test_an_early_heal_gives_the_book_back_early() -> None:
    """Whenever it is healed."""
    outcome = play_fault(THIN, 0.05)

    assert outcome.at(T0_S).levers["SPY"].depth_factor == 0.33
    assert outcome.at(T0_S + 0.1) == UNTOUCHED
    assert outcome.end == UNTOUCHED


def test_a_lever_that_stood_elsewhere_goes_back_there() -> None:
    """The collapse is a share of what was there, not of one."""
    first = play_fault(DepthCollapse(symbol="SPY", depth_left_pct=0), 20)

    assert first.at(T0_S + 1).levers["SPY"].depth_factor == 0
    assert first.end == UNTOUCHED


def test_a_collapse_lasts_until_it_is_healed() -> None:
    """Its item must say how long."""
    assert THIN.own_length_s is None
    assert THIN.symbols() == ("SPY",)
    assert THIN.no_effect == {"depth_left_pct": 100}


def test_nothing_quoted_is_no_depth() -> None:
    """NaN, not nought: an empty book and an absent one are two things."""
    for figure in (full_depth, mean_depth):
        assert math.isnan(figure([], 0, 10))
        assert math.isnan(figure([quote(20, 1, 1)], 0, 10 * NS_PER_S))
        assert figure([quote(0, 0, 0)], 0, 10 * NS_PER_S) == 0


def test_full_depth_is_what_was_reached_for_a_tenth_of_the_time() -> None:
    """Both sides together; a peak shorter than that is not taken for the book's depth."""
    quotes = [quote(0, 300, 300), quote(80, 450, 450), quote(95, 5_000, 5_000)]

    assert full_depth(quotes, 0, 100 * NS_PER_S) == 900
    assert full_depth(quotes, 0, 80 * NS_PER_S) == 600
    assert full_depth(quotes, 0, 200 * NS_PER_S) == 10_000


def test_mean_depth_is_moved_little_by_a_large_order() -> None:
    """Each size counts by how long it stood, and none beyond the ends; an empty book counts as 0."""
    quotes = [quote(0, 30, 33), quote(80, 500, 523), quote(90, 50_000, 50_000)]

    assert mean_depth(quotes, 0, 80 * NS_PER_S) == pytest.approx(63)
    assert mean_depth(quotes, 70 * NS_PER_S, 90 * NS_PER_S) == pytest.approx(255)
    assert mean_depth([quote(0, 99, 0), quote(50, 0, 0)], 0, 100 * NS_PER_S) == pytest.approx(9)


def test_an_empty_book_before_proves_nothing() -> None:
    """There is nothing to fall from: NaN, which has not held."""
    log = quiet_log([quote(0, 0, 0), quote(61, 0, 0)])
    effect = THIN.effect(log, 60 * NS_PER_S, 80 * NS_PER_S)

    assert math.isnan(effect.value)
    assert not effect.held


@pytest.mark.parametrize(("left", "held"), [(33, True), (46, True), (47, False), (100, False), (200, False)])
def test_four_fifths_of_the_asked_fall_are_needed(left: int, held: bool) -> None:
    """33 % left means 67 % fallen, of which 53.6 must be seen."""
    log = quiet_log([quote(0, 100, 100), quote(60, left, left)])

    assert THIN.effect(log, 60 * NS_PER_S, 80 * NS_PER_S).held is held


def test_depth_that_differs_of_itself_does_not_collapse() -> None:
    """Shown are 100 and 400 in turns: 70 is not less than chance brings about, although two thirds below the mean."""
    quotes = [quote(second, *((50, 50) if second % 20 else (200, 200))) for second in range(0, 60, 10)]
    held = {
        left: THIN.effect(quiet_log([*quotes, quote(60, left // 2, left // 2)]), 60 * NS_PER_S, 80 * NS_PER_S).held
        for left in (70, 2)
    }

    assert held == {70: False, 2: True}


@pytest.mark.parametrize("left_pct", [99.99, 99])
@pytest.mark.parametrize(
    "other",
    [
        RefillCollapse(symbol="SPY", refill_left_pct=10),
        CancellationBurst(symbol="SPY", cancel_times=30),
        SellProgram(symbol="SPY", drop_pct=10, over_s=60, participation_pct=500),
    ],
    ids=lambda other: type(other).__name__,
)
def test_what_something_else_takes_from_a_book_is_no_collapse(other: Fault, left_pct: float) -> None:
    """Where others withdraw or do not come back, next to nothing is displayed: that is their effect."""
    little = DepthCollapse(symbol="SPY", depth_left_pct=left_pct)
    outcome = play_faults(Timed(little, 60, 120), Timed(other, 60, 120), market="agents_market")

    assert not outcome.effects[0].held


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_in_an_order_book_a_collapse_of_nearly_nothing_is_none(seed: int) -> None:
    """What rests in a book changes by more than that from minute to minute."""
    little = DepthCollapse(symbol="SPY", depth_left_pct=99.9)

    assert not play_fault(little, 60, seed, "agents_market").effect.held


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_in_an_order_book_a_collapse_is_seen_by_the_size_of_new_orders(seed: int) -> None:
    """A third is seen on every seed, again a second time, and never where nothing was done."""
    collapse = DepthCollapse(symbol="SPY", depth_left_pct=33)
    outcome = play_faults(Timed(collapse, 60, 80), Timed(collapse, 90, 120), seed=seed, market="agents_market")

    assert [effect.held for effect in outcome.effects] == [True, True]
    assert not play_fault(Sabotaged(collapse), 60, seed, "agents_market").effect.held
