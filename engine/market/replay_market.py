"""One or several tapes in a run, played together on one clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.domain.orders import Instrument, NewOrder
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent
from engine.domain.quotes import Quote
from engine.market.quality import DataFinding


class SymbolBook(Protocol):
    """One symbol of a tape: a ladder of the bars' quotes, or the order book of its messages."""

    quote: Quote
    levers: Levers
    instrument: Instrument

    def submit(self, t_ns: int, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order now: its immediate executions."""
        ...

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        ...

    def changes(self, t_ns: int) -> list[MarketEvent]:
        """The new quote if the top has changed since the last one, else nothing."""
        ...

    def set_bands(self, t_ns: int, bands: tuple[int, int]) -> list[MarketEvent]:
        """Let nobody bid above or offer below *bands* from now on; what changes by that."""
        ...

    def set_trading(self, t_ns: int, *, trading: bool) -> list[MarketEvent]:
        """Others stop trading, or go on; what changes by that."""
        ...

    def uncross(self, t_ns: int, orders: tuple[NewOrder, ...], reference_micros: int) -> list[MarketEvent]:
        """The auction that ends a stop."""
        ...


class Player(Protocol):
    """A tape that is played row by row."""

    @property
    def book(self) -> SymbolBook:
        """The symbol as the desk meets it."""
        ...

    @property
    def next_ns(self) -> int:
        """The run's time of the next row; ``NEVER_NS`` after the last."""
        ...

    @property
    def end_ns(self) -> int:
        """The run's time up to which there are data."""
        ...

    def inputs(self) -> tuple[tuple[str, str], ...]:
        """Name and sha256 of the files played."""
        ...

    def findings(self) -> tuple[DataFinding, ...]:
        """What was odd in the rows played so far."""
        ...

    def play(self, events: list[MarketEvent], until_ns: int) -> None:
        """Play the row that is due, or all up to and including *until_ns*, and add what happens to *events*."""
        ...


class ReplayMarket:
    """Tapes in a run. Rows are played in order at their times, so how often the market is read changes nothing.

    Rows of the same time are played in the order of the tapes.
    """

    def __init__(self, players: Sequence[Player], allow: Sequence[str], day: str) -> None:
        self._players = tuple(players)
        self._books = {player.book.instrument.symbol: player.book for player in players}
        assert len(self._books) == len(self._players), "two tapes of one symbol"
        self._now_ns = 0
        self._outbox: list[MarketEvent] = [book.quote for book in self._books.values()]
        self.allow = frozenset(allow)
        """The codes of findings that the scenario accepts."""
        self.day = day
        """The day that is played, ``YYYY-MM-DD``: by the file's name, or that of ``from_time``."""

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """One symbol per tape, in their order; its first price is the middle of the opening book."""
        return tuple(book.instrument for book in self._books.values())

    @property
    def wants_until_ns(self) -> int:
        """The last instant for which every tape has data."""
        return min(player.end_ns for player in self._players)

    def book(self, symbol: str) -> SymbolBook:
        """The book of one symbol. Raise KeyError if no tape holds it."""
        return self._books[symbol]

    def tape_inputs(self) -> tuple[tuple[str, str], ...]:
        """Name and sha256 of the files played."""
        return tuple(given for player in self._players for given in player.inputs())

    def findings(self) -> tuple[DataFinding, ...]:
        """What was odd in the rows played so far, allowed or not."""
        return tuple(finding for player in self._players for finding in player.findings())

    def refused(self) -> tuple[DataFinding, ...]:
        """The findings that the scenario does not allow: with one, the run is INVALID."""
        return tuple(finding for finding in self.findings() if finding.code not in self.allow)

    def next_ns(self) -> int:
        """The time of the next row of any tape; ``NEVER_NS`` after the last."""
        return self._soonest()[0].next_ns

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """Play every row up to and including *t_ns*. Raise ValueError if time would go back."""
        if t_ns < self._now_ns:
            raise ValueError(f"the market stands at {self._now_ns} ns and was asked to go back to {t_ns} ns")
        events, self._outbox = self._outbox, []
        while True:
            player, others_ns = self._soonest()
            if player.next_ns > t_ns:
                break
            player.play(events, min(t_ns, others_ns))
        self._now_ns = t_ns
        return tuple(events)

    def quote(self, symbol: str) -> Quote:
        """The top of book now, without the desk's own orders."""
        return self._books[symbol].quote

    def levers(self, symbol: str) -> Levers:
        """The levers of the symbol; a change counts from the next row on."""
        return self._books[symbol].levers

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order now: its immediate executions. The rest of a day limit order rests, any other rest dies."""
        book = self._books[order.symbol]
        executions = book.submit(self._now_ns, order)
        self._outbox += book.changes(self._now_ns)
        return executions

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        return sum(book.cancel(order_id) for book in self._books.values())

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        """Hold one symbol's prices inside; executions of the tape outside are not printed."""
        self._outbox += self._books[symbol].set_bands(self._now_ns, (lower_micros, upper_micros))

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        """Others stop trading in one symbol, or go on: meanwhile the tape runs, unseen, beneath the last quote."""
        self._outbox += self._books[symbol].set_trading(self._now_ns, trading=trading)

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        """The auction that ends a stop, against the tape's book of now."""
        return tuple(self._books[symbol].uncross(self._now_ns, orders, reference_micros))

    def _soonest(self) -> tuple[Player, int]:
        """The tape with the next row, the first of those with the same time; until when no other comes before it."""
        soonest, others_ns = self._players[0], NEVER_NS
        for player in self._players[1:]:
            if player.next_ns < soonest.next_ns:
                soonest, others_ns = player, soonest.next_ns - 1
            else:
                others_ns = min(others_ns, player.next_ns)
        return soonest, others_ns
