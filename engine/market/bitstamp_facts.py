"""Facts of Bitstamp's order events: their mix, their rhythm, their prices, their delay."""

from __future__ import annotations

import math

import numpy as np

from engine.base.units import NS_PER_MS
from engine.market.bitstamp import ACTIONS, OrderEvent
from engine.market.facts import Fact, fact
from engine.market.facts_bursts import Bursts
from engine.market.facts_statistics import Weights

_BATCH = 4096
_CENTS = 100


class BitstampFacts:
    """Collects the facts; memory grows with distinct prices and delays, not with events."""

    def __init__(self) -> None:
        self._stamps: list[int] = []
        self._bursts = Bursts()
        self._actions = dict.fromkeys(ACTIONS, 0)
        self._bids = 0
        self._prices, self._delays = Weights(), Weights()
        self.exchange_span_ns: tuple[int, int] | None = None
        """The earliest and the latest time of the exchange's own, since 1970-01-01 UTC, of orders when created."""

    def add(self, event: OrderEvent) -> None:
        """The next event."""
        self._stamps.append(event.local_ms * NS_PER_MS)
        if len(self._stamps) == _BATCH:
            self._flush()
        self._actions[event.action] += 1
        if event.action != "created":  # a deletion repeats the stamp of the order's creation
            return
        self._bids += event.direction == "bid"
        self._prices.add_one(round(event.price * _CENTS))
        self._delays.add_one(event.local_ms - event.exchange_ms)
        t_ns = event.exchange_ms * NS_PER_MS
        first_ns, last_ns = self.exchange_span_ns or (t_ns, t_ns)
        self.exchange_span_ns = (min(first_ns, t_ns), max(last_ns, t_ns))

    def facts(self) -> list[Fact]:
        """The table of facts; call at the end."""
        self._flush()
        events, created = sum(self._actions.values()), self._actions["created"]
        return [
            fact("events", events, "events", "rows below the header"),
            *(
                fact(f"{action}_pct", 100 * n / events if events else math.nan, "%", f"share of events: {action}")
                for action, n in self._actions.items()
            ),
            fact("bid_pct", 100 * self._bids / created if created else math.nan, "%", "share of orders created to buy"),
            *self._bursts.facts(),
            fact("order_price_min", self._prices.quantile(0) / _CENTS, "quote", "lowest price of an order created"),
            fact("order_price_median", self._prices.quantile(0.5) / _CENTS, "quote", "median price of orders created"),
            fact("order_price_max", self._prices.most() / _CENTS, "quote", "highest price of an order created"),
            fact(
                "delay_median_ms",
                self._delays.quantile(0.5),
                "ms",
                "local less exchange time of orders created, median",
            ),
        ]

    def _flush(self) -> None:
        self._bursts.add(np.array(self._stamps, np.int64))
        self._stamps.clear()
