"""The model ``replay``: real days from tape, with faults laid over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import micros_from_usd, ns_from_s
from engine.kernel.world import World
from engine.market import models
from engine.market.bars import BarTape
from engine.market.model_document import OVERLAID, MarketError
from engine.market.quality import CODES, ROUTINE
from engine.market.replay_bars import BarPlayer, BarQuotes
from engine.market.replay_clock import ReplayClock, day_text, moment_ns, time_of_day_ns
from engine.market.replay_market import Player, ReplayMarket
from engine.market.tape import Tape
from engine.market.tape_at import tape_at

_SYMBOL = r"^[A-Z][A-Z0-9.]{0,11}$"
_SYMBOL_HELP = "capital letters, as in SPY"
_TIME = r"^(\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d$"
_TIME_HELP = '"HH:MM:SS" for messages, "YYYY-MM-DDTHH:MM:SS" in UTC for bars'
Given = tuple["ReplayTape", Tape | BarTape]


@dataclass(frozen=True, kw_only=True)
class ReplayTape:
    """One of several tapes that play together."""

    tape: str = key("Folder with one LOBSTER day or one file of bars, or such a file", example="tapes/amzn")
    symbol: str | None = key(
        "Its symbol; a LOBSTER day must hold it, bars need it",
        default=None,
        pattern=_SYMBOL,
        pattern_help=_SYMBOL_HELP,
        example="AMZN",
    )
    tick: float = key("Smallest price step, in USD", default=0.01, above=0, max=100)


@models.register(lambda document: document)
@dataclass(frozen=True, kw_only=True)
class Replay:
    """Recorded LOBSTER days (every change of the top of book, every execution) or OHLCV bars, at the recorded times.

    The messages of a LOBSTER day make an order book, in which the desk's orders stand in the same queues and are
    matched by price and time; what the desk takes is missing there, but nobody answers it with other orders than the
    tape's. Faults change prices, spread, depth and printed volume from the next row on. Bars are quoted by the spread
    and depth that are declared here; they are assumptions, not data.
    """

    levers: ClassVar[frozenset[str]] = OVERLAID

    tape: str | None = key(
        "Folder with one LOBSTER day (a message and an orderbook file, csv or csv.gz) or one file of bars, or such a "
        "file; or give tapes",
        default=None,
        example="tapes/lobster-amzn-2012-06-21",
    )
    tapes: tuple[ReplayTape, ...] = key("Several tapes that play together on one clock, instead of tape", default=())
    symbol: str | None = key(
        "The symbol of the tape: a LOBSTER day must hold it (without it any is right), bars need it",
        default=None,
        example="AMZN",
    )
    tick: float = key("Smallest price step of the tape, in USD", default=0.01, above=0, max=100)
    from_time: str | None = key(
        "The tape's time at clock.start; without it messages start at clock.start's time of day, bars at the first",
        default=None,
        pattern=_TIME,
        pattern_help=_TIME_HELP,
        example="10:30:00",
    )
    to_time: str | None = key(
        "The tape's time from which on nothing is played; without it all is",
        default=None,
        pattern=_TIME,
        pattern_help=_TIME_HELP,
        example="11:30:00",
    )
    speed: float = key(
        "How many times faster than recorded; 10 plays ten minutes in one, with the volumes unchanged",
        default=1.0,
        above=0,
        max=1_000_000,
    )
    allow: tuple[str, ...] = key(
        "Findings in the data that this scenario accepts; any other makes the run INVALID (stress data check)",
        default=ROUTINE,
        choices=lambda: CODES,
    )
    bar_spread_bps: float | None = key(
        "Bars only, and needed there: the spread quoted, in basis points of the price, at least one tick",
        default=None,
        above=0,
        max=1_000,
        example=2.0,
    )
    bar_depth_pct: float | None = key(
        "Bars only, and needed there: the shares quoted on each side, in percent of the bar's volume",
        default=None,
        above=0,
        max=100,
        example=5.0,
    )
    bar_volume_lot: int = key(
        "Bars only: shares in one unit of the file's volume, for files that count in lots",
        default=1,
        min=1,
        max=1_000_000,
        example=100,
    )

    @property
    def symbols(self) -> tuple[str, ...]:
        """What it trades, for `stress validate`; empty if only the tapes know."""
        named = [one.symbol for one in self.tapes] if self.tapes else [self.symbol]
        known = tuple(symbol for symbol in named if symbol is not None)
        return known if len(known) == len(named) else ()

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> ReplayMarket:
        """The market at time 0. Raise NotReadyError if a tape is missing, TapeError if it is damaged, and
        MarketError if it does not cover the window, holds another symbol, or the document contradicts itself.
        """
        given: list[Given] = [(one, tape_at(find(one.tape))) for one in self._named()]
        messages = [(one, tape) for one, tape in given if isinstance(tape, Tape)]
        bars = [(one, tape) for one, tape in given if isinstance(tape, BarTape)]
        if messages and bars:
            raise MarketError(
                f"tapes: {messages[0][1].messages.name} holds messages, {bars[0][1].path.name} holds bars",
                "play tapes of one kind together: messages have the exchange's time of day, bars have UTC",
            )
        return self._of_messages(messages, open_s) if messages else self._of_bars(bars)

    def _named(self) -> tuple[ReplayTape, ...]:
        """The tapes of the document. Raise MarketError unless it gives exactly one of ``tape`` and ``tapes``."""
        if (self.tape is None) == (not self.tapes):
            was = "both" if self.tapes else "neither"
            raise MarketError(f"exactly one of tape and tapes was expected, was {was}", "keep one of the two")
        if self.tape is not None:
            return (ReplayTape(tape=self.tape, symbol=self.symbol, tick=self.tick),)
        if self.symbol is not None:
            raise MarketError(f"symbol: {self.symbol} stands beside tapes", "give each of the tapes its own symbol")
        return self.tapes

    def _of_messages(self, given: list[tuple[ReplayTape, Tape]], open_s: float) -> ReplayMarket:
        days = sorted({tape.day for _, tape in given})
        if len(days) > 1:
            raise MarketError(f"the tapes are of different days: {', '.join(days)}", "play tapes of one day together")
        for one, tape in given:
            if one.symbol is not None and one.symbol != tape.symbol:
                raise MarketError(
                    f"the tape {tape.messages.name} holds {tape.symbol}, the scenario trades {one.symbol}",
                    f"name a tape of {one.symbol}, or write another scenario for {tape.symbol}",
                )
        _refuse_twice([tape.symbol for _, tape in given])
        start_ns = time_of_day_ns(self.from_time, "from_time") if self.from_time else ns_from_s(open_s)
        clock = self._clock(start_ns, time_of_day_ns(self.to_time, "to_time") if self.to_time else None)
        from engine.market.replay_messages import MessagePlayer  # compiled code: only when played

        players = [MessagePlayer(tape, _tick_micros(one), clock) for one, tape in given]
        return ReplayMarket(players, self.allow, days[0])

    def _of_bars(self, given: list[tuple[ReplayTape, BarTape]]) -> ReplayMarket:
        if self.bar_spread_bps is None or self.bar_depth_pct is None:
            missing = "bar_spread_bps" if self.bar_spread_bps is None else "bar_depth_pct"
            raise MarketError(
                f"{missing} is missing: {given[0][1].path.name} holds bars, which say nothing of spread and depth",
                "declare bar_spread_bps and bar_depth_pct, for instance 2 and 5",
            )
        symbols = []
        for one, tape in given:
            if one.symbol is None:
                raise MarketError(f"the tape {tape.path.name} holds bars without a symbol", "add symbol beside tape")
            symbols.append(one.symbol)
        _refuse_twice(symbols)
        first_ns = max(tape.start_ns(tape.first) for _, tape in given)
        start_ns = moment_ns(self.from_time, "from_time") if self.from_time else first_ns
        clock = self._clock(start_ns, moment_ns(self.to_time, "to_time") if self.to_time else None)
        players: list[Player] = []
        for symbol, (one, tape) in zip(symbols, given, strict=True):
            tick_micros = _tick_micros(one)
            quotes = BarQuotes(self.bar_spread_bps, self.bar_depth_pct, tick_micros, self.bar_volume_lot)
            players.append(BarPlayer(tape, symbol, tick_micros, clock, quotes))
        return ReplayMarket(players, self.allow, day_text(start_ns))

    def _clock(self, start_ns: int, to_ns: int | None) -> ReplayClock:
        if to_ns is not None and to_ns <= start_ns:
            start = f"from_time {self.from_time}" if self.from_time else "the start"
            raise MarketError(f"to_time {self.to_time} is not after {start}", "end the window after it begins")
        opening = f"from_time {self.from_time}" if self.from_time else "clock.start"
        return ReplayClock(start_ns, to_ns, self.speed, opening)


def _tick_micros(one: ReplayTape) -> int:
    try:
        return micros_from_usd(one.tick)
    except ValueError as error:
        raise MarketError(str(error), "a tick has at most six decimals") from error


def _refuse_twice(symbols: list[str]) -> None:
    for symbol in symbols:
        if symbols.count(symbol) > 1:
            raise MarketError(f"two tapes hold {symbol}", "play each symbol from one tape")
