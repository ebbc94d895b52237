"""What ``market.py`` measures without a world: the background flow into a book of its own, and the book from Python."""

from __future__ import annotations

from functools import cache
from statistics import median

from common import Work, cpu_s

from engine.base.units import NS_PER_S
from engine.kernel.world import World
from engine.market.book_arrays import MATCHES
from engine.market.flow import Flow
from engine.market.flow_arrays import ARRIVALS
from engine.market.flow_document import FlowDocument
from engine.market.limit_book import LimitBook

MID_TICKS = 22_300
PLAIN_S = 3
"""Simulated seconds for plain Python."""


def busy_flow() -> Flow:
    """The flow of the model's defaults, with 2,000 messages a second, into a book of its own, at time 0."""
    world = World(1)
    chance = tuple(world.stream(name) for name in ("uniform", "exponential", "normal"))
    return Flow(LimitBook(MID_TICKS), FlowDocument(messages_per_s=2_000), MID_TICKS, chance)


def flowing(until_s: int, *, told: bool = False) -> Work:
    """A round of the flow alone, in steps of 100 ms; what traded is handed over to Python if *told*."""
    flow = busy_flow()

    def work() -> None:
        for step in range(1, 10 * until_s + 1):
            flow.run(step * NS_PER_S // 10)
            if told:
                flow.book.drain()
            else:
                flow.book.memory[MATCHES] = 0

    return work


@cache
def orders_in(until_s: int) -> int:
    """How many orders that is."""
    flow = busy_flow()
    flow.run(until_s * NS_PER_S)
    return int(flow.book.memory[ARRIVALS])


def resting(pairs: int) -> Work:
    """Somebody known lets an order rest deep in a busy book, and takes it out."""
    book = _busy_book()

    def work() -> None:
        for number in range(1, pairs + 1):
            book.submit(0, 2, number, 1, 100, MID_TICKS - 500, rests=True)
            book.cancel(number)

    return work


def taking(pairs: int) -> Work:
    """Somebody known lets an order rest at a price of its own, and another one takes it."""
    book = _busy_book()
    tick = book.top()[2]

    def work() -> None:
        for number in range(1, pairs + 1):
            book.submit(0, 2, number, -1, 1, tick, rests=True)
            book.submit(0, 3, pairs + number, 1, 1, None, rests=False)
            book.drain()

    return work


def _busy_book() -> LimitBook:
    flow = busy_flow()
    flow.run(NS_PER_S)
    flow.book.drain()
    return flow.book


def seconds_per_order(count: int) -> float:
    """CPU seconds of one order of the flow alone in this process, the median of *count* short runs."""
    orders = orders_in(PLAIN_S)
    return median(cpu_s(flowing(PLAIN_S)) for _ in range(count)) / orders
