"""The price shock: a straight fall, a partial recovery, and a check that looks at the venue's mid."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_S
from engine.domain.ports import Levers
from engine.domain.records import FaultHealed, VenueQuote
from engine.faults.price_shock import PriceShock
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, play_fault, quiet_log

CRASH = PriceShock(symbol="SPY", drop_pct=15, over_s=20, recover_pct=50, recover_s=10)


@pytest.fixture(scope="module")
def crash() -> Outcome:
    """The crash, played once."""
    return play_fault(CRASH, 20)


def factor(outcome: Outcome, second: float) -> float:
    """The price factor of SPY just after *second*."""
    return outcome.at(second).levers["SPY"].price_factor


def quote(second: float, bid: int, ask: int, symbol: str = "SPY") -> VenueQuote:
    """A quote of 100 shares a side, prices in whole dollars; 0 is an empty side."""
    return VenueQuote(round(second * NS_PER_S), symbol, bid * 10**6, 100, ask * 10**6, 100)


def test_the_price_falls_along_a_straight_line(crash: Outcome) -> None:
    """Nothing before, half of it half way, all of it at the end."""
    assert crash.at(T0_S - 0.1) == UNTOUCHED
    assert factor(crash, T0_S + 10) == pytest.approx(1 - 0.075)
    assert factor(crash, T0_S + 20) == pytest.approx(1 - 0.15)


def test_the_recovery_runs_by_itself_after_the_fault(crash: Outcome) -> None:
    """Half of the fall comes back in ten seconds, and then the price stays."""
    healed = crash.log.of(FaultHealed)[0].t_ns

    assert healed == (T0_S + 20) * NS_PER_S
    assert factor(crash, T0_S + 25) == pytest.approx(1 - 0.15 + 0.0375)
    assert factor(crash, T0_S + 30) == pytest.approx(1 - 0.075)
    assert crash.end.levers["SPY"].price_factor == pytest.approx(1 - 0.075)


def test_a_crash_touches_its_own_symbol_and_nothing_else(crash: Outcome) -> None:
    """Neither the other one, nor depth and spread, nor feed and session."""
    assert all(state.levers["QQQ"] == Levers() for state in crash.seen.values())
    assert all(state.connected and state.extra_delay_ns == 0 for state in crash.seen.values())
    shocked = [state.levers["SPY"] for state in crash.seen.values()]
    assert {(each.depth_factor, each.spread_factor, each.volume_factor) for each in shocked} == {(1.0, 1.0, 1.0)}


def test_the_fall_is_seen_at_the_venue(crash: Outcome) -> None:
    """Fifteen of a hundred, of which 80 % are needed."""
    assert crash.effect.value == pytest.approx(15, abs=0.2)
    assert crash.effect.needed == pytest.approx(12)
    assert crash.effect.held


def test_a_full_recovery_leaves_nothing_behind() -> None:
    """The lever is back to the last bits of a float."""
    outcome = play_fault(PriceShock(symbol="SPY", drop_pct=15, over_s=20, recover_pct=100, recover_s=10), 20)

    assert outcome.end.levers["SPY"].price_factor == pytest.approx(1, abs=1e-12)


def test_without_recovery_the_price_stays_down() -> None:
    """0 % of the fall come back."""
    outcome = play_fault(PriceShock(symbol="SPY", drop_pct=15, over_s=20, recover_pct=0), 20)

    assert outcome.end.levers["SPY"].price_factor == pytest.approx(0.85)


def test_an_early_heal_stops_the_fall_where_it_is() -> None:
    """From there half of what has fallen comes back; the rest of the fall never comes."""
    outcome = play_fault(CRASH, 10)
    lowest = min(state.levers["SPY"].price_factor for state in outcome.seen.values())

    assert lowest == pytest.approx(1 - 0.075, abs=0.001)
    assert outcome.end.levers["SPY"].price_factor == pytest.approx(1 - 0.0375, abs=0.001)
    assert not outcome.effect.held


def test_a_shock_lasts_as_long_as_its_fall() -> None:
    """The recovery is no longer the fault."""
    assert CRASH.own_length_s == 20
    assert CRASH.symbols() == ("SPY",)


def test_the_fall_is_measured_from_the_last_mid_before_it() -> None:
    """What fell earlier, or in another symbol, or one side alone, is not counted."""
    log = quiet_log(
        [
            quote(1, 99, 101),
            quote(59, 99, 101),
            quote(60.5, 0, 5),
            quote(61, 49, 51, "QQQ"),
            quote(62, 89, 91),
            quote(63, 94, 96),
        ]
    )

    assert CRASH.effect(log, 60 * NS_PER_S, 80 * NS_PER_S).value == pytest.approx(10)


def test_the_fall_ends_one_step_after_the_heal() -> None:
    """A later low is somebody else's; the last step of the fall is still ours."""
    at = (60 * NS_PER_S, 80 * NS_PER_S)

    assert CRASH.effect(quiet_log([quote(59, 99, 101), quote(80.1, 79, 81)]), *at).value == pytest.approx(20)
    assert CRASH.effect(quiet_log([quote(59, 99, 101), quote(80.2, 79, 81)]), *at).value == 0


def test_without_a_mid_before_the_fall_cannot_be_measured() -> None:
    """NaN, which has not held."""
    effect = CRASH.effect(quiet_log([quote(61, 89, 91), quote(62, 79, 81)]), 60 * NS_PER_S, 80 * NS_PER_S)

    assert math.isnan(effect.value)
    assert not effect.held


def test_a_rise_is_no_fall() -> None:
    """The lowest point is never above the start."""
    effect = CRASH.effect(quiet_log([quote(59, 99, 101), quote(62, 109, 111)]), 60 * NS_PER_S, 80 * NS_PER_S)

    assert (effect.value, effect.held) == (0, False)


def test_a_fall_that_the_market_makes_by_itself_is_no_shock() -> None:
    """One percent up and down each second: then a fall of two percent in 20 s is nothing, however little is asked."""
    restless = [quote(second, 99 + second % 2, 101 + second % 2) for second in range(1, 61)]
    log = quiet_log([*restless, quote(70, 97, 99)])
    asked = PriceShock(symbol="SPY", drop_pct=0.01, over_s=20)
    effect = asked.effect(log, 60 * NS_PER_S, 80 * NS_PER_S)

    assert effect.value == pytest.approx(2)
    assert effect.needed == pytest.approx(4 * math.sqrt(20), rel=0.05)
    assert not effect.held
