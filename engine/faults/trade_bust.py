"""Busts and corrections: the venue takes executions back, or says them anew at another price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.base.units import NS_PER_S, ns_from_s
from engine.domain.orders import CORRECTED
from engine.domain.records import VenueBust, VenueFill
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import fills_in, share_pct
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

LOOK_NS = NS_PER_S
"""How often the venue goes through what was traded."""
BUSTED = "clearly_erroneous"
"""The reason that the venue gives for taking an execution back for good."""


@fault
@dataclass(frozen=True, kw_only=True)
class TradeBust:
    """A share of executions is taken back ``after_s`` later, some of them to be said anew at another price.

    What belongs to an order that is still open is only taken back. Which executions is chance: the stream
    ``fault/trade_bust``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"bust_pct": 0}

    bust_pct: float = key("Share of executions that is taken back, in percent", min=0, max=100, example=5)
    correct_pct: float = key(
        "Share of these that is said anew, with another price, in percent", min=0, max=100, default=50
    )
    correct_bps: float = key(
        "By how much that price is better for the desk, in basis points", min=-5_000, max=5_000, default=10
    )
    side: Literal["buy", "sell", "both"] = key("Which executions: the desk's buys, its sales, or both", default="both")
    after_s: float = key("How long after the execution, in seconds", min=0, max=23_400, default=5)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Go through what was traded, every second."""
        chance = site.world.stream("fault/trade_bust")
        busts, corrections = Deck(self.bust_pct / 100, chance), Deck(self.correct_pct / 100, chance)
        fills, begun_ns = site.world.log.of(VenueFill), site.world.now_ns
        place = len(fills)
        while not heal.triggered:
            yield site.world.wait_ns(LOOK_NS) | heal
            fills = site.world.log.of(VenueFill)
            old_ns = site.world.now_ns - ns_from_s(self.after_s)
            while place < len(fills) and fills[place].t_ns <= old_ns and not heal.triggered:
                fill, place = fills[place], place + 1
                if fill.t_ns > begun_ns and self._names(fill) and busts.draw():
                    self._take_back(site, fill, corrections)

    def _names(self, fill: VenueFill) -> bool:
        return self.side == "both" or (self.side == "buy") == (fill.side > 0)

    def _take_back(self, site: Site, fill: VenueFill, corrections: Deck) -> None:
        if corrections.draw() and fill.order_id not in site.venue.working_ids():
            better = round(fill.price_micros * (1 - fill.side * self.correct_bps / 10_000))
            site.venue.correct(fill.exec_id, max(better, 1))
        else:
            site.venue.bust((fill.exec_id,), BUSTED)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of such executions old enough that the venue took back; NaN below 20 of them."""
        back = {one.exec_id for one in log.of(VenueBust) if one.reason in (BUSTED, CORRECTED)}
        made = fills_in(log, t0_ns, heal_ns - ns_from_s(self.after_s) - LOOK_NS)
        fills = [fill for fill in made if self._names(fill)]
        return Effect(
            "fills_taken_back_pct", share_pct(fills, lambda one: one.exec_id in back), BITE_SHARE * self.bust_pct, "%"
        )
