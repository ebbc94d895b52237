"""A sell program: somebody sells a share of all that trades, at any price, until the price has fallen far enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.orders import Side
from engine.domain.records import VenueTrader
from engine.faults.book import hands_in
from engine.faults.fault import Effect, fault
from engine.faults.price_shock import MOST_DROP_PCT, fall_of, mids_around
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.market.agents.sell_program import Seller

OVERSHOOT = 2
"""A fall of more than so many times what was asked for is not the program's work; our own figure."""
SOLD_SHARE = 0.1
"""What a program must at least have sold of its share: it waits while the fall is ahead, it stops between two looks,
and nobody has to buy. Our own figure."""
LEAST_SOLD_PCT = 1.0
"""Who sells less than so many percent of what others trade moves no price; our own figure."""


@fault
@dataclass(frozen=True, kw_only=True)
class SellProgram:
    """Sells at a share of what others trade until the mid has fallen ``drop_pct``, or ``over_s`` has passed.

    It never sets a price: it only sends market orders, and how far they move the price is the market's answer. A market
    that is too deep for it does not fall so far, and then the fault has not bitten. On 6 May 2010 such a program
    sold 9 % of the volume of the previous minute (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"drop_pct": 0}
    # It pulls no lever, but needs a book that answers orders; the models that have one are those with this lever.
    needs_levers: ClassVar[frozenset[str]] = frozenset({"refill_factor"})

    symbol: str = key("The instrument that is sold", example="SPY")
    drop_pct: float = key(
        "It stops when the mid has fallen so far from where it stood at the start, in percent",
        min=0,
        max=MOST_DROP_PCT,
        example=15,
    )
    over_s: float = key("It stops after so long in any case, in seconds", min=1, max=23_400, example=300)
    participation_pct: float = key(
        "Its share of what others traded over the look-back, in percent", default=9, above=0, max=500
    )
    even_fall: bool = key(
        "Whether it waits while the mid is below the straight line to drop_pct at over_s: the fall then takes over_s",
        default=False,
    )
    look_back_s: float = key("Over how long it looks back at the volume, in seconds", default=60, min=0.1, max=3_600)
    wake_s: float = key("How often it sells, in seconds", default=1, min=0.01, max=60)

    @property
    def own_length_s(self) -> float:
        """The longest that it may work."""
        return self.over_s

    def symbols(self) -> tuple[str, ...]:
        """The symbol that is sold."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Sell until the price has fallen far enough, then wait for the end."""
        site.venue.sync()
        hands = hands_in(site, self.symbol)
        hands.write_down()
        start = hands.mid_ticks()
        seller, world, begun_ns = Seller(hands), site.world, site.world.now_ns
        while not heal.triggered:
            yield world.wait_ns(ns_from_s(self.wake_s))
            mid, due = hands.mid_ticks(), seller.due(self.participation_pct, self.look_back_s)
            if start is None or heal.triggered:
                break
            fallen_pct = 0.0 if mid is None else 100 * (1 - mid / start)
            if fallen_pct >= self.drop_pct:
                break
            share = (world.now_ns - begun_ns) / ns_from_s(self.over_s) if self.even_fall else 1.0
            if fallen_pct <= self.drop_pct * share:
                hands.take(Side.SELL, due)
        hands.write_down()
        if not heal.triggered:
            yield heal

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The fall of the mid at the venue: most of what was asked for and more than the market's own moves, but not
        more than twice what was asked for, which would be somebody else's doing.
        """
        mids = mids_around(log, [self.symbol], t0_ns, heal_ns)[self.symbol]
        return replace(fall_of(mids, self.drop_pct, t0_ns, heal_ns), most=OVERSHOOT * self.drop_pct)

    def more_effects(self, log: EventLog, t0_ns: int, heal_ns: int) -> tuple[Effect, ...]:
        """What it sold until it stopped, in percent of what others traded meanwhile, by the venue's book.

        A price that fell without it is no sell program: it needs a tenth of its own share, and 1 % in any case.
        """
        needed = max(SOLD_SHARE * self.participation_pct, LEAST_SOLD_PCT)
        return (Effect("sold_pct", sold_pct(log, self.symbol, t0_ns, heal_ns), needed, "%"),)


def sold_pct(log: EventLog, symbol: str, t0_ns: int, heal_ns: int) -> float:
    """What the trader who came into the book of *symbol* at *t0_ns* had sold when it was last written down, in percent
    of what others had traded since; NaN if nobody came, or nothing was traded.
    """
    came: dict[int, VenueTrader] = {}
    last: dict[int, VenueTrader] = {}
    for one in log.of(VenueTrader):
        if one.symbol == symbol and one.t_ns <= heal_ns:
            came.setdefault(one.owner, one)
            last[one.owner] = one
    owner = next((owner for owner, one in came.items() if one.t_ns == t0_ns), None)
    if owner is None:
        return math.nan
    sold = came[owner].position_shares - last[owner].position_shares
    others = last[owner].volume_shares - came[owner].volume_shares - sold
    return 100 * sold / others if others > 0 else math.nan
