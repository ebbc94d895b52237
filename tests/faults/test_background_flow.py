"""A burst of cancels and a collapse of the refill are told apart, and from everything else that empties a book."""

from __future__ import annotations

import math

import pytest

from engine.domain.records import FaultStarted, VenueFlow
from engine.faults.background_flow import background_flow
from engine.faults.cancellation_burst import CancellationBurst
from engine.faults.depth_collapse import DepthCollapse
from engine.faults.fault import Fault
from engine.faults.price_shock import PriceShock
from engine.faults.refill_collapse import RefillCollapse
from engine.faults.sell_program import SellProgram
from tests.faults.driver import Timed, play_faults, quiet_log

NEARLY_NO_BURST = CancellationBurst(symbol="SPY", cancel_times=1.01)
NEARLY_ALL_REFILLED = RefillCollapse(symbol="SPY", refill_left_pct=99)
BURSTS = [CancellationBurst(symbol="SPY", cancel_times=times) for times in (3, 30, 1000)]
COLLAPSES = [RefillCollapse(symbol="SPY", refill_left_pct=left) for left in (50, 10, 0.01)]
OTHERS = [
    PriceShock(symbol="SPY", drop_pct=10, over_s=40, recover_pct=0),
    DepthCollapse(symbol="SPY", depth_left_pct=10),
    SellProgram(symbol="SPY", drop_pct=10, over_s=60, participation_pct=500),
]


def bitten(*faults: Fault, seed: int = 42) -> list[bool]:
    """Which of *faults* bit, all at the same time for a minute."""
    outcome = play_faults(*(Timed(fault, 60, 120) for fault in faults), seed=seed, market="agents_market")
    return [effect.held for effect in outcome.effects]


@pytest.mark.parametrize("burst", BURSTS, ids=lambda burst: f"cancel_times={burst.cancel_times}")
def test_a_burst_bites_and_what_it_empties_is_no_collapse_of_the_refill(burst: Fault) -> None:
    """The book loses nearly everything, but as many new orders come as ever."""
    assert bitten(burst, NEARLY_ALL_REFILLED) == [True, False]


@pytest.mark.parametrize("collapse", COLLAPSES, ids=lambda collapse: f"refill_left_pct={collapse.refill_left_pct}")
def test_a_collapse_bites_and_what_it_empties_is_no_burst(collapse: Fault) -> None:
    """The book runs dry, but of what rests no more is cancelled than ever."""
    assert bitten(collapse, NEARLY_NO_BURST) == [True, False]


@pytest.mark.parametrize("burst", BURSTS[:2], ids=lambda burst: f"cancel_times={burst.cancel_times}")
@pytest.mark.parametrize("collapse", COLLAPSES[:2], ids=lambda collapse: f"refill_left_pct={collapse.refill_left_pct}")
def test_both_at_once_bite(burst: Fault, collapse: Fault) -> None:
    """Neither hides the other."""
    assert bitten(burst, collapse) == [True, True]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: type(other).__name__)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_something_else_does_to_the_book_is_neither(other: Fault, seed: int) -> None:
    """A falling price, a thin book and somebody who sells: nearly nothing stays nearly nothing."""
    assert bitten(NEARLY_NO_BURST, NEARLY_ALL_REFILLED, other, seed=seed)[:2] == [False, False]


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: type(other).__name__)
def test_what_something_else_does_to_the_book_hides_neither(other: Fault) -> None:
    """Both are still seen."""
    assert bitten(BURSTS[1], COLLAPSES[1], other)[:2] == [True, True]


def counts(t_ns: int, added: int, cancelled: int, turns: int, met: int) -> VenueFlow:
    """What the venue had counted by then."""
    return VenueFlow(t_ns, "SPY", added, cancelled, turns, met, 0, 0, 0.0, 0, 0.0, 0.0)


def test_rates_are_held_against_the_time_before_the_first_fault_of_the_kind() -> None:
    """Half the additions for each turn; three times the cancels of each order that rested."""
    log = quiet_log(
        [
            counts(10, 400, 400, 1000, 100_000),
            FaultStarted(10, "earlier", "refill_collapse"),
            counts(20, 400, 800, 2000, 200_000),  # nothing was added while the earlier one lasted
            counts(30, 600, 1400, 3000, 250_000),
            VenueFlow(30, "QQQ", 9, 9, 9, 9, 0, 0, 0.0, 0, 0.0, 0.0),
            counts(40, 9999, 9999, 9999, 999_999),
        ]
    )
    flow = background_flow(log, "refill_collapse", "SPY", 20, 30)

    assert flow.adds.times == pytest.approx(0.5)
    assert flow.cancels.times == pytest.approx(3)
    assert flow.adds.noise == pytest.approx(math.sqrt(1 / 400 + 1 / 400 + 1 / 1000 + 1 / 1000))
    assert flow.adds.least_fall == pytest.approx(1 - 3 * flow.adds.noise)
    assert flow.cancels.least_rise == pytest.approx(1 + 3 * flow.cancels.noise)


@pytest.mark.parametrize(
    "records",
    [[], [counts(0, 0, 0, 0, 0)], [counts(0, 0, 0, 0, 0), counts(30, 50, 50, 100, 900)], [counts(30, 5, 5, 10, 90)]],
)
def test_without_counts_before_or_during_nothing_is_known(records: list[VenueFlow]) -> None:
    """And what is not known has not bitten."""
    log = quiet_log(records)
    flow = background_flow(log, "refill_collapse", "SPY", 20, 30)

    assert math.isnan(flow.adds.times)
    assert math.isnan(flow.cancels.times)
    assert not NEARLY_ALL_REFILLED.effect(log, 20, 30).held
    assert not NEARLY_NO_BURST.effect(log, 20, 30).held
    assert NEARLY_NO_BURST.effect(log, 20, 30).needed == pytest.approx(1.008)


def test_a_change_that_counting_alone_may_bring_is_none() -> None:
    """One addition in a hundred fewer, of a hundred: that may be chance."""
    log = quiet_log([counts(20, 100, 100, 200, 1000), counts(30, 199, 202, 400, 2000)])

    assert not NEARLY_ALL_REFILLED.effect(log, 20, 30).held
    assert not NEARLY_NO_BURST.effect(log, 20, 30).held


def sized(t_ns: int, quoted: int, shares: int, squares: float) -> VenueFlow:
    """What the venue had counted by then, of sizes only."""
    return VenueFlow(t_ns, "SPY", 0, 0, 0, 0, quoted, shares, squares, quoted, shares / 10, squares / 100)


def test_sizes_and_distances_are_held_against_how_much_they_differed_before() -> None:
    """A hundred orders of 100 and of 300 shares in equal parts differ by half of their mean."""
    log = quiet_log([sized(20, 100, 20_000, 5_000_000.0), sized(30, 200, 30_000, 6_000_000.0)])
    flow = background_flow(log, "depth_collapse", "SPY", 20, 30)

    for change in (flow.sizes, flow.distances):
        assert change.times == pytest.approx(0.5)
        assert change.noise == pytest.approx(0.5 * math.sqrt(1 / 100 + 1 / 100))


@pytest.mark.parametrize("records", [[], [sized(20, 0, 0, 0.0), sized(30, 5, 50, 500.0)], [sized(20, 5, 50, 500.0)]])
def test_without_sizes_before_or_during_nothing_is_known_of_them(records: list[VenueFlow]) -> None:
    """NaN, which has not bitten."""
    flow = background_flow(quiet_log(records), "depth_collapse", "SPY", 20, 30)

    assert math.isnan(flow.sizes.times)
    assert math.isnan(flow.distances.times)
