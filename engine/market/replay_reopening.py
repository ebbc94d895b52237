"""The auction that ends a stop in the order book of a tape: the desk's orders against each other and the tape's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.domain.orders import NewOrder, Side
from engine.domain.ports import MarketEvent
from engine.market import book_arrays, replay_arrays
from engine.market.auction import Interest, uncross

if TYPE_CHECKING:
    from engine.market.replay_order_book import TapeBook


class Waiting(NamedTuple):
    """An order that waits for the auction: its age, what it is called, side, shares, price in ticks."""

    age: int
    slot: int
    """Of an order of the tape; 0 for one of the desk."""
    order_id: int
    side: Side
    qty: int
    tick: int


def reopen(shown: TapeBook, t_ns: int, orders: Sequence[NewOrder], reference_micros: int) -> list[MarketEvent]:
    """The auction of *orders* and of all that waits, by price and age; what is left of *orders* rests.

    Every execution takes: an auction has no maker. Others trade with the desk only, because the tape does not cross.
    """
    events = shown.bring_up_to_now(t_ns)
    tick_micros = shown.instrument.tick_micros
    waiting = sorted(_of_the_tape(shown) + _of_the_desk(shown))
    interests = [Interest(each.side, each.qty, each.tick * tick_micros) for each in waiting]
    interests += [Interest(order.side, order.qty, order.limit_micros) for order in orders]
    found = uncross(interests, reference_micros, tick_micros)
    tick = found.price_micros // tick_micros
    for each, filled in zip(waiting, found.filled, strict=False):
        if filled and each.slot:
            shown.lose(each.slot, filled, gone=filled == each.qty)
        elif filled:
            shown.book.reduce(each.order_id, filled, t_ns)
            events.append(shown.execution(t_ns, each.order_id, each.side, filled, tick, each.qty - filled, maker=False))
    for order, filled in zip(orders, found.filled[len(waiting) :], strict=True):
        left = order.qty - filled
        if left and order.limit_micros is not None:
            shown.enter(t_ns, order, order.limit_micros // tick_micros, left)
        if filled:
            events.append(shown.execution(t_ns, order.order_id, order.side, filled, tick, left, maker=False))
    return events + shown.bring_up_to_now(t_ns)


def _of_the_tape(shown: TapeBook) -> list[Waiting]:
    found = []
    for row, slot in enumerate(replay_arrays.slots(shown.tape).tolist()):
        if slot[replay_arrays.SIDE] and slot[replay_arrays.SHARES] > 0:
            name = replay_arrays.SLOTS_FROM + replay_arrays.SLOT_COLUMNS * row
            side, qty, tick = Side(slot[replay_arrays.SIDE]), slot[replay_arrays.SHARES], slot[replay_arrays.TICK]
            found.append(Waiting(slot[replay_arrays.AGE], name, 0, side, qty, tick))
    return found


def _of_the_desk(shown: TapeBook) -> list[Waiting]:
    memory, found = shown.book.memory, []
    for order_id, (order, tick, _) in shown.resting.items():
        (age,) = (
            int(memory[at + book_arrays.SEQ])
            for at in book_arrays.line(memory, tick)
            if (memory[at + book_arrays.OWNER], memory[at + book_arrays.ORDER_ID]) == (book_arrays.DESK, order_id)
        )
        found.append(Waiting(age, 0, order_id, order.side, shown.book.left(order_id), tick))
    return found
