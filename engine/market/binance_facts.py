"""Facts of a Binance feed: what it carries, how bursty it is, how big its messages are, how late they come."""

from __future__ import annotations

import math

import numpy as np

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.market.binance import Depth, Message, Trade
from engine.market.facts import Fact, fact
from engine.market.facts_bursts import Bursts
from engine.market.facts_statistics import Weights, WorstDrop

_BATCH = 4096
_FOREVER_NS = 1 << 62
_DELAY_STEP_NS = NS_PER_MS // 100


class BinanceFacts:
    """Collects the facts; memory grows with distinct sizes and delays, not with messages."""

    def __init__(self) -> None:
        self._stamps: list[int] = []
        self._bursts = Bursts()
        self._streams: dict[str, int] = {}
        self._bytes, self._levels, self._delays = Weights(), Weights(), Weights()
        self._drop = WorstDrop(_FOREVER_NS)
        self._price_min, self._price_max = math.inf, -math.inf
        self._first_ns, self._last_ns = 0, 0
        self.symbols: dict[str, None] = {}
        """The symbols seen, in order of appearance."""
        self.exchange_span_ns: tuple[int, int] | None = None
        """The earliest and the latest time of the exchange's own, since 1970-01-01 UTC."""

    def add(self, message: Message) -> None:
        """The next message."""
        self._first_ns = self._first_ns or message.local_ns
        self._last_ns = max(self._last_ns, message.local_ns)
        self._stamps.append(message.local_ns)
        if len(self._stamps) == _BATCH:
            self._flush()
        self._streams[message.stream] = self._streams.get(message.stream, 0) + 1
        self._bytes.add_one(message.json_bytes)
        if message.symbol:
            self.symbols[message.symbol] = None
        if message.exchange_ns is not None:
            self._delays.add_one((message.local_ns - message.exchange_ns) // _DELAY_STEP_NS)
            first_ns, last_ns = self.exchange_span_ns or (message.exchange_ns, message.exchange_ns)
            self.exchange_span_ns = (min(first_ns, message.exchange_ns), max(last_ns, message.exchange_ns))
        if isinstance(message.said, Depth):
            self._levels.add_one(message.said.levels)
        elif isinstance(message.said, Trade):
            self._trade(message.local_ns, message.said.price)

    def facts(self) -> list[Fact]:
        """The table of facts; call at the end."""
        self._flush()
        traded = math.isfinite(self._price_min)
        return [
            fact("messages", sum(self._streams.values()), "messages", "lines of the file"),
            *(
                fact(f"{stream.partition('@')[0]}_messages", n, "messages", f"lines of the stream {stream}")
                for stream, n in self._streams.items()
            ),
            fact("span_s", (self._last_ns - self._first_ns) / NS_PER_S, "s", "first to last line by the local clock"),
            *self._bursts.facts(),
            fact("json_bytes_mean", self._bytes.mean(), "bytes", "length of the JSON of a message, mean"),
            fact("json_bytes_p99", self._bytes.quantile(0.99), "bytes", "99 % of messages are at most so long"),
            fact("json_bytes_max", self._bytes.most(), "bytes", "the longest message (the snapshot, mostly)"),
            fact("depth_levels_mean", self._levels.mean(), "levels", "price levels in a depth update, mean"),
            fact("depth_levels_max", self._levels.most(), "levels", "price levels in the largest depth update"),
            *self._delay_facts(),
            fact("trade_price_min", self._price_min if traded else math.nan, "quote", "lowest trade price"),
            fact("trade_price_max", self._price_max if traded else math.nan, "quote", "highest trade price"),
            fact("trade_price_drop_max_pct", self._drop.pct, "%", "largest fall of the trade price to a later one"),
        ]

    def _delay_facts(self) -> list[Fact]:
        floor, ms = self._delays.quantile(0), NS_PER_MS / _DELAY_STEP_NS
        raw = "local less exchange time; negative where the local clock is behind"
        return [
            fact("delay_floor_ms", floor / ms, "ms", f"the smallest delay: {raw}"),
            fact("delay_median_ms", self._delays.quantile(0.5) / ms, "ms", f"the median delay: {raw}"),
            *(
                fact(
                    f"latency_{name}_ms",
                    (self._delays.quantile(share) - floor) / ms,
                    "ms",
                    f"delay above its floor, {name}",
                )
                for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
            ),
        ]

    def _trade(self, local_ns: int, price: float) -> None:
        self._drop.add(local_ns, price, price)
        self._price_min, self._price_max = min(self._price_min, price), max(self._price_max, price)

    def _flush(self) -> None:
        self._bursts.add(np.array(self._stamps, np.int64))
        self._stamps.clear()
