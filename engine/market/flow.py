"""The background flow of one symbol: the Python face of the flow kernel, and what faults turn at it."""

from __future__ import annotations

from numpy.random import Generator

from engine.domain.ports import Levers
from engine.market import flow_chance_kernel, flow_kernel, flow_orders_kernel
from engine.market.book_arrays import with_more_rows
from engine.market.book_kernel import remove
from engine.market.flow_arrays import (
    CANCEL_FACTOR,
    HALTED,
    LOWER_BAND,
    NEAR_SQUARES,
    NEXT_NS,
    NOW_NS,
    QUOTED,
    REFERENCE,
    REFILL_FACTOR,
    SIZE_FACTOR,
    SPREAD_FACTOR,
    UPPER_BAND,
    VOLUME_FACTOR,
    draw,
    new_flow,
)
from engine.market.flow_document import FlowDocument
from engine.market.limit_book import LimitBook

AT_FILLS = flow_kernel.AT_FILLS
AT_TOP = flow_kernel.AT_TOP
LEAST_FACTOR = 1e-6
"""A lever at 0 is played as this: so little that nothing comes of it in a run."""


class Flow:
    """Others' adds, cancels and aggressive orders in *book*, from time 0 on.

    *chance* has three streams: uniform, exponential and normal draws. The book is filled before anything happens.
    """

    def __init__(self, book: LimitBook, document: FlowDocument, tick: int, chance: tuple[Generator, ...]) -> None:
        """Open around the price *tick*."""
        self.book = book
        self._chance = chance
        self._flow = new_flow(book.memory, document.dials(), document.shapes(), float(tick))
        self._levers = Levers()
        self._draw()
        for _ in range(document.makers.orders):
            self._draw()
            book.make_room(tick)
            flow_orders_kernel.add(book.memory, self._flow, 0)

    @property
    def now_ns(self) -> int:
        """The time up to which everything has happened that was asked for, or the last message."""
        return int(self.book.memory[NOW_NS])

    @property
    def next_ns(self) -> int:
        """When the next message comes, or the activity's next step."""
        return int(self.book.memory[NEXT_NS])

    @property
    def reference_tick(self) -> float:
        """What the others believe the price to be, in ticks."""
        return float(self._flow[REFERENCE])

    def quoted(self) -> tuple[int, int, float, int, float, float]:
        """What others quoted so far: orders, shares, squares of sizes; near the touch orders, distances, squares."""
        orders, shares, squares, near, distance, distances = self._flow[QUOTED : NEAR_SQUARES + 1].tolist()
        return int(orders), int(shares), squares, int(near), distance, distances

    def run(self, until_ns: int, stop_at: int = 0) -> bool:
        """Let every message up to and including *until_ns* happen; True if it stopped early, right after one.

        *stop_at* is any of AT_FILLS (a trade of the desk) and AT_TOP (a change of the top of book, or a trade).
        """
        while True:
            why = flow_kernel.run(self.book.memory, self._flow, until_ns, stop_at)
            if why in (flow_kernel.REACHED, flow_kernel.STOPPED):
                return why == flow_kernel.STOPPED
            self._make_room(why)

    def learn(self, t_ns: int, side: int, qty: int) -> None:
        """Somebody known has taken *qty* shares: the others learn from it and are excited, as by any such order."""
        self._expect_reached(t_ns)
        self._draw()
        flow_kernel.answer(self.book.memory, self._flow, t_ns, side, qty)

    def pull(self, levers: Levers, now_ns: int) -> None:
        """Obey *levers* from now on. Nothing happens if they stand as before."""
        if levers == self._levers:
            return
        self._expect_reached(now_ns)
        before, self._levers = self._levers, Levers(**{name: getattr(levers, name) for name in Levers.__slots__})
        flow = self._flow
        flow[VOLUME_FACTOR] = max(levers.volume_factor, LEAST_FACTOR)
        flow[REFILL_FACTOR] = max(levers.refill_factor, LEAST_FACTOR)
        flow[CANCEL_FACTOR] = max(levers.cancel_factor, LEAST_FACTOR)
        flow[SIZE_FACTOR] = max(levers.depth_factor, LEAST_FACTOR)
        flow[SPREAD_FACTOR] = max(levers.spread_factor, LEAST_FACTOR)
        flow[REFERENCE] *= levers.price_factor / before.price_factor
        if levers.depth_factor < before.depth_factor:
            self._thin(now_ns, levers.depth_factor / before.depth_factor)
        self._draw()
        flow_kernel.replan(self.book.memory, flow, now_ns)

    def halt(self, *, halted: bool) -> None:
        """Nobody trades from now on, though orders still come and go; or trading goes on."""
        self.book.memory[HALTED] = int(halted)

    def band(self, lower_tick: int, upper_tick: int, now_ns: int) -> None:
        """Nobody offers below *lower_tick* or bids above *upper_tick* from now on; 0/0 takes the bands away."""
        self.book.memory[LOWER_BAND], self.book.memory[UPPER_BAND] = lower_tick, upper_tick
        flow_orders_kernel.sweep_outside(self.book.memory, now_ns)

    def _expect_reached(self, t_ns: int) -> None:
        """Raise ValueError if the flow has not been run up to *t_ns*: what comes next would lie in the past."""
        if self.next_ns < t_ns:
            raise ValueError(
                f"a flow that was run up to {t_ns} ns was expected, its next message is at {self.next_ns} ns"
            )

    def _thin(self, now_ns: int, kept: float) -> None:
        """Others take out all but the share *kept* of their orders, each with the same probability."""
        book = self.book.memory
        for order in self.book.others():
            self._draw()
            if flow_chance_kernel.uniform(book, self._flow) >= kept:
                remove(book, now_ns, order)

    def _draw(self) -> None:
        draw(self.book.memory, self._flow, *self._chance)

    def _make_room(self, why: int) -> None:
        book = self.book
        if why == flow_kernel.NEEDS_DRAWS:
            self._draw()
        elif why == flow_kernel.NEEDS_ROWS:
            book.memory = with_more_rows(book.memory)
        elif why == flow_kernel.NEEDS_SPACE:
            book.make_message_room()
        else:
            bid, _, ask, _ = book.top()
            book.make_room(bid or ask)
            book.make_room(ask or bid)
