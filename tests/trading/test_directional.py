"""Tests of the directional strategy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from engine.base.units import NS_PER_S
from engine.domain.governance import Decision
from engine.domain.orders import (
    CancelOrder,
    Fill,
    Instruction,
    Instrument,
    Liquidity,
    NewOrder,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.trading.desk import Desk
from engine.trading.directional import MOST_PER_TICK, DirectionalDocument

from .desk_world import SPY, MemoryVenue, Script, desk_in, quote

BID, ASK = 539_990_000, 540_010_000


def document(**changes: Any) -> DirectionalDocument:
    """A long strategy of 10 orders a second, changed as asked."""
    fields: dict[str, Any] = {"side": "long", "target_shares": 1000, "order_qty_shares": 100, "orders_per_s": 10.0}
    return DirectionalDocument(**(fields | changes))


def ticks(
    made: DirectionalDocument,
    quotes: Sequence[Quote],
    *,
    seed: int = 1,
    held: int = 0,
    approve: bool = True,
    lot: int = 1,
) -> list[list[Instruction]]:
    """What the strategy wants after each quote, one every 100 ms; nothing is ever filled."""
    world = World(seed)
    desk = desk_in(world, MemoryVenue(world), Script())
    if held:
        hold(desk, held)
    strategy, ids = made.build(world, [Instrument("SPY", 540_000_000, 10_000, lot)]), count(1)
    wanted = []
    for number, each in enumerate(quotes, start=1):
        world.run(number * NS_PER_S // 10)
        wants = list(strategy.on_tick(each, desk.view, ids))
        for instruction in wants:
            strategy.on_decision(instruction, Decision(approved=approve))
        wanted.append(wants)
    return wanted


def hold(desk: Desk, qty: int) -> None:
    """Let the desk hold *qty* shares of SPY."""
    side = Side.BUY if qty > 0 else Side.SELL
    desk.ledger.book(Fill(1, 1, "SPY", side, abs(qty), SPY.price_micros, Liquidity.TAKER, 0, 0), 0)


def news(wanted: list[list[Instruction]]) -> list[NewOrder]:
    """The new orders among them."""
    return [each for wants in wanted for each in wants if isinstance(each, NewOrder)]


def test_the_same_seed_wants_the_same() -> None:
    """Chance comes from the world's stream desk/strategy alone."""
    quotes = [quote()] * 200

    assert ticks(document(), quotes, seed=5) == ticks(document(), quotes, seed=5)
    assert ticks(document(), quotes, seed=5) != ticks(document(), quotes, seed=6)


def test_it_sends_as_many_orders_as_asked() -> None:
    """10 a second for 200 seconds are 2,000, give or take four standard deviations."""
    orders = news(ticks(document(target_shares=10**8), [quote()] * 2_000))

    assert len(orders) == pytest.approx(2_000, abs=4 * 2_000**0.5)


def test_orders_are_of_the_three_sorts_in_the_asked_shares() -> None:
    """Taking buys at the ask, resting buys at the bid, trims at the bid, near 65, 30 and 5 percent."""
    orders = news(ticks(document(target_shares=10**8, trim_qty_shares=20), [quote()] * 2_000, held=500))
    sorts = [(order.side, order.tif, order.limit_micros, order.qty) for order in orders]

    taking = sorts.count((Side.BUY, TimeInForce.IOC, ASK, 100))
    resting = sorts.count((Side.BUY, TimeInForce.DAY, BID, 100))
    trims = sorts.count((Side.SELL, TimeInForce.IOC, BID, 20))
    assert taking + resting + trims == len(orders)
    assert trims / len(orders) == pytest.approx(0.05, abs=0.02)
    assert resting / len(orders) == pytest.approx(0.95 * 0.30, abs=0.05)


def test_a_short_strategy_is_the_mirror_image() -> None:
    """It sells at the bid and rests at the ask, and trims by buying."""
    orders = news(ticks(document(side="short", target_shares=10**8), [quote()] * 500, held=-500))

    assert {(order.side, order.tif, order.limit_micros) for order in orders} == {
        (Side.SELL, TimeInForce.IOC, BID),
        (Side.SELL, TimeInForce.DAY, ASK),
        (Side.BUY, TimeInForce.IOC, ASK),
    }


def test_it_keeps_asking_when_everything_is_denied() -> None:
    """Denials do not silence it: that is how a governor is put to the test."""
    wanted = ticks(document(), [quote()] * 1_000, approve=False)

    assert len(news(wanted[-500:])) > 300


def test_it_wants_no_more_than_its_target() -> None:
    """With 970 of 1,000 held it asks for the last 30 only, and with 1,000 for nothing but trims."""
    some = news(ticks(document(trim_pct=0.0), [quote()] * 50, held=970))
    none = news(ticks(document(trim_pct=0.0), [quote()] * 50, held=1_000))

    assert {order.qty for order in some} == {30}
    assert none == []


def test_without_a_position_there_is_nothing_to_trim() -> None:
    """A trim never turns the position."""
    assert news(ticks(document(trim_pct=100.0), [quote()] * 50)) == []
    assert {order.qty for order in news(ticks(document(trim_pct=100.0), [quote()] * 50, held=40))} == {40}


def test_odd_lots_are_left_out() -> None:
    """With lots of 100, the last 30 shares to the target are not asked for."""
    assert news(ticks(document(trim_pct=0.0), [quote()] * 50, held=970, lot=100)) == []


def test_old_resting_orders_are_moved_or_cancelled() -> None:
    """After its life each resting order is changed, about every other time to the market's price."""
    made = document(passive_pct=100.0, trim_pct=0.0, passive_life_s=1.0, target_shares=10**8)
    wanted = ticks(made, [quote()] * 10 + [quote(bid=539_900_000)] * 60)
    changes = [(n, each) for n, wants in enumerate(wanted) for each in wants if not isinstance(each, NewOrder)]
    targets = [change.target_id for _, change in changes]
    replaces = [change for _, change in changes if isinstance(change, ReplaceOrder)]
    cancels = [change for _, change in changes if isinstance(change, CancelOrder)]

    assert min(n for n, _ in changes) >= 10
    assert len(targets) == len(set(targets))
    assert {replace.limit_micros for replace in replaces} == {539_900_000}
    assert len(cancels) / len(changes) == pytest.approx(0.5, abs=0.2)


def test_a_one_sided_quote_moves_it_to_nothing() -> None:
    """Without both prices it neither buys nor sells."""
    assert [wants for wants in ticks(document(), [quote(ask=0)] * 50) if wants] == []


def test_an_instrument_that_it_does_not_trade_is_passed_over() -> None:
    """Quotes of other symbols cause nothing."""
    assert [wants for wants in ticks(document(), [quote(symbol="AAPL")] * 50) if wants] == []


def test_after_a_gap_it_does_not_make_up_for_everything() -> None:
    """One quote causes at most 20 new orders, however long the feed was silent, and the rest is forgotten."""
    world = World(1)
    desk = desk_in(world, MemoryVenue(world), Script())
    strategy, ids = document(trim_pct=0.0, target_shares=10**8).build(world, (SPY,)), count(1)
    world.run(1_000 * NS_PER_S)
    first = strategy.on_tick(quote(), desk.view, ids)
    second = strategy.on_tick(quote(), desk.view, ids)

    assert (len(first), len(second)) == (MOST_PER_TICK, 0)
