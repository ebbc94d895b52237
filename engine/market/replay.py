"""The model ``replay``: a real day from tape, with faults laid over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.base.keys import key
from engine.base.units import micros_from_usd, ns_from_s
from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.market import models
from engine.market.model_document import MarketError
from engine.market.replay_book import ReplayBook
from engine.market.tape import Chunk, Tape, chunks, hashes, last_stamp_ns, tape_in
from engine.market.tape_rows import HIDDEN, VISIBLE

LATEST_OPENING_S = 60.0
"""How long after clock.start a tape may begin; until then its first book stands."""


@models.register(lambda document: document)
@dataclass(frozen=True, kw_only=True)
class Replay:
    """A recorded LOBSTER day: every change of its top of book and every execution, at the recorded times.

    The tape does not answer the desk: what the desk takes is missing until the level changes, nothing more. Faults
    change prices, spread, depth and printed volume from the next message on.
    """

    tape: str = key("Folder with one LOBSTER day: a message and an orderbook file, csv or csv.gz")
    symbol: str | None = key("The symbol that the tape must hold; without it any", default=None, example="AMZN")
    tick: float = key("Smallest price step, in USD", default=0.01, above=0, max=100)

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> ReplayMarket:
        """The market at time 0. Raise NotReadyError if the tape is missing, TapeError if it is damaged, and
        MarketError if it does not cover the start or holds another symbol.
        """
        try:
            tick_micros = micros_from_usd(self.tick)
        except ValueError as error:
            raise MarketError(str(error), "a tick has at most six decimals") from error
        tape = tape_in(find(self.tape))
        if self.symbol is not None and self.symbol != tape.symbol:
            raise MarketError(
                f"the tape {tape.messages.name} holds {tape.symbol}, the scenario trades {self.symbol}",
                f"name a tape of {self.symbol}, or write another scenario for {tape.symbol}",
            )
        return ReplayMarket(tape, tick_micros, ns_from_s(open_s))


class ReplayMarket:
    """A tape in a run. Rows are played in order at their times, so how often the market is read changes nothing."""

    def __init__(self, tape: Tape, tick_micros: int, open_ns: int) -> None:
        self._tape = tape
        self._open_ns = open_ns
        self._end_ns: int | None = None
        self._source = chunks(tape)
        self._chunk: Chunk = next(self._source)
        self._place = 0
        """The row to be played next, within the chunk."""
        self._next_ns = self._chunk.stamp_ns[0] - open_ns
        self._now_ns = 0
        opening = self._skip_to_start()
        self._book = ReplayBook(tape.symbol, tick_micros, opening)
        self._outbox: list[MarketEvent] = [self._book.quote]

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """The one symbol of the tape; its first price is the middle of the opening book."""
        return (self._book.instrument,)

    @property
    def day(self) -> str:
        """The day of the tape, ``YYYY-MM-DD``, by its file name."""
        return self._tape.day

    @property
    def wants_until_ns(self) -> int:
        """The time of the last row, found by a pass over the message file at the first question."""
        if self._end_ns is None:
            self._end_ns = last_stamp_ns(self._tape) - self._open_ns
        return self._end_ns

    def tape_inputs(self) -> tuple[tuple[str, str], ...]:
        """Name and sha256 of the files played."""
        return hashes(self._tape)

    def next_ns(self) -> int:
        """The time of the next row; ``NEVER_NS`` after the last."""
        return self._next_ns

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """Play every row up to and including *t_ns*. Raise ValueError if time would go back."""
        if t_ns < self._now_ns:
            raise ValueError(f"the market stands at {self._now_ns} ns and was asked to go back to {t_ns} ns")
        events, self._outbox = self._outbox, []
        while self._next_ns <= t_ns:
            self._play(events)
            self._step()
        self._now_ns = t_ns
        return tuple(events)

    def quote(self, symbol: str) -> Quote:
        """The top of book now, without the desk's own orders."""
        return self._book_of(symbol).quote

    def levers(self, symbol: str) -> Levers:
        """The levers of the symbol; a change counts from the next row on."""
        return self._book_of(symbol).levers

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order now: its immediate executions. The rest of a day limit order rests, any other rest dies."""
        book = self._book_of(order.symbol)
        executions = book.submit(self._now_ns, order)
        self._outbox += book.changes(self._now_ns)
        return executions

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        return self._book.cancel(order_id)

    def _book_of(self, symbol: str) -> ReplayBook:
        if symbol != self._book.instrument.symbol:
            raise KeyError(symbol)
        return self._book

    def _play(self, events: list[MarketEvent]) -> None:
        """The row that is due: first its execution, then the book after it."""
        chunk, place, t_ns = self._chunk, self._place, self._next_ns
        book = self._book
        kind = chunk.kind[place]
        if kind in (VISIBLE, HIDDEN):
            # The direction is that of the resting order; the aggressor is the other party.
            aggressor = Side(-chunk.direction[place])
            events += book.trade(t_ns, aggressor, chunk.qty[place], chunk.price_micros[place], visible=kind == VISIBLE)
        book.move_to(chunk.book, place)
        if chunk.top_moved[place] or not book.quiet:
            events += book.show(t_ns)

    def _step(self) -> None:
        """Go to the next row."""
        self._place += 1
        if self._place == len(self._chunk.stamp_ns):
            chunk = next(self._source, None)
            if chunk is None:
                self._next_ns = NEVER_NS
                return
            self._chunk, self._place = chunk, 0
        self._next_ns = self._chunk.stamp_ns[self._place] - self._open_ns

    def _skip_to_start(self) -> list[int]:
        """Pass over the rows before time 0: the book that stands then, or the tape's first."""
        if self._next_ns > ns_from_s(LATEST_OPENING_S):
            raise MarketError(
                f"the tape {self._tape.messages.name} begins {self._next_ns / 1e9:.3f} s after clock.start",
                f"start the clock within {LATEST_OPENING_S:.0f} s of the tape's first row",
            )
        book: list[int] = self._chunk.book[0].tolist()
        while self._next_ns < 0:
            book = self._chunk.book[self._place].tolist()
            self._step()
        if self._next_ns == NEVER_NS:
            raise MarketError(
                f"the tape {self._tape.messages.name} ends before clock.start", "start the clock on the tape's day"
            )
        return book
