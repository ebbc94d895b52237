"""A bad print: the feed says a quote or a trade at a price that never was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.orders import Side
from engine.domain.quotes import Quote, Trade
from engine.domain.records import DeskTick, VenueQuote, VenueTrade
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.faults.standing import standing
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class BadPrint:
    """Every ``every_s`` the feed says a price that is ``off_pct`` away from the market: a quote that stands until the
    next one, or a trade, which the venue prints too.

    3 June 2024: Berkshire Hathaway class A, at 603,000 USD, was printed at 185.10, 99.97 % below; the trades were later
    taken back (``trade_bust``).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"off_pct": 0}

    symbol: str = key("The instrument", example="SPY")
    what: Literal["quote", "trade"] = key("What is said", default="quote")
    off_pct: float = key("How far it is off the market, in percent", min=-99.99, max=10_000, example=-99.97)
    every_s: float = key("Time between two bad prints, in seconds", default=5, min=0.1, max=3_600)
    qty_shares: int = key("The size that they show, in shares", default=100, min=1, max=1_000_000)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol that is printed."""
        return (self.symbol,)

    def touches(self) -> tuple[str, ...]:
        """Quotes and trades of a symbol go wrong by themselves."""
        return (f"{self.symbol}/{self.what}",)

    def play(self, site: Site, heal: Event) -> Process:
        """Say it, again and again; the first comes after ``every_s``."""
        while not heal.triggered:
            yield site.world.wait_ns(ns_from_s(self.every_s)) | heal
            if not heal.triggered:
                self._say(site)

    def _say(self, site: Site) -> None:
        instrument, quote = site.desk.instrument(self.symbol), site.venue.quote(self.symbol)
        mid_micros = quote.mid_micros
        if mid_micros is None:
            return
        price = instrument.down_to_grid(mid_micros * (1 + self.off_pct / 100))
        now_ns, qty = site.world.now_ns, self.qty_shares
        if self.what == "trade":
            site.venue.print_trade(Trade(now_ns, self.symbol, price, qty, Side.SELL))
        else:
            ask = price + instrument.tick_micros
            site.desk.feed.say(Quote(now_ns, self.symbol, price, qty, ask, qty))

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many such prints there were: quotes that reached the desk and were none of the venue's, or trades that
        the venue printed far from its quotes.
        """
        due = max((heal_ns - t0_ns) // ns_from_s(self.every_s), 1)
        found = self._trades(log, t0_ns, heal_ns) if self.what == "trade" else self._quotes(log, t0_ns, heal_ns)
        return Effect("bad_prints", found, BITE_SHARE * due, "prints")

    def _quotes(self, log: EventLog, t0_ns: int, heal_ns: int) -> int:
        # Both may stand at one instant; then the desk has had one quote more of it than the venue said.
        said = Counter(quote.t_ns for quote in log.of(VenueQuote) if quote.symbol == self.symbol)
        came = Counter(one.venue_ns for one in log.of(DeskTick) if one.symbol == self.symbol)
        return sum(max(came[t_ns] - said[t_ns], 0) for t_ns in came if t0_ns < t_ns <= heal_ns)

    def _trades(self, log: EventLog, t0_ns: int, heal_ns: int) -> int:
        quotes = [q for q in standing(log, self.symbol, t0_ns, heal_ns) if q.bid_micros and q.ask_micros]
        if not quotes:
            return 0
        low, high = min(q.bid_micros for q in quotes), max(q.ask_micros for q in quotes)
        share = BITE_SHARE * self.off_pct / 100
        beyond = low * (1 + share) if share < 0 else high * (1 + share)
        return sum(
            (one.price_micros <= beyond) if share < 0 else (one.price_micros >= beyond)
            for one in log.of(VenueTrade)
            if one.symbol == self.symbol and t0_ns < one.t_ns <= heal_ns
        )
