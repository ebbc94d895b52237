"""Five hundred intents race one limit: what is held and may fill is within it at every instant (RTS 6 Art. 15(2))."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.governance import Decision
from engine.domain.orders import (
    CancelOrder,
    Instruction,
    Liquidity,
    NewOrder,
    OrderKind,
    OrderState,
    OrderUpdate,
    ReplaceOrder,
    Side,
)
from engine.domain.orders import Fill as Filled
from engine.domain.records import Record
from engine.kernel.world import World
from engine.trading.limits import Bound, GroupLimits, Limits
from engine.trading.reference import ReferenceGovernor

from .desk_world import SPY, MemoryVenue, Script, desk_in, quote, run_ms
from .plain_view import SPY as PLAIN_SPY
from .plain_view import PlainView, bent, buy, desk_view, firm_limits, instrument_limits, limits, sell

RACERS = 500
MOST = 2_000
"""Shares that may be held and worked."""


def wide(**changes: object) -> Limits:
    """Limits in which only the one of the race binds."""
    given_: dict[str, object] = {
        "order_qty": Bound(hard=10**6),
        "order_notional": Bound(hard=10**12),
        "position": Bound(hard=MOST),
    }
    each = instrument_limits(**(given_ | changes))  # type: ignore[arg-type]
    firm = firm_limits(gross=Bound(hard=10**12), rate=Bound(hard=10**6))
    return replace(limits(firm=firm), instrument={"SPY": each})


def exposure(view: PlainView) -> int:
    """The worst that working orders can make of the position."""
    position = view.position("SPY")
    return max(abs(position + view.working("SPY", Side.BUY)), abs(position - view.working("SPY", Side.SELL)))


@pytest.mark.parametrize("qty", [1, 7, 399, 400, 401, 2_000, 2_001])
@pytest.mark.parametrize("strategies", [1, 50])
def test_five_hundred_intents_at_one_instant_stay_within_the_limit(qty: int, strategies: int) -> None:
    """Each approval counts from that instant on, whoever asks; as many pass as fit, and not one more."""
    ours, view = ReferenceGovernor(wide(), (PLAIN_SPY,), "2025-08-05"), desk_view()
    approved = 0
    for number in range(1, RACERS + 1):
        order = bent(buy(qty, order_id=number), strategy=f"s{number % strategies}")
        if ours.decide(order, view).approved:
            approved += 1
            view.live[number] = ("SPY", Side.BUY, qty)
        assert exposure(view) <= MOST

    assert approved == min(RACERS, MOST // qty)


STEPS = st.lists(
    st.tuples(st.sampled_from(["buy", "sell", "replace", "cancel", "fill", "die"]), st.integers(1, 900)),
    min_size=1,
    max_size=120,
)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_no_stream_of_orders_and_answers_breaks_the_limit_of_account_or_strategy(steps: list[tuple[str, int]]) -> None:
    """News, replaces, cancels and fills in any order; the account and each strategy stay within what is theirs."""
    own = {name: GroupLimits(position_shares=Bound(hard=700)) for name in ("s0", "s1")}
    ours, view = ReferenceGovernor(replace(wide(), strategy=own), (PLAIN_SPY,), "2025-08-05"), desk_view()
    race = _Race(ours, view)
    for what, number in steps:
        race.step(what, number)

        assert exposure(view) <= MOST
        assert all(race.worst_of(name) <= 700 for name in own)


class _Race:
    """A desk by hand: its orders in the view, and what each strategy holds and works."""

    def __init__(self, ours: ReferenceGovernor, view: PlainView) -> None:
        self.ours, self.view, self.ids = ours, view, count(1)
        self.owner: dict[int, str] = {}
        self.filled: dict[int, int] = {}
        self.position = {"s0": 0, "s1": 0}

    def worst_of(self, name: str) -> int:
        """The worst that a strategy's working orders can make of its position."""
        live = [(side, left) for key, (_, side, left) in self.view.live.items() if self.owner[key] == name]
        bought = sum(left for side, left in live if side is Side.BUY)
        sold = sum(left for side, left in live if side is Side.SELL)
        return max(abs(self.position[name] + bought), abs(self.position[name] - sold))

    def step(self, what: str, number: int) -> None:
        """One thing happens."""
        if what in ("buy", "sell"):
            self._new(what, number)
            return
        if not self.view.live:
            return
        key = list(self.view.live)[number % len(self.view.live)]
        {"replace": self._replace, "cancel": self._cancel, "fill": self._fill, "die": self._die}[what](key, number)

    def _new(self, what: str, qty: int) -> None:
        key, name = next(self.ids), f"s{qty % 2}"
        order: NewOrder = bent(
            (buy if what == "buy" else sell)(qty, 99.0 if what == "buy" else 101.0, key), strategy=name
        )
        if self.ours.decide(order, self.view).approved:
            self._live(key, order.side, qty, name, 0)

    def _replace(self, key: int, qty: int) -> None:
        _, side, _ = self.view.live[key]
        filled, new = self.filled[key], next(self.ids)
        price = 99_000_000 if side is Side.BUY else 101_000_000
        order = ReplaceOrder(new, key, "SPY", side, filled + qty, price, strategy=self.owner[key])
        if self.ours.decide(order, self.view).approved:  # and the venue takes it at once
            del self.view.live[key]
            self._live(new, side, qty, self.owner[key], filled)
            self.ours.on_update(OrderUpdate(new, key, OrderState.WORKING, "", qty), self.view)

    def _live(self, key: int, side: Side, left: int, name: str, filled: int) -> None:
        self.view.live[key] = ("SPY", side, left)
        self.owner[key], self.filled[key] = name, filled

    def _cancel(self, key: int, _number: int) -> None:
        assert self.ours.decide(CancelOrder(next(self.ids), key, "SPY"), self.view).approved

    def _fill(self, key: int, number: int) -> None:
        symbol, side, left = self.view.live[key]
        qty = min(number, left)
        self.view.positions["SPY"] = self.view.position("SPY") + side * qty
        self.position[self.owner[key]] += side * qty
        self.filled[key] += qty
        if left == qty:
            del self.view.live[key]
        else:
            self.view.live[key] = (symbol, side, left - qty)
        self.ours.on_fill(
            Filled(next(self.ids), key, "SPY", side, qty, 100_000_000, Liquidity.MAKER, 0, left - qty), self.view
        )

    def _die(self, key: int, _number: int) -> None:
        left = self.view.live.pop(key)[2]
        self.ours.on_update(OrderUpdate(key, 0, OrderState.CANCELLED, "requested", left), self.view)


# ---- in a world: latencies, a governor's queue, a venue that fills -----------------------------------------------


class Racers:
    """A guest that asks for five hundred orders at one instant and hears what becomes of them."""

    def __init__(self) -> None:
        self.approved = 0
        self.denied = 0

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """Count."""
        self.approved += decision.approved
        self.denied += not decision.approved

    def on_update(self, update: OrderUpdate) -> None:
        """Nothing to do."""

    def on_fill(self, fill: Filled) -> None:
        """Nothing to do."""


@pytest.mark.parametrize("taking", [False, True])
def test_five_hundred_intents_race_through_the_whole_desk(taking: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """They queue at the governor while orders of theirs are sent, rest or fill: looked at after every event."""
    each = wide().instrument["SPY"]
    firm = firm_limits(gross=Bound(hard=10**12), rate=Bound(hard=10**6), quote_age=Bound(hard=10**6))
    given_ = replace(limits(firm=firm), instrument={"SPY": each})
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script(), ReferenceGovernor(given_, (SPY,), "2025-08-05"))
    worst: list[int] = []
    record = world.record

    def looked_at(record_: Record) -> None:
        record(record_)
        worst.append(_worst(desk.view.position("SPY"), desk.orders.working("SPY", Side.BUY)))

    monkeypatch.setattr(world, "record", looked_at)
    venue.move(quote())
    run_ms(world, 5)
    racers = Racers()
    price = 540_010_000 if taking else 539_990_000
    for _ in range(RACERS):
        desk.ask(NewOrder(0, "SPY", Side.BUY, 30, OrderKind.LIMIT, price), racers)
    run_ms(world, 500)

    assert (racers.approved, racers.denied) == (MOST // 30, RACERS - MOST // 30)
    assert max(worst) == MOST // 30 * 30 <= MOST
    assert (desk.view.position("SPY") > 0) is taking


def _worst(position: int, buys: int) -> int:
    return max(abs(position + buys), abs(position))
