"""The price shock: a straight fall, a partial recovery, and a check that looks at the venue's mid."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_S, ns_from_s
from engine.domain.ports import Levers
from engine.domain.records import FaultHealed, VenueQuote
from engine.faults.fault import effects_of
from engine.faults.price_shock import PriceShock, ShockError
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


# ---- many symbols

WHEN = (ns_from_s(T0_S), ns_from_s(T0_S + 20))
TOGETHER = PriceShock(symbol="SPY", beta={"QQQ": 1.2}, drop_pct=10, over_s=20, recover_pct=50, recover_s=10)


@pytest.fixture(scope="module")
def together() -> Outcome:
    """Both symbols, shocked together."""
    return play_fault(TOGETHER, 20)


def test_the_others_fall_by_their_beta(together: Outcome) -> None:
    """Half way, at the end of the fall, and after the recovery: 1.2 percent for each percent."""
    seen = [together.at(T0_S + second).levers for second in (10, 20)] + [together.end.levers]

    assert [levers["SPY"].price_factor for levers in seen] == pytest.approx([0.95, 0.90, 0.95])
    assert [levers["QQQ"].price_factor for levers in seen] == pytest.approx([0.94, 0.88, 0.94])


def test_the_lead_is_judged_as_if_it_fell_alone(together: Outcome) -> None:
    """Its own effect stays what it was; the others have one of their own."""
    lead, others = effects_of(TOGETHER, together.log, *WHEN)

    assert lead == together.effect
    assert (lead.metric, lead.held, lead.needed) == ("mid_drop_pct", True, 8)
    assert (others.metric, others.value, others.needed, others.held) == ("others_fallen_pct", 100, 80, True)


def test_a_shock_of_one_symbol_has_one_effect(crash: Outcome) -> None:
    """There is no other to look at."""
    assert effects_of(CRASH, crash.log, *WHEN) == (crash.effect,)


def fallen(*others: str) -> float:
    """The share of five others that fell, if these did; A falls twice as far as the lead's 10 %, the rest as far."""
    shock = PriceShock(symbol="SPY", beta={"A": 2.0, "B": 1.0, "C": 1.0, "D": 1.0, "E": 1.0}, drop_pct=10, over_s=20)
    quiet = [quote(59, 99, 101, symbol) for symbol in shock.beta]
    depth = {symbol: 20 if symbol == "A" else 10 for symbol in others}
    falls = [quote(70, 99 - drop, 101 - drop, symbol) for symbol, drop in depth.items()]
    (effect,) = shock.more_effects(quiet_log([*quiet, *falls]), 60 * NS_PER_S, 80 * NS_PER_S)
    assert effect.held is (effect.value >= 80)
    return effect.value


def test_the_share_of_the_others_that_fell_must_be_four_fifths() -> None:
    """Each is held against its own beta."""
    assert fallen("A", "B", "C", "D", "E") == 100
    assert fallen("A", "B", "C", "D") == 80
    assert fallen("B", "C", "D") == 60
    assert fallen() == 0


def test_an_other_that_fell_less_than_its_beta_asks_has_not_fallen() -> None:
    """A falls by 10 %, of 20 % asked; an unquoted one has not been seen to fall either."""
    shock = PriceShock(symbol="SPY", beta={"A": 2.0, "B": 1.0}, drop_pct=10, over_s=20)
    log = quiet_log([quote(59, 99, 101, "A"), quote(70, 89, 91, "A")])
    (effect,) = shock.more_effects(log, 60 * NS_PER_S, 80 * NS_PER_S)

    assert (effect.value, effect.held) == (0, False)


def test_a_symbol_quoted_long_before_still_has_a_price_to_fall_from() -> None:
    """Two minutes without a quote, then the fall: the last mid before it counts, however old."""
    log = quiet_log([quote(1, 94, 96), quote(2, 99, 101), quote(190, 84, 86)])
    effect = CRASH.effect(log, 180 * NS_PER_S, 200 * NS_PER_S)

    assert effect.value == pytest.approx(15)
    assert effect.needed == pytest.approx(12)


@pytest.mark.parametrize(
    ("beta", "drop_pct", "at", "words"),
    [
        ({"SPY": 1.0}, 10, "SPY", "SPY falls already"),
        ({"QQQ": 1.0, "IWM": 9.6}, 10, "IWM", "IWM would fall by 9.6 x 10 %, more than 95 %"),
        ({"QQQ": 1.01}, 95, "QQQ", "QQQ would fall by 1.01 x 95 %"),
    ],
)
def test_a_shock_that_cannot_be_is_refused_at_its_place(
    beta: dict[str, float], drop_pct: float, at: str, words: str
) -> None:
    """No symbol twice, and a price is left of every one."""
    with pytest.raises(ShockError, match=words) as refused:
        PriceShock(symbol="SPY", beta=beta, drop_pct=drop_pct, over_s=20)

    assert refused.value.at == ("beta", at)


def test_the_deepest_fall_of_another_is_allowed() -> None:
    """At the edge."""
    shock = PriceShock(symbol="SPY", beta={"QQQ": 9.5}, drop_pct=10, over_s=20)

    assert shock.symbols() == ("SPY", "QQQ")
