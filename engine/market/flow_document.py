"""What a scenario says of a symbol's background flow, in the words of the field, and the dials that it becomes.

The defaults are those that ``stress realism order_book`` judges: fitted to AMZN on 2012-06-21 (docs/realism.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.base.keys import key
from engine.market import flow_arrays as dial
from engine.market.book_arrays import Floats
from engine.market.model_document import MarketError

HALF_HOUR_MIN = 30
SESSION_MIN = 390
"""A session of US stocks has 6.5 hours: thirteen half hours."""


@dataclass(frozen=True, kw_only=True)
class Bursts:
    """How messages excite messages: a Hawkes process with two exponential kernels."""

    fast_branching: float = key("Messages that one message causes at once", default=0.66, min=0, max=0.95)
    fast_ms: float = key("Mean delay of those, in milliseconds", default=1.1, above=0, max=10_000)
    slow_branching: float = key("Messages that one message causes after a while", default=0.2, min=0, max=0.95)
    slow_s: float = key("Mean delay of those, in seconds", default=2.0, above=0, max=3_600)
    trade_kick: float = key("How many times more an aggressive order causes at once", default=1.0, min=0, max=5)


@dataclass(frozen=True, kw_only=True)
class Takers:
    """Who takes from the book: metaorders that are split, and others."""

    share_pct: float = key("Aggressive orders, in percent of the messages", default=4.6, min=0, max=60)
    metaorder_exponent: float = key("Pareto exponent of the lengths of metaorders", default=1.35, above=1, max=5)
    metaorder_most: int = key("Orders that a metaorder has at most", default=1000, min=1, max=1_000_000)
    lone_pct: float = key("Aggressive orders of no metaorder, in percent", default=11, min=0, max=100)
    sweep_pct: float = key("Those that may trade beyond the best price, in percent", default=25, min=0, max=100)
    sweep_ticks: float = key("How far beyond, mean in ticks", default=4, min=0, max=200)
    pick_off_pct: float = key(
        "Quotes left beyond the reference price that are traded with, in percent; the others are cancelled in time",
        default=20,
        min=0,
        max=100,
    )


@dataclass(frozen=True, kw_only=True)
class Makers:
    """Who adds to the book and cancels: where, how much of it, and how long."""

    orders: int = key("Resting orders that the book tends to", default=160, min=2, max=100_000)
    half_spread_ticks: float = key(
        "Least distance of a new order from the reference price", default=4.7, min=0, max=400
    )
    near_pct: float = key("New orders near the touch, in percent", default=35, min=0, max=100)
    near_ticks: float = key("How far those are beyond the least distance, mean", default=3, above=0, max=200)
    far_ticks: float = key("Scale of the distance of the others (Pareto)", default=12, above=0, max=200)
    far_exponent: float = key("Pareto exponent of that distance", default=1.5, above=0.2, max=10)
    wide_spread_pull: float = key("How much a wide spread draws new orders inside", default=1, min=0, max=5)
    balance: float = key("How much the emptier side is filled first", default=0.3, min=0, max=1)
    young_first: float = key("How much younger orders are cancelled first; 1 is not at all", default=2.5, min=1, max=20)
    stale_share: float = key(
        "Quotes nearer to the reference price than this share of the least distance are cancelled or picked off",
        default=1,
        min=-5,
        max=1,
    )
    lag_ticks: float = key(
        "A side whose best price is this much farther from the reference price than the least distance is quoted anew "
        "at once",
        default=3.2,
        min=0,
        max=400,
    )
    reaction_ms: float = key(
        "Mean time to the next reaction to a stale quote or a side that lags, in milliseconds",
        default=1,
        above=0,
        max=10_000,
    )


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How large an order is."""

    lot_shares: int = key("The round lot", default=100, min=1, max=1_000_000)
    lot_pct: float = key("Orders of exactly one lot, in percent", default=48, min=0, max=100)
    odd_pct: float = key("Smaller orders, in percent; the rest are several lots", default=42, min=0, max=100)
    maker_multiple: float = key(
        "How many times larger orders that rest are than those that take", default=1, above=0, max=1_000
    )


@dataclass(frozen=True, kw_only=True)
class Impact:
    """What the others learn from an aggressive order: their reference price moves by its surprise."""

    ticks: float = key("Move for a wholly surprising order of one lot, in ticks", default=3.9, min=0, max=10_000)
    size_exponent: float = key("How it grows with the order's size", default=0.3, min=0, max=1)
    thin_share: float = key(
        "The book is thin when fewer than this share of the usual orders rest, both sides together; of itself it "
        "never is",
        default=0.3,
        min=0,
        max=1,
    )
    thin_exponent: float = key(
        "How the impact grows as the side hit is thinner than that (Kyle, Econometrica 53 (1985) 1315: it is inverse "
        "to depth)",
        default=1.25,
        min=0,
        max=3,
    )
    thin_patience: float = key(
        "How much of that exponent counts for the background's own aggressive orders: they wait for liquidity, a "
        "program does not",
        default=0.25,
        min=0,
        max=1,
    )
    memory_trades: tuple[float, ...] = key(
        "Over how many aggressive orders their signed sizes are averaged, up to six figures",
        default=(1.0, 8.0, 40.0, 200.0, 1000.0, 5000.0),
    )
    memory_weights: tuple[float, ...] = key(
        "How much each of these averages counts in the prediction", default=(0.53, 0.21, 0.11, 0.08, 0.05, 0.012)
    )
    news_ticks: float = key("Own move of the reference price at an unexcited message", default=0.95, min=0, max=10_000)
    anchor: float = key("Share of the gap to the mid that a message closes", default=0, min=0, max=1)


@dataclass(frozen=True, kw_only=True)
class Activity:
    """How much goes on: the day's shape, and two random clocks (log Ornstein–Uhlenbeck)."""

    fast_deviation: float = key("Standard deviation of the log of the first", default=0.5, min=0, max=3)
    fast_relax_s: float = key("Its relaxation time, in seconds", default=60, above=0, max=100_000)
    slow_deviation: float = key("Standard deviation of the log of the second", default=0.25, min=0, max=3)
    slow_relax_s: float = key("Its relaxation time, in seconds", default=900, above=0, max=100_000)
    half_hours: tuple[float, ...] = key(
        "Messages in each half hour from clock.start on, over their mean; one figure is a flat day",
        default=(1.14, 1.41, 1.23, 1.11, 0.82, 0.89, 0.81, 0.67, 0.99, 0.78, 0.59, 1.09, 1.46),
    )


@dataclass(frozen=True, kw_only=True)
class Uncertainty:
    """How wide the book is: a factor on everything that is said in ticks, distances and moves alike."""

    deviation: float = key("Standard deviation of its log (Ornstein–Uhlenbeck)", default=0.3, min=0, max=3)
    relax_s: float = key("Its relaxation time, in seconds", default=120, above=0, max=100_000)
    half_hours: tuple[float, ...] = key(
        "The factor in each half hour from clock.start on, over its mean; one figure is a flat day",
        default=(1.6, 1.14, 0.90, 1.00, 1.05, 1.03, 0.95, 0.87, 0.93, 0.90, 0.97, 0.95, 0.95),
    )


@dataclass(frozen=True, kw_only=True)
class FlowDocument:
    """The background flow of one symbol."""

    messages_per_s: float = key(
        "Messages in a second, on average over the day, besides reactions", default=6.3, above=0, max=1_000_000
    )
    bursts: Bursts = key("How messages excite messages", default=Bursts())
    takers: Takers = key("Who takes from the book", default=Takers())
    makers: Makers = key("Who adds to the book and cancels", default=Makers())
    sizes: Sizes = key("How large orders are", default=Sizes())
    impact: Impact = key("What the others learn from an aggressive order", default=Impact())
    activity: Activity = key("How much goes on", default=Activity())
    uncertainty: Uncertainty = key("How wide the book is", default=Uncertainty())

    def __post_init__(self) -> None:
        """Raise MarketError if the figures contradict each other."""
        if self.excited_share >= 1:
            raise MarketError(
                f"messages cause {self.excited_share:.2f} others each, so they never end",
                "fast_branching (times what trade_kick adds) and slow_branching must stay below 1 together",
                at=("bursts",),
            )
        self._expect_memories()
        for block in ("activity", "uncertainty"):
            half_hours = getattr(self, block).half_hours
            if not half_hours or min(half_hours) <= 0:
                raise MarketError(
                    f"one or more half_hours above 0 were expected, were {list(half_hours)}", at=(block, "half_hours")
                )
        together_pct = self.sizes.lot_pct + self.sizes.odd_pct
        if together_pct > 100:
            raise MarketError(
                f"lot_pct and odd_pct of at most 100 together were expected, were {together_pct:g}",
                "lower one of them",
                at=("sizes",),
            )

    def _expect_memories(self) -> None:
        """Raise MarketError if the memories are none."""
        trades, weights = self.impact.memory_trades, self.impact.memory_weights
        for name, figures in (("memory_trades", trades), ("memory_weights", weights)):
            if not 1 <= len(figures) <= dial.MEMORIES:
                raise MarketError(
                    f"one to {dial.MEMORIES} figures were expected, were {len(figures)}", at=("impact", name)
                )
        if len(trades) != len(weights):
            raise MarketError(
                f"as many memory_weights as memory_trades were expected, were {len(weights)} and {len(trades)}",
                "give each memory its weight",
                at=("impact", "memory_trades"),
            )
        if sum(weights) > 1:
            raise MarketError(
                f"memory_weights of at most 1 together were expected, were {sum(weights):g}",
                "above 1, a trend predicts more than itself",
                at=("impact", "memory_weights"),
            )
        if min(trades) < 1:
            raise MarketError(
                f"memory_trades of at least 1 were expected, was {min(trades):g}", at=("impact", "memory_trades")
            )

    @property
    def excited_share(self) -> float:
        """Messages that each message causes, on average."""
        kick = 1 + (self.bursts.trade_kick - 1) * self.takers.share_pct / 100
        return self.bursts.fast_branching * kick + self.bursts.slow_branching

    def dials(self) -> Floats:
        """The dials of the kernel, undisturbed."""
        bursts, takers, makers, impact, activity = self.bursts, self.takers, self.makers, self.impact, self.activity
        dials = np.zeros(dial.DIALS)
        dials[dial.RATE] = self.messages_per_s * (1 - self.excited_share)
        dials[dial.FAST_BRANCHING], dials[dial.FAST_DECAY] = bursts.fast_branching, 1000 / bursts.fast_ms
        dials[dial.SLOW_BRANCHING], dials[dial.SLOW_DECAY] = bursts.slow_branching, 1 / bursts.slow_s
        dials[dial.TRADE_KICK] = bursts.trade_kick
        dials[dial.TRADE_SHARE] = takers.share_pct / 100
        dials[dial.META_ALPHA], dials[dial.META_NOISE] = takers.metaorder_exponent, takers.lone_pct / 100
        dials[dial.META_MOST] = takers.metaorder_most
        dials[dial.SWEEP_SHARE], dials[dial.SWEEP_TICKS] = takers.sweep_pct / 100, takers.sweep_ticks
        dials[dial.PICK_SHARE] = takers.pick_off_pct / 100
        dials[dial.ORDERS], dials[dial.RECENCY] = makers.orders, makers.young_first
        dials[dial.HALF_SPREAD], dials[dial.STALE] = makers.half_spread_ticks, makers.stale_share
        dials[dial.NEAR_SHARE], dials[dial.NEAR_TICKS] = makers.near_pct / 100, makers.near_ticks
        dials[dial.FAR_TICKS], dials[dial.FAR_ALPHA] = makers.far_ticks, makers.far_exponent
        dials[dial.SPREAD_TILT], dials[dial.BALANCE] = makers.wide_spread_pull, makers.balance
        dials[dial.LAG_TICKS], dials[dial.REACTION] = makers.lag_ticks, 1000 / makers.reaction_ms
        dials[dial.LOT] = self.sizes.lot_shares
        dials[dial.LOT_SHARE], dials[dial.ODD_SHARE] = self.sizes.lot_pct / 100, self.sizes.odd_pct / 100
        dials[dial.MAKER_SIZE] = self.sizes.maker_multiple
        dials[dial.THETA] = impact.ticks
        dials[dial.SIZE_POWER] = impact.size_exponent
        dials[dial.THIN_SHARE], dials[dial.THIN_POWER] = impact.thin_share, impact.thin_exponent
        dials[dial.THIN_PATIENCE] = impact.thin_patience
        for at, (trades, weight) in enumerate(zip(impact.memory_trades, impact.memory_weights, strict=True)):
            dials[dial.GAIN_1 + at], dials[dial.WEIGHT_1 + at] = 1 / trades, weight
        dials[dial.NEWS_TICKS], dials[dial.ANCHOR] = impact.news_ticks, impact.anchor
        dials[dial.ACTIVITY_SD], dials[dial.ACTIVITY_DECAY] = activity.fast_deviation, 1 / activity.fast_relax_s
        dials[dial.SLOW_ACTIVITY_SD] = activity.slow_deviation
        dials[dial.SLOW_ACTIVITY_DECAY] = 1 / activity.slow_relax_s
        dials[dial.WIDTH_SD] = self.uncertainty.deviation
        dials[dial.WIDTH_DECAY] = 1 / self.uncertainty.relax_s
        dials[dial.VOLUME_FACTOR : dial.SPREAD_FACTOR + 1] = 1
        return dials

    def shapes(self) -> tuple[Floats, Floats]:
        """The day's shapes of activity and of width by the minute, from clock.start on, each with mean 1."""
        of = (self.activity.half_hours, self.uncertainty.half_hours)
        minutes = HALF_HOUR_MIN * max(len(half_hours) for half_hours in of) + 1
        return by_minute(of[0], minutes), by_minute(of[1], minutes)


def by_minute(half_hours: tuple[float, ...], minutes: int) -> Floats:
    """Straight lines between the half hours' middles, at so many minutes, with mean 1."""
    middles = HALF_HOUR_MIN * (np.arange(len(half_hours)) + 0.5)
    figures: Floats = np.interp(np.arange(minutes), middles, np.array(half_hours))
    shaped: Floats = figures / figures.mean()
    return shaped
