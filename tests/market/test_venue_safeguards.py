"""What must hold for every venue with safeguards, on random walks and random orders."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.orders import CancelOrder, Instruction, NewOrder
from engine.domain.quotes import MarketState
from engine.domain.records import (
    Record,
    VenueAccepted,
    VenueCancelled,
    VenueFill,
    VenueQuote,
    VenueState,
    VenueTrade,
)
from engine.kernel.streams import stream
from engine.market.mechanics.luld import Luld, PriceClass
from engine.market.mechanics.self_trade import SelfTrade
from engine.market.mechanics.stop_logic import StopLogic

from .protected import Case, protected
from .samples import BUY, IOC, MS, SELL, at_market, limit, reduced

WILD: dict[str, Any] = {"volatility_bps_per_sqrt_s": 120.0, "volume_shares_per_s": 3_000.0}
TIGHT = Luld(
    source="a test",
    limit_state_s=0.2,
    pause_s=1,
    reference_window_s=5,
    reference_move_pct=0.2,
    reference_holds_s=1,
    classes=(PriceClass(above_usd=0, tier_1_pct=1, tier_2_pct=1, doubled="none"),),
)
STOP = StopLogic(source="a test", move_pct=1.2, within_ms=300, reserved_s=1)
MODES = st.sampled_from(["cancel_newest", "cancel_oldest", "cancel_both", "decrement_and_cancel"])


def wild(seed: int, mode: str, *, extra_reads: bool = False) -> Case:
    """Twenty seconds of a wild market in which the desk sends an order every 50 ms."""
    rule = SelfTrade(source="a test", mode=mode)  # type: ignore[arg-type]
    case = protected(reduced(seed, **WILD), luld=TIGHT, stop_logic=STOP, self_trade=rule)  # type: ignore[arg-type]
    draw = stream(seed, "test")
    for number in range(1, 400):
        order = _order(draw, number, case)
        case.world.at(number * 50 * MS + 7, lambda order=order: case.venue.submit(order, 0))  # type: ignore[misc]
    for t_ns in range(0, 20_000 * MS, 13 * MS) if extra_reads else ():
        case.world.at(t_ns, lambda: case.venue.quote("SPY"))
    case.run(21)
    return case


def _order(draw: np.random.Generator, number: int, case: Case) -> Instruction:
    """A cancel, a market order or a limit order around 540."""
    side = BUY if draw.random() < 0.5 else SELL
    kind, usd, qty = draw.random(), 540 + round(float(draw.normal(0, 4)), 2), int(draw.integers(1, 300))
    if kind < 0.2:
        return CancelOrder(number, int(draw.integers(1, number + 1)), "SPY")
    if kind < 0.4:
        return at_market(number, side, qty)
    return limit(number, side, qty, round(usd, 2), IOC if kind < 0.5 else limit(1, side, 1, 1).tif)


def trading_at(records: list[Record]) -> list[tuple[Record, bool]]:
    """Every record with whether SPY traded when it was written."""
    trades, found = True, []
    for record in records:
        if isinstance(record, VenueState):
            trades = MarketState(record.state).trades
        found.append((record, trades))
    return found


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), MODES)
def test_nothing_trades_in_a_stop_and_no_share_is_lost(seed: int, mode: str) -> None:
    """No fill, print or quote in a stop; every accepted share is filled, taken out or still open."""
    case = wild(seed, mode)
    open_shares: dict[int, int] = {}
    for record, trades in trading_at(case.records()):
        if isinstance(record, VenueFill | VenueTrade | VenueQuote):
            assert trades, record
        if isinstance(record, VenueAccepted):
            open_shares[record.order_id] = record.qty
        elif isinstance(record, VenueFill):
            open_shares[record.order_id] -= record.qty
            assert open_shares[record.order_id] == record.left >= 0
        elif isinstance(record, VenueCancelled):
            assert open_shares.pop(record.order_id) == record.left

    standing = {order_id for order_id, left in open_shares.items() if left}
    assert standing == set(case.venue.working_ids())


def test_the_walk_is_wild_enough_to_prove_something() -> None:
    """Pauses, limit states, self-trades, auctions, fills and refusals all happen in a few runs."""
    cases = [wild(seed, "cancel_newest") for seed in range(4)]
    states = {state for case in cases for _, state, _ in case.states()}
    reasons = {reason for case in cases for _, _, reason in case.states()}
    opened = {(t_s, case.world.seed) for case in cases for t_s, _, reason in case.states() if reason == "reopened"}

    assert states == {"open", "limit_state", "paused"}
    assert reasons == {"luld_limit", "luld_pause", "stop_logic", "reopened", "limit_state_left"}
    assert {"self_trade", "ioc_remainder", "requested"} <= {
        reason for case in cases for _, reason in case.ended().values()
    }
    assert any("halted" in case.rejected().values() for case in cases)
    assert sum(len(case.fills()) for case in cases) > 100
    assert any(t_s in {at_s for at_s, _ in opened} for case in cases for t_s, *_ in case.fills())


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_reading_more_often_changes_nothing(seed: int) -> None:
    """The safeguards act on what happens, not on when somebody looks."""
    once, often = wild(seed, "cancel_oldest"), wild(seed, "cancel_oldest", extra_reads=True)

    assert once.world.log.fingerprint() == often.world.log.fingerprint()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_outside_an_auction_nothing_trades_beyond_the_bands(seed: int) -> None:
    """Every print and fill lies within the bands that were last given to the market."""
    model = reduced(seed, **WILD)
    given_bands: list[tuple[int, int]] = [(0, 0)]
    set_bands = model.set_bands

    def watch(symbol: str, lower: int, upper: int) -> None:
        given_bands.append((lower, upper))
        set_bands(symbol, lower, upper)

    model.set_bands = watch  # type: ignore[assignment,method-assign]
    case = protected(model, luld=TIGHT)  # type: ignore[arg-type]
    seen: list[tuple[int, tuple[int, int]]] = []

    def look(record: Record) -> None:
        if isinstance(record, VenueFill | VenueTrade):
            seen.append((record.price_micros, given_bands[-1]))

    case.world.log.observers.append(look)
    draw = stream(seed, "test")
    for number in range(1, 200):
        order = _order(draw, number, case)
        if isinstance(order, NewOrder):
            case.world.at(number * 97 * MS, lambda order=order: case.venue.submit(order, 0))  # type: ignore[misc]
    case.run(20)

    assert len(seen) > 100
    assert all(upper == 0 or lower <= price <= upper for price, (lower, upper) in seen)
