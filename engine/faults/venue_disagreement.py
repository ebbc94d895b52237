"""A venue disagreement: the feed shows the prices of elsewhere, and the venue trades at others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import ClassVar

from engine.base.keys import key
from engine.domain.quotes import Quote, Tick
from engine.domain.records import Intent, VenueQuote
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import SEEN_NEEDED
from engine.faults.site import Site
from engine.faults.standing import standing
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class VenueDisagreement:
    """The desk's feed shows a symbol ``off_pct`` away from where its venue trades it: another venue's prices, or an
    index that has gone wrong.

    22 February 2021: ether traded at 700 USD on one exchange and at 1,700 on the others. The venue itself is as it was.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"off_pct": 0}

    symbol: str = key("The instrument", example="SPY")
    off_pct: float = key(
        "How far the feed's prices are off, in percent of the venue's", min=-99, max=1_000, example=-10
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol that they disagree about."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Bend what the desk is shown, and no more."""
        instrument, factor = site.desk.instrument(self.symbol), 1 + self.off_pct / 100

        def moved(price_micros: int) -> int:
            return instrument.down_to_grid(price_micros * factor) if price_micros else 0

        def bend(tick: Tick) -> Tick:
            if tick.symbol != self.symbol:
                return tick
            if isinstance(tick, Quote):
                return replace(tick, bid_micros=moved(tick.bid_micros), ask_micros=moved(tick.ask_micros))
            return replace(tick, price_micros=moved(tick.price_micros))

        bends = site.desk.feed.bends
        bends.append(bend)
        yield heal
        bends.remove(bend)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How far the mid that the desk asked by was off the venue's, in the middle; NaN below 20 orders."""
        quotes = iter([q for q in standing(log, self.symbol, t0_ns, heal_ns) if q.bid_micros and q.ask_micros])
        quote: VenueQuote | None = next(quotes, None)
        after, off = next(quotes, None), []
        for one in log.of(Intent):
            if one.symbol != self.symbol or not t0_ns < one.t_ns <= heal_ns or not one.mid_micros:
                continue
            while after is not None and after.t_ns <= one.t_ns:
                quote, after = after, next(quotes, None)
            if quote is not None:
                off.append(200 * one.mid_micros / (quote.bid_micros + quote.ask_micros) - 100)
        sign = 1 if self.off_pct > 0 else -1
        seen = sign * median(off) if len(off) >= SEEN_NEEDED else float("nan")
        return Effect("feed_off_pct", seen, BITE_SHARE * abs(self.off_pct), "%")
