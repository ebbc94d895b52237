"""One symbol of the observer: position, working shares, cash and fees, now and as steps over the stream."""

from __future__ import annotations

import numpy as np

from engine.domain.quotes import MarketState
from engine.domain.records import VenueQuote, VenueState
from engine.trading.observer.columns import Floats, Ints, Quotes, Steps


class Account:
    """One symbol: position, working shares, cash and fees now, and as steps over the stream."""

    def __init__(self) -> None:
        self.position = 0
        self.buys = 0
        self.sells = 0
        self.cash_micros = 0
        """What the position cost and fees took; the opening inventory counts at its reference price."""
        self.fees_micros = 0
        self.opening_micros = 0
        """The mark until the first two-sided quote: reference price of the inventory, else of the first fill."""
        self.quotes: list[VenueQuote] = []
        self.quote_seq: list[int] = []
        self.marking: list[bool] = []
        """Whether each quote may be a mark: those of a stop may not."""
        self.closed = False
        """Whether the session is over, or has not begun."""
        self.stops_ns: list[list[int]] = []
        """When trading stopped and when it went on; the last stop may have no end."""
        self.volume = 0
        """Shares that others traded among themselves."""
        self._steps: list[tuple[int, int, int, int, int, int]] = [(-1, 0, 0, 0, 0, 0)]
        self._columns: Quotes | None = None
        self._table: Steps | None = None

    @property
    def exposure_shares(self) -> int:
        """The larger of |position + Σbuys| and |position - Σsells|: the worst that working orders can do."""
        return worst_side(self.position, self.buys, self.sells)

    @property
    def stopped(self) -> bool:
        """Whether the symbol does not trade now."""
        return bool(self.stops_ns) and len(self.stops_ns[-1]) == 1

    @property
    def ended_in_stop(self) -> bool:
        """Whether the symbol is paused or halted now; after the close it is not."""
        return self.stopped and not self.closed

    def step(self, seq: int, t_ns: int) -> None:
        """Remember the state after the record *seq*."""
        self._steps.append((seq, t_ns, self.position, self.buys, self.sells, self.cash_micros))

    def trading(self, state: VenueState) -> None:
        """The symbol stopped trading, or went on."""
        stops = not MarketState(state.state).trades
        self.closed = state.state == MarketState.CLOSED.value
        if stops and not self.stopped:
            self.stops_ns.append([state.t_ns])
        elif not stops and self.stopped:
            self.stops_ns[-1].append(state.t_ns)

    def steps(self) -> Steps:
        """Every state so far, the first being nothing at all."""
        if self._table is None or len(self._table.seq) != len(self._steps):
            self._table = Steps(*(np.array(column, dtype=np.int64) for column in zip(*self._steps, strict=True)))
        return self._table

    def columns(self) -> Quotes:
        """The quotes as columns."""
        if self._columns is None or len(self._columns.seq) != len(self.quotes):
            self._columns = Quotes.of(self.quotes, self.quote_seq, self.marking)
        return self._columns

    def mark_micros(self) -> float:
        """The last two-sided mid; the opening price before the first."""
        for quote, marking in zip(reversed(self.quotes), reversed(self.marking), strict=True):
            if marking and quote.bid_micros > 0 and quote.ask_micros > 0:
                return (quote.bid_micros + quote.ask_micros) / 2
        return float(self.opening_micros)

    def marks_micros(self, seq: Ints) -> Floats:
        """The mark after each record of *seq*."""
        quotes = self.columns()
        return self._marks(np.searchsorted(quotes.seq[quotes.two_sided], seq, side="right"))

    def marks_micros_at(self, t_ns: Ints) -> Floats:
        """The mark after each instant of *t_ns*."""
        quotes = self.columns()
        return self._marks(np.searchsorted(quotes.t_ns[quotes.two_sided], t_ns, side="right"))

    def unmarked_ns(self, start_ns: int, end_ns: int) -> int:
        """How long the symbol traded within [start, end] and had no two-sided quote."""
        end_ns = max(end_ns, start_ns)
        quotes = self.columns()
        edges = np.concatenate(([start_ns], np.clip(quotes.t_ns, start_ns, end_ns), [end_ns]))
        unmarked = np.concatenate(([True], ~quotes.two_sided))
        from_ns, until_ns = edges[:-1][unmarked], edges[1:][unmarked]
        total_ns = int((until_ns - from_ns).sum())
        for stop_ns, *resumed in self.stops_ns:
            resumed_ns = resumed[0] if resumed else end_ns
            shared = np.minimum(until_ns, resumed_ns) - np.maximum(from_ns, stop_ns)
            total_ns -= int(np.maximum(shared, 0).sum())
        return total_ns

    def _marks(self, quotes_seen: Ints) -> Floats:
        quotes = self.columns()
        mids = np.concatenate(([float(self.opening_micros)], quotes.mid_micros[quotes.two_sided]))
        marks: Floats = mids[quotes_seen]
        return marks


def worst_side(position: int, buys: int, sells: int) -> int:
    """The larger of |position + buys| and |position - sells|, in shares."""
    return max(abs(position + buys), abs(position - sells))
