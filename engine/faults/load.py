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
    TimeInForce,
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


class Guest:
    """Asks the desk for orders in *symbol*, and hears what becomes of them; the strategy hears nothing of it."""

    def __init__(self, desk: Desk, symbol: str) -> None:
        self._desk = desk
        self._instrument: Instrument = desk.instrument(symbol)
        self._resting: dict[int, str] = {}
        """The orders that were approved and may still rest, oldest first, and the strategy that each is of."""
        self._cancels: dict[int, tuple[int, str]] = {}
        """The cancels on their way, what each aims at, and whose that is."""
        self._over = False

    # ---- asking

    @property
    def resting(self) -> tuple[int, ...]:
        """The orders that were approved and may still rest, oldest first."""
        return tuple(self._resting)

    def ask(self, instruction: Instruction) -> int:
        """Ask for *instruction* (id 0); its id."""
        return self._desk.ask(instruction, self)

    def limit_micros(self, side: Side, away_pct: float) -> int:
        """A price so far from the mid, on the passive side of it (a negative distance: through it)."""
        mid_micros = self._desk.view.mark_micros(self._instrument.symbol) or float(self._instrument.price_micros)
        away_micros = mid_micros * away_pct / 100
        if side is Side.BUY:
            return self._instrument.down_to_grid(mid_micros - away_micros)
        return self._instrument.up_to_grid(mid_micros + away_micros)

    def owner(self, order_id: int) -> str:
        """The strategy of one of :attr:`resting`."""
        return self._resting[order_id]

    def cancel_all(self) -> None:
        """Cancel everything that rests."""
        for order_id in self.resting:
            self._cancel(order_id)

    def clear(self, world: World) -> Process:
        """Nothing more is asked for: cancel what rests or comes to rest from now on."""
        self._over = True
        for _ in range(CLEAR_TRIES):
            self.cancel_all()
            yield world.wait_ns(CLEAR_AGAIN_NS)
            if not self._resting and not self._cancels:
                return

    def _cancel(self, order_id: int) -> None:
        owner = self._resting.pop(order_id)
        cancel = CancelOrder(0, order_id, self._instrument.symbol)
        self._cancels[self._desk.ask(cancel, self)] = (order_id, owner)

    # ---- hearing

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """What was approved may rest; after the end it is cancelled at once."""
        if isinstance(instruction, NewOrder) and instruction.tif is TimeInForce.IOC:
            return
        if isinstance(instruction, NewOrder) and decision.approved:
            self._resting[instruction.order_id] = instruction.strategy
            if self._over:
                self._cancel(instruction.order_id)
        elif not decision.approved:
            self._refused(instruction.order_id)

    def on_update(self, update: OrderUpdate) -> None:
        """An order ended, or a cancel was refused."""
        if update.state is OrderState.CANCELLED:
            self._cancels.pop(update.order_id, None)
            self._resting.pop(update.target_id or update.order_id, None)
        elif update.state is OrderState.WORKING and update.target_id not in (0, update.order_id):
            self._replaced(update)
        elif update.state is OrderState.REJECTED:
            self._refused(update.order_id)

    def on_fill(self, fill: Fill) -> None:
        """The market came to an order; it was small."""
        if not fill.left:
            self._resting.pop(fill.order_id, None)

    def _replaced(self, update: OrderUpdate) -> None:
        """An order took the place of another one."""
        owner = self._resting.pop(update.target_id, "")
        if owner:
            self._resting[update.order_id] = owner
            if self._over:
                self._cancel(update.order_id)

    def _refused(self, order_id: int) -> None:
        """An order never was, or one whose cancel was refused may still rest."""
        self._resting.pop(order_id, None)
        target_id, owner = self._cancels.pop(order_id, (0, ""))
        if target_id and self._desk.orders.get(target_id) is not None:
            self._resting[target_id] = owner


class Load(Guest):
    """Asks for the instructions of a mix, one after the other."""

    def __init__(self, desk: Desk, symbol: str, mix: Mix, chance: Generator) -> None:
        super().__init__(desk, symbol)
        self._mix = mix
        self._chance = Uniforms(chance)
        self._side = Side.BUY

    def ask_next(self) -> None:
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

    def _new(self, qty: int) -> None:
        """A limit order away from the market, on either side in turn. Odd lots are rounded up."""
        side, self._side = self._side, self._side.opposite
        lots = -(-qty // self._instrument.lot)
        limit_micros = self.limit_micros(side, self._mix.away_pct)
        qty = lots * self._instrument.lot
        self.ask(NewOrder(0, self._instrument.symbol, side, qty, OrderKind.LIMIT, limit_micros))
