"""The spread widening: bid and ask move apart and come back, and the check reads the median spread by time."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import median

import pytest

from engine.base.units import NS_PER_S
from engine.domain.ports import Levers
from engine.domain.records import VenueQuote
from engine.faults.cancellation_burst import CancellationBurst
from engine.faults.depth_collapse import DepthCollapse
from engine.faults.fault import Fault
from engine.faults.refill_collapse import RefillCollapse
from engine.faults.sell_program import SellProgram
from engine.faults.spread_widening import SpreadWidening, median_spread
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Sabotaged, Timed, play_fault, play_faults, quiet_log

WIDE = SpreadWidening(symbol="SPY", spread_times=5)


@pytest.fixture(scope="module")
def wide() -> Outcome:
    """The widening, played once."""
    return play_fault(WIDE, 20)


def quote(second: float, spread_ticks: int, bid_micros: int = 99_000_000) -> VenueQuote:
    """A quote of SPY with this spread."""
    ask_micros = bid_micros + 10_000 * spread_ticks if spread_ticks else 0
    return VenueQuote(round(second * NS_PER_S), "SPY", bid_micros, 100, ask_micros, 100)


def test_the_spread_widens_and_comes_back(wide: Outcome) -> None:
    """At once, by exactly what was asked, and exactly back; nothing else is touched."""
    inside = [state for t_ns, state in wide.seen.items() if T0_S * NS_PER_S < t_ns < (T0_S + 20) * NS_PER_S]

    assert len(inside) > 300
    assert all(state.levers == {"SPY": Levers(spread_factor=5.0), "QQQ": Levers()} for state in inside)
    assert wide.at(T0_S + 21) == UNTOUCHED
    assert wide.end == UNTOUCHED


def test_beside_a_collapse_each_takes_its_own_away() -> None:
    """A thin book and a wide spread at once are two faults, and each heals by itself."""
    collapse = DepthCollapse(symbol="SPY", depth_left_pct=50)
    outcome = play_faults(Timed(WIDE, 60, 80), Timed(collapse, 70, 90))

    assert outcome.at(75).levers["SPY"] == Levers(depth_factor=0.5, spread_factor=5.0)
    assert outcome.at(85).levers["SPY"] == Levers(depth_factor=0.5)
    assert [effect.held for effect in outcome.effects] == [True, True]
    assert outcome.end == UNTOUCHED


def test_in_an_order_book_those_who_quote_stay_away_and_the_spread_is_as_wide_as_asked() -> None:
    """A book has wide and narrow minutes of its own, so one run says little: the median of seven."""
    effects = [play_fault(replace(WIDE, symbol="QQQ"), 40, seed, "agents_market").effect for seed in range(1, 8)]

    assert 320 <= median(effect.value for effect in effects) <= 480


def test_in_an_order_book_a_widening_that_does_nothing_is_not_taken_for_one() -> None:
    """What the book does of itself is not enough, in any of seven runs."""
    idle = [play_fault(Sabotaged(replace(WIDE, symbol="QQQ")), 40, seed, "agents_market") for seed in range(1, 8)]

    assert [outcome.effect.held for outcome in idle] == [False] * 7


def test_a_widening_lasts_until_it_is_healed() -> None:
    """Its item must say how long; at once as wide it does nothing."""
    assert WIDE.own_length_s is None
    assert WIDE.symbols() == ("SPY",)
    assert WIDE.no_effect == {"spread_times": 1}


@pytest.mark.parametrize(
    ("quotes", "wider_pct"),
    [
        ([quote(40, 2), quote(60, 10)], 400),
        ([quote(0, 2), quote(60, 10)], 400),
        ([quote(40, 2), quote(71, 10)], 0),
        ([quote(40, 2), quote(69, 10)], 400),
        ([quote(40, 2), quote(60, 0), quote(79, 10)], 400),
        ([quote(60, 10)], math.nan),
        ([quote(40, 2), quote(60, 0)], math.nan),
        ([], math.nan),
    ],
)
def test_the_median_by_time_is_what_counts(quotes: list[VenueQuote], wider_pct: float) -> None:
    """Half of the time it must be that wide; a one-sided book has no spread."""
    effect = WIDE.effect(quiet_log(quotes), 60 * NS_PER_S, 80 * NS_PER_S)

    assert effect.value == pytest.approx(wider_pct, nan_ok=True)
    assert effect.needed == pytest.approx(320)
    assert effect.held is (wider_pct == 400)


def test_a_spread_that_differs_of_itself_is_no_widening() -> None:
    """Two and four ticks in turns: so eight are not told from chance, thirty are."""
    quotes = [quote(second, 2 if second % 20 else 4) for second in range(0, 60, 10)]
    effects = {
        spread: WIDE.effect(quiet_log([*quotes, quote(60, spread)]), 60 * NS_PER_S, 80 * NS_PER_S)
        for spread in (4, 6, 8, 30)
    }

    assert [effects[spread].held for spread in (4, 6, 8, 30)] == [False, False, False, True]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "other",
    [
        RefillCollapse(symbol="SPY", refill_left_pct=10),
        CancellationBurst(symbol="SPY", cancel_times=30),
        SellProgram(symbol="SPY", drop_pct=10, over_s=60, participation_pct=500),
    ],
    ids=lambda other: type(other).__name__,
)
def test_what_something_else_does_to_the_spread_of_a_book_is_no_widening(other: Fault, seed: int) -> None:
    """It widens manifold where nobody quotes any more; nearly no widening beside that is still nearly none."""
    little = SpreadWidening(symbol="SPY", spread_times=1.001)
    outcome = play_faults(Timed(little, 60, 120), Timed(other, 60, 120), seed=seed, market="agents_market")

    assert not outcome.effects[0].held


def test_what_something_else_does_to_the_book_does_not_hide_a_widening() -> None:
    """Five times as wide is seen beside a sell program and a burst of cancels."""
    others: list[Fault] = [
        CancellationBurst(symbol="SPY", cancel_times=30),
        SellProgram(symbol="SPY", drop_pct=10, over_s=60, participation_pct=500),
    ]
    outcome = play_faults(*(Timed(fault, 60, 120) for fault in [WIDE, *others]), market="agents_market")

    assert outcome.effects[0].held


def test_a_fault_that_asks_for_little_is_not_held_by_doing_nothing() -> None:
    """What is needed is measured from the undisturbed spread, not from nothing."""
    little = SpreadWidening(symbol="SPY", spread_times=1.1)

    assert not little.effect(quiet_log([quote(0, 2)]), 60 * NS_PER_S, 80 * NS_PER_S).held


def test_a_quote_weighs_by_how_long_it_stood() -> None:
    """One second of each: the lower middle one; beyond the ends nothing counts."""
    quotes = [quote(0, 1), quote(1, 3), quote(2, 9)]

    assert median_spread(quotes, 0, 3 * NS_PER_S) == 30_000
    assert median_spread(quotes, 2 * NS_PER_S, 3 * NS_PER_S) == 90_000
    assert math.isnan(median_spread(quotes, 0, 0))
