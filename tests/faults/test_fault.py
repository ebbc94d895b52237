"""What every fault has in common: its effect, its protocol, its place in the registry."""

from __future__ import annotations

import math

import pytest

from engine.domain.ports import Levers
from engine.faults import faults
from engine.faults.fault import Effect, Fault, needed_levers
from engine.kernel.event_log import EventLog
from tests.faults.driver import T0_S, Probe, made, play_fault

SAMPLES: dict[str, dict[str, object]] = {
    "limit_tamper": {"what": "emptied"},
    "order_burst": {"symbol": "SPY", "strategies": 50},
    "fat_finger": {"wrong": "size"},
    "stale_build": {"times": 10},
    "bad_print": {"symbol": "SPY", "off_pct": -99.97},
    "wrong_bands": {"symbol": "SPY", "off_pct": -20},
    "venue_disagreement": {"symbol": "SPY", "off_pct": -10},
    "trading_halt": {"symbol": "SPY"},
    "clock_skew": {"skew_ms": 100},
    "governor_pause": {},
    "governor_hang": {},
    "governor_kill": {"restart_after_s": 3},
    "redis_slow": {"add_ms": 5},
    "redis_outage": {},
    "database_outage": {},
    "memory_pressure": {"times": 5},
    "price_shock": {"symbol": "SPY", "drop_pct": 15, "over_s": 20},
    "depth_collapse": {"symbol": "SPY", "depth_left_pct": 33},
    "feed_delay": {"add_ms": 200},
    "broker_disconnect": {},
    "spread_widening": {"symbol": "SPY", "spread_times": 5},
    "feed_freeze": {},
    "feed_gap": {"loss_pct": 20},
    "broker_latency": {"add_ms": 250},
    "broker_reject": {"reject_pct": 20},
    "lost_ack": {"lose_pct": 20},
    "late_ack": {"late_pct": 50, "add_ms": 300},
    "duplicate_fill": {"duplicate_pct": 20},
    "late_fill": {"late_pct": 20, "add_ms": 400},
    "reordered_fill": {"reorder_pct": 20},
    "fill_after_cancel": {"late_pct": 50},
    "slow_cancel": {"add_ms": 500},
    "unsolicited_cancel": {"every_s": 2},
    "trade_bust": {"bust_pct": 5},
    "half_open": {},
    "graceful_logout": {},
    "session_renewal": {},
    "operator_control": {"verb": "pause"},
    "sequence_gap": {"lose_pct": 10},
    "decision_burst": {"symbol": "SPY", "decisions_per_s": 200},
    "agent_change": {"agent": "makers", "set": {"half_spread_ticks": 20}},
    "sell_program": {"symbol": "SPY", "drop_pct": 1, "over_s": 20},
    "cancellation_burst": {"symbol": "SPY", "cancel_times": 10},
    "refill_collapse": {"symbol": "SPY", "refill_left_pct": 20},
}

MARKETS = dict.fromkeys(("agent_change", "sell_program", "cancellation_burst", "refill_collapse"), "agents_market") | {
    "wrong_bands": "banded_market"
}
"""Where a fault is played that the small market has nothing for."""


@pytest.mark.parametrize(
    ("value", "needed", "held"),
    [
        (12.0, 12.0, True),
        (11.999, 12.0, False),
        (math.nan, 12.0, False),
        (12.0, math.nan, False),
        (math.nan, math.nan, False),
        (-math.inf, 0.0, False),
        (math.inf, 12.0, True),
    ],
)
def test_an_effect_has_held_from_what_was_needed_on(value: float, needed: float, held: bool) -> None:
    """NaN, on either side, has not."""
    assert Effect("mid_drop_pct", value, needed, "%").held is held


@pytest.mark.parametrize(("value", "held", "overshot"), [(12.0, True, False), (30.0, True, False), (30.1, False, True)])
def test_an_effect_beyond_the_most_has_not_held(value: float, held: bool, overshot: bool) -> None:
    """More than was asked for is something else; at the bound it is right."""
    effect = Effect("mid_drop_pct", value, 12.0, "%", most=30.0)

    assert (effect.held, effect.overshot) == (held, overshot)


def test_an_effect_that_could_not_be_read_did_not_overshoot() -> None:
    """Nor did it hold."""
    effect = Effect("mid_drop_pct", math.nan, 12.0, "%", most=30.0)

    assert (effect.held, effect.overshot) == (False, False)


def test_every_fault_has_a_sample_here() -> None:
    """A new fault is tested with the others."""
    assert set(SAMPLES) == set(faults.names())


@pytest.mark.parametrize("name", SAMPLES)
def test_every_fault_keeps_the_protocol(name: str) -> None:
    """What it declares is there, and of the right kind."""
    fault = made(name, SAMPLES[name])

    assert isinstance(fault, Fault)
    assert set(fault.clocks) <= {"simulated", "live"}
    assert fault.clocks
    assert all(hasattr(fault, parameter) for parameter in fault.no_effect)
    assert fault.own_length_s is None or fault.own_length_s > 0
    assert set(fault.symbols()) <= {"SPY"}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_fault_has_bitten_a_run_of_which_nothing_is_known(name: str) -> None:
    """An empty log: NaN or nought, and never an error."""
    effect = made(name, SAMPLES[name]).effect(EventLog(), 60, 80)

    assert not effect.held
    assert math.isnan(effect.value) or effect.value == 0


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_fault_asks_of_itself_does_not_depend_on_what_is_seen(name: str) -> None:
    """The need comes from its parameters; with the same ones it is the same."""
    fault = made(name, SAMPLES[name])

    assert fault.effect(EventLog(), 60, 80).needed == fault.effect(EventLog(), 1060, 1080).needed > 0


def test_a_class_without_a_process_is_no_fault() -> None:
    """The protocol sees what is missing."""
    assert isinstance(Probe(), Fault)
    assert not isinstance(object(), Fault)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_fault_declares_every_lever_that_it_pulls(name: str) -> None:
    """Played for some seconds: what is not at rest while it is on, it must need; else a market may not have it."""
    fault = made(name, SAMPLES[name])
    market = MARKETS.get(name, "small_market")
    during = play_fault(fault, fault.own_length_s or 5, market=market).at(T0_S + 3).levers["SPY"]
    pulled = {lever for lever in Levers.__dataclass_fields__ if getattr(during, lever) != 1.0}

    assert pulled <= needed_levers(fault)
    assert pulled or name not in ("price_shock", "depth_collapse", "spread_widening")
