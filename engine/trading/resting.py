"""The desk's own resting orders by price, to see whether a new order would meet one of them.

A heap for each side of a symbol; orders that are over are dropped when they come to its top, and the heap is swept when
most of it is over. An order is touched a bounded number of times, however many there were before it.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from engine.domain.governance import DeskView
from engine.domain.orders import Side

SWEEP_FROM = 64
"""A heap of fewer entries is never swept."""


class Resting:
    """Own limit orders of every symbol, best price first. Liveness is the desk's view to tell."""

    def __init__(self) -> None:
        # By symbol, then by place of a Side (buys at 1, sells at -1): an enumeration is slow to look up by.
        self._heaps: dict[str, list[list[tuple[int, int]]]] = {}
        self._sweep_at: dict[str, list[int]] = {}

    def add(self, symbol: str, side: Side, order_id: int, limit_micros: int, view: DeskView) -> None:
        """An order that may rest was approved."""
        heaps = self._heaps.get(symbol)
        if heaps is None:
            heaps = self._heaps[symbol] = [[], [], []]
            self._sweep_at[symbol] = [SWEEP_FROM] * 3
        heap = heaps[side]
        heappush(heap, (-side * limit_micros, order_id))
        if len(heap) >= self._sweep_at[symbol][side]:
            heap[:] = [entry for entry in heap if entry[1] == order_id or view.order_left(entry[1])]
            heapify(heap)
            self._sweep_at[symbol][side] = max(SWEEP_FROM, 2 * len(heap))

    def best(self, symbol: str, side: Side, view: DeskView) -> int | None:
        """The best price among the live orders of one side, None if there is none."""
        heaps = self._heaps.get(symbol)
        heap = heaps[side] if heaps else None
        while heap:
            price, order_id = heap[0]
            if view.order_left(order_id) is not None:
                return -side * price
            heappop(heap)
        return None
