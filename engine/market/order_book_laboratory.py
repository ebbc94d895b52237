"""The laboratory of the order book model: whole days of its background flow, and large orders worked in it.

A day of a seed is the same flow, by the same random streams, that a run of a scenario with this seed and symbol has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.base.units import NS_PER_S
from engine.kernel.streams import stream
from engine.market import book_arrays as at
from engine.market.flow import Flow
from engine.market.flow_document import SESSION_MIN, FlowDocument
from engine.market.limit_book import LimitBook
from engine.market.realism_laboratory import MidPath
from engine.market.recording import DepthSamples, Recording
from engine.market.tape_rows import Ints

SESSION_NS = SESSION_MIN * 60 * NS_PER_S
SETTLED_NS = 600 * NS_PER_S
"""No large order begins earlier: the book has found its shape by then."""
CHUNK_NS = 60 * NS_PER_S
"""A day is played in such steps; the depth is sampled after each."""
LEVELS = 5
"""How deep the samples of the depth go: as deep as the tapes of LOBSTER that are measured beside."""
LOOKS = 10
"""How often the mid is written down in each duration of a large order."""
HORIZON = 3
"""The path goes on until so many durations have passed since the begin."""
OWNER = 2
"""The large order belongs to a reacting agent, as far as the book knows."""
USUAL_DAYS = (1, 2, 3, 4)
"""Seeds of the days whose mean volume is the usual one; any would do, and they are the same for every market."""
STREAMS = ("uniform", "exponential", "normal")

_COLUMNS = {
    "t_ns": at.MESSAGE_NS,
    "kind": at.KIND,
    "order_id": at.MESSAGE_SEQ,
    "side": at.MESSAGE_SIDE,
    "qty": at.MESSAGE_QTY,
    "tick": at.MESSAGE_TICK,
    "bid_tick": at.MESSAGE_BID,
    "bid_qty": at.MESSAGE_BID_QTY,
    "ask_tick": at.MESSAGE_ASK,
    "ask_qty": at.MESSAGE_ASK_QTY,
}
_SIGNED = ("kind", "side")
"""Columns that a recording has as bytes."""


def opened(document: FlowDocument, symbol: str, tick: int, draws: Callable[[str], np.random.Generator]) -> Flow:
    """A book with its flow at time 0, with random streams of its own from *draws*."""
    chance = tuple(draws(f"market/flow/{symbol}/{name}") for name in STREAMS)
    return Flow(LimitBook(tick), document, tick, chance)


@dataclass
class BookLaboratory:
    """Days of one symbol that opens at the price *tick*."""

    document: FlowDocument
    symbol: str
    tick: int
    session_ns: int = SESSION_NS
    _usual: float = 0.0

    def day(self, seed: int) -> Recording:
        """One whole session, every message of it."""
        flow = self._flow(seed)
        flow.book.record(on=True)
        parts: dict[str, list[Ints]] = {name: [] for name in _COLUMNS}
        depth = []
        for now_ns in self._steps():
            flow.run(now_ns)
            flow.book.drain()
            messages = flow.book.messages()
            for name, column in _COLUMNS.items():
                parts[name].append(messages[:, column].astype(_kept(name)))
            depth.append([now_ns, *_shares(flow.book, 1), *_shares(flow.book, -1)])
        samples = np.array(depth, np.int64)
        columns: dict[str, Any] = {
            name: np.concatenate(parts.pop(name), dtype=np.int8 if name in _SIGNED else np.int64) for name in _COLUMNS
        }
        bid, ask = samples[:, 1 : 1 + LEVELS], samples[:, 1 + LEVELS :]
        behind = DepthSamples(t_ns=samples[:, 0], bid=bid, ask=ask)
        return Recording(open_ns=0, close_ns=self.session_ns, depth=behind, **columns)

    def metaorder(self, seed: int, side: int, share_of_volume: float, duration_s: float) -> MidPath:
        """Take *share_of_volume* of a usual day's volume, a lot at a time, at an even rate over *duration_s*.

        It begins at an instant that depends on the seed, early enough for the whole path if the session is that long.
        """
        duration_ns = round(duration_s * NS_PER_S)
        latest_ns = max(self.session_ns - HORIZON * duration_ns, SETTLED_NS + 1)
        begin_ns = int(stream(seed, "laboratory/begin").integers(SETTLED_NS, latest_ns))
        flow = self._flow(seed)
        flow.run(begin_ns)
        wanted = max(round(share_of_volume * self.usual_volume), 1)
        children = iter(self._children(wanted, begin_ns, duration_ns))
        child = next(children, None)
        times, mids, done = [begin_ns], [_mid(flow.book)], 0
        for look in range(1, HORIZON * LOOKS + 1):
            look_ns = begin_ns + duration_ns * look // LOOKS
            if look_ns > self.session_ns:
                break
            while child is not None and child[0] <= look_ns:
                done += _take(flow, side, *child)
                child = next(children, None)
            flow.run(look_ns)
            flow.book.drain()
            times.append(look_ns)
            mids.append(_mid(flow.book))
        return MidPath(
            side=side,
            share_of_volume=done / self.usual_volume,
            begin_ns=begin_ns,
            end_ns=begin_ns + duration_ns,
            t_ns=np.array(times, np.int64),
            mid_ticks=np.array(mids),
        )

    @property
    def usual_volume(self) -> float:
        """Shares traded on a usual day: the mean of a few."""
        if not self._usual:
            self._usual = sum(self._volume(seed) for seed in USUAL_DAYS) / len(USUAL_DAYS)
        return self._usual

    def _steps(self) -> Iterator[int]:
        yield from range(CHUNK_NS, self.session_ns, CHUNK_NS)
        yield self.session_ns

    def _flow(self, seed: int) -> Flow:
        return opened(self.document, self.symbol, self.tick, lambda name: stream(seed, name))

    def _volume(self, seed: int) -> int:
        flow, traded = self._flow(seed), 0
        for now_ns in self._steps():
            flow.run(now_ns)
            traded += sum(match.qty for match in flow.book.drain())
        return traded

    def _children(self, wanted: int, begin_ns: int, duration_ns: int) -> Iterator[tuple[int, int, int]]:
        """Number, time and size of each child: equal parts of about a lot, the first at once."""
        count = max(round(wanted / self.document.sizes.lot_shares), 1)
        for number in range(count):
            qty = wanted * (number + 1) // count - wanted * number // count
            if qty:
                yield begin_ns + duration_ns * number // count, number + 1, qty


def _take(flow: Flow, side: int, t_ns: int, number: int, qty: int) -> int:
    """Play the market up to *t_ns* and take *qty* shares in it, as an agent does: the shares that were there."""
    flow.run(t_ns)
    flow.book.drain()
    taken = qty - flow.book.submit(t_ns, OWNER, number, side, qty, None, rests=False)
    flow.book.drain()
    if taken:
        flow.learn(t_ns, side, taken)
    return taken


def _kept(name: str) -> type[np.signedinteger[Any]]:
    """How a column waits for the end of the day: as narrow as the background's numbers are, so that a day fits."""
    if name in _SIGNED:
        return np.int8
    return np.int64 if name == "t_ns" else np.int32


def _mid(book: LimitBook) -> float:
    bid, _, ask, _ = book.top()
    return (bid + ask) / 2 if bid and ask else float("nan")


def _shares(book: LimitBook, side: int) -> list[int]:
    found = [qty for _, qty in book.levels(side, LEVELS)]
    return found + [0] * (LEVELS - len(found))
