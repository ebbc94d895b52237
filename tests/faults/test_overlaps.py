"""Faults at the same time, and one after the other: each bites, each heals, whatever the others do."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.faults.broker_disconnect import BrokerDisconnect
from engine.faults.depth_collapse import DepthCollapse
from engine.faults.fault import Fault
from engine.faults.feed_delay import FeedDelay
from engine.faults.price_shock import PriceShock
from tests.faults.driver import UNTOUCHED, Timed, play_faults

CRASH = PriceShock(symbol="SPY", drop_pct=15, over_s=20, recover_pct=100, recover_s=5)
THIN = DepthCollapse(symbol="SPY", depth_left_pct=33)
LATE = FeedDelay(add_ms=200)
CUT = BrokerDisconnect()


@pytest.mark.parametrize(
    "order", list(permutations([THIN, LATE, CUT])), ids=lambda order: "".join(type(f).__name__[0] for f in order)
)
def test_faults_inside_each_other_bite_and_heal(order: tuple[Fault, Fault, Fault]) -> None:
    """Begun in any order, ended in any order."""
    first, second, third = order
    outcome = play_faults(Timed(first, 60, 90), Timed(second, 65, 80), Timed(third, 70, 100))

    assert [effect.held for effect in outcome.effects] == [True, True, True]
    during = outcome.at(75)
    assert during.levers["SPY"].depth_factor == 0.33
    assert (during.extra_delay_ns, during.connected) == (200_000_000, False)
    assert outcome.end == UNTOUCHED


def test_a_crash_in_a_thin_book_with_a_late_feed_and_no_broker() -> None:
    """All four at once, and every one of them is seen."""
    outcome = play_faults(Timed(CRASH, 60, 80), Timed(THIN, 60, 85), Timed(LATE, 65, 75), Timed(CUT, 70, 90))

    assert [effect.held for effect in outcome.effects] == [True, True, True, True]
    price = outcome.end.levers["SPY"].price_factor
    assert price == pytest.approx(1, abs=1e-12)
    outcome.site.venue.levers("SPY").price_factor = 1.0
    assert outcome.end == UNTOUCHED


def test_two_symbols_crash_apart() -> None:
    """The same fault in two symbols at once: neither pulls the other's levers."""
    other = DepthCollapse(symbol="QQQ", depth_left_pct=50)
    outcome = play_faults(Timed(THIN, 60, 80), Timed(other, 70, 90))

    assert [outcome.at(second).levers["SPY"].depth_factor for second in (65, 75, 85)] == [0.33, 0.33, 1.0]
    assert [outcome.at(second).levers["QQQ"].depth_factor for second in (65, 75, 85)] == [1.0, 0.5, 0.5]
    assert [effect.held for effect in outcome.effects] == [True, True]
    assert outcome.end == UNTOUCHED


@pytest.mark.parametrize("fault", [THIN, LATE, CUT], ids=lambda fault: type(fault).__name__)
def test_the_same_fault_again_after_a_while(fault: Fault) -> None:
    """Both items bite, and in between the site is whole."""
    outcome = play_faults(Timed(fault, 60, 70), Timed(fault, 80, 90))

    assert [effect.held for effect in outcome.effects] == [True, True]
    assert outcome.at(75) == UNTOUCHED
    assert outcome.end == UNTOUCHED


@pytest.mark.parametrize(
    "fault",
    [THIN, LATE, CUT],
    ids=lambda fault: type(fault).__name__,
)
def test_the_same_fault_again_at_once(fault: Fault) -> None:
    """``after:`` without ``plus_s``: the second item begins in the instant in which the first one heals."""
    outcome = play_faults(Timed(fault, 60, 70), Timed(fault, 70, 80))

    assert [effect.held for effect in outcome.effects] == [True, True]
    assert outcome.end == UNTOUCHED


def test_a_crash_during_the_recovery_of_another_falls_from_there() -> None:
    """Factors multiply: neither forgets the other."""
    first = PriceShock(symbol="SPY", drop_pct=10, over_s=10, recover_pct=0)
    outcome = play_faults(Timed(first, 60, 70), Timed(first, 80, 90))

    assert outcome.end.levers["SPY"].price_factor == pytest.approx(0.9 * 0.9)
    assert [effect.held for effect in outcome.effects] == [True, True]


def test_the_same_faults_make_the_same_run() -> None:
    """Twice in one process, to the last record; another seed makes another one."""
    timed = (Timed(CRASH, 60, 80), Timed(LATE, 65, 75), Timed(CUT, 70, 90))
    prints = [play_faults(*timed, seed=seed).log.fingerprint() for seed in (1, 1, 2)]

    assert prints[0] == prints[1] != prints[2]
