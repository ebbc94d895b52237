"""A load on the desk: instructions that nobody needs, told apart from the strategy's own."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from engine.base.units import NS_PER_S
from engine.domain.governance import Decision
from engine.domain.orders import (
    CancelOrder,
    Fill,
    Instruction,
    Instrument,
    NewOrder,
    OrderKind,
    OrderState,
    OrderUpdate,
    Side,
)
from engine.kernel.streams import Uniforms
from engine.kernel.world import Process, World
from engine.trading.desk import Desk

RESTING_MOST = 200
"""The most orders that a load lets rest at a time: from here on a cancel takes the place of a new order."""
CLEAR_AGAIN_NS = NS_PER_S
CLEAR_TRIES = 60
"""How often, and how many times, what still rests after the end is cancelled again: our assumption."""


@dataclass(frozen=True, slots=True)
class Mix:
    """What a load consists of: shares in percent, sizes in shares, and how far from the mid its orders rest."""

    cancel_pct: float
    too_large_pct: float
    qty_shares: int
    too_large_qty_shares: int
    away_pct: float


class Load:
    """Asks the desk for instructions in *symbol*, and hears what becomes of them; the strategy hears nothing of it."""

    def __init__(self, desk: Desk, symbol: str, mix: Mix, chance: Generator) -> None:
        self._desk = desk
        self._mix = mix
        self._chance = Uniforms(chance)
        self._instrument: Instrument = desk.instrument(symbol)
        self._side = Side.BUY
        self._resting: dict[int, None] = {}
        """The orders that were approved and may still rest, oldest first."""
        self._cancels: dict[int, int] = {}
        """The cancels on their way, and what each aims at."""
        self._over = False

    # ---- asking

    def ask(self) -> None:
        """Ask for the next instruction of the mix."""
        kind_pct = 100 * self._chance.draw()
        mix = self._mix
        wants_cancel = kind_pct < mix.cancel_pct
        if kind_pct >= 100 - mix.too_large_pct:
            self._new(mix.too_large_qty_shares)
        elif self._resting and (wants_cancel or len(self._resting) >= RESTING_MOST):
            self._cancel(next(iter(self._resting)))
        else:
            self._new(mix.qty_shares)

    def clear(self, world: World) -> Process:
        """Nothing more is asked for: cancel what rests or comes to rest from now on."""
        self._over = True
        for _ in range(CLEAR_TRIES):
            for order_id in tuple(self._resting):
                self._cancel(order_id)
            yield world.wait_ns(CLEAR_AGAIN_NS)
            if not self._resting and not self._cancels:
                return

    def _new(self, qty: int) -> None:
        """A limit order away from the market, on either side in turn. Odd lots are rounded up."""
        view, instrument = self._desk.view, self._instrument
        mid_micros = view.mark_micros(instrument.symbol) or float(instrument.price_micros)
        side, self._side = self._side, self._side.opposite
        away_micros = mid_micros * self._mix.away_pct / 100
        limit_micros = (
            instrument.down_to_grid(mid_micros - away_micros)
            if side is Side.BUY
            else instrument.up_to_grid(mid_micros + away_micros)
        )
        lots = -(-qty // instrument.lot)
        self._desk.ask(NewOrder(0, instrument.symbol, side, lots * instrument.lot, OrderKind.LIMIT, limit_micros), self)

    def _cancel(self, order_id: int) -> None:
        del self._resting[order_id]
        cancel = CancelOrder(0, order_id, self._instrument.symbol)
        self._cancels[self._desk.ask(cancel, self)] = order_id

    # ---- hearing

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """What was approved may rest; after the end it is cancelled at once."""
        if isinstance(instruction, NewOrder) and decision.approved:
            self._resting[instruction.order_id] = None
            if self._over:
                self._cancel(instruction.order_id)
        elif not decision.approved:
            self._refused(instruction.order_id)

    def on_update(self, update: OrderUpdate) -> None:
        """An order ended, or a cancel was refused."""
        if update.state is OrderState.CANCELLED:
            self._cancels.pop(update.order_id, None)
            self._resting.pop(update.target_id or update.order_id, None)
        elif update.state is OrderState.REJECTED:
            self._refused(update.order_id)

    def on_fill(self, fill: Fill) -> None:
        """The market came to an order; it was small."""
        if not fill.left:
            self._resting.pop(fill.order_id, None)

    def _refused(self, order_id: int) -> None:
        """An order never was, or one whose cancel was refused may still rest."""
        self._resting.pop(order_id, None)
        target_id = self._cancels.pop(order_id, None)
        if target_id is not None and self._desk.orders.get(target_id) is not None:
            self._resting[target_id] = None
