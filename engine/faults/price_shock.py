"""A price shock: one symbol, or many together, fall by ``drop_pct`` over ``over_s``, then part of it comes back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key
from engine.base.units import NS_PER_MS, NS_PER_S, ns_from_s
from engine.domain.records import VenueQuote
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

STEP_NS = 100 * NS_PER_MS
"""How finely the path is drawn."""
BASELINE_NS = 60 * NS_PER_S
"""How far back the market's own moves are looked at, at least."""
OWN_MOVES = 4
"""A fall must be larger than this many standard deviations of the market's own moves; our own figure."""

MOST_DROP_PCT = 95
"""Nothing falls further: a price must be left."""
Mids = list[tuple[int, float]]
"""Times and two-sided mids of one symbol, in order."""


class ShockError(StressError):
    """A shock that cannot be played; ``at`` leads to the value that is to blame."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT

    def __init__(self, reason: str, instruction: str, *, at: tuple[str, ...]) -> None:
        super().__init__(reason, instruction)
        self.at = at


@fault
@dataclass(frozen=True, kw_only=True)
class PriceShock:
    """The price of a symbol falls along a straight line and partly recovers, and those of others with it.

    The 2010 flash crash fell 5 to 6 % in five minutes and regained half within five more (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"drop_pct": 0}
    needs_levers: ClassVar[frozenset[str]] = frozenset({"price_factor"})

    symbol: str = key("The instrument that falls", example="SPY")
    beta: dict[str, float] = key(
        "Other instruments that fall with it, and how much for each percent that it falls: {QQQ: 1.2, IWM: 0.9}",
        default={},
        above=0,
        max=10,
    )
    drop_pct: float = key(
        "How far the price falls, in percent of its level before", min=0, max=MOST_DROP_PCT, example=15
    )
    over_s: float = key("How long the fall takes, in seconds", min=1, max=23_400, example=300)
    recover_pct: float = key(
        "How much of the fall comes back afterwards, in percent of the fall", min=0, max=100, default=50
    )
    recover_s: float = key("How long the recovery takes, in seconds", min=1, max=23_400, default=1200)

    def __post_init__(self) -> None:
        """Raise ShockError if an instrument would fall to nothing, or is named twice."""
        if self.symbol in self.beta:
            raise ShockError(f"{self.symbol} falls already: it is the symbol", "take it out", at=("beta", self.symbol))
        for symbol, beta in self.beta.items():
            if beta * self.drop_pct > MOST_DROP_PCT:
                raise ShockError(
                    f"{symbol} would fall by {beta:g} x {self.drop_pct:g} %, more than {MOST_DROP_PCT} %",
                    "lower its beta or drop_pct",
                    at=("beta", symbol),
                )

    @property
    def own_length_s(self) -> float:
        """The fall; the recovery is no longer the fault."""
        return self.over_s

    def symbols(self) -> tuple[str, ...]:
        """The symbol that falls, and those that fall with it."""
        return (self.symbol, *self.beta)

    def play(self, site: Site, heal: Event) -> Process:
        """Draw the fall; from its end (or an earlier heal) the recovery runs by itself."""
        fallen_pct = yield from self._move(site, 0.0, self.drop_pct, self.over_s, heal)
        recovered_pct = fallen_pct * (1 - self.recover_pct / 100)
        site.world.start(self._move(site, fallen_pct, recovered_pct, self.recover_s, None))

    def _move(self, site: Site, from_pct: float, to_pct: float, over_s: float, heal: Event | None) -> Process:
        """Move the prices from one fall to another, in steps; the fall reached by the symbol is returned."""
        world = site.world
        falling = [(site.venue.levers(symbol), beta) for symbol, beta in self._betas.items()]
        began_ns, length_ns = world.now_ns, ns_from_s(over_s)
        fallen_pct = from_pct
        while fallen_pct != to_pct and not (heal is not None and heal.triggered):
            yield world.wait_ns(min(STEP_NS, began_ns + length_ns - world.now_ns))
            share = min((world.now_ns - began_ns) / length_ns, 1.0)
            reached_pct = to_pct if share == 1.0 else from_pct + (to_pct - from_pct) * share
            for levers, beta in falling:
                levers.price_factor *= (1 - beta * reached_pct / 100) / (1 - beta * fallen_pct / 100)
            fallen_pct = reached_pct
        return fallen_pct

    @property
    def _betas(self) -> dict[str, float]:
        """How far each falls for each percent that the symbol falls."""
        return {self.symbol: 1.0, **self.beta}

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The fall of the symbol's mid at the venue, from the shock's start to its lowest point.

        It must be most of what was asked for, and more than the market would move by itself: four standard deviations
        of its own moves, as they were in as long a time before (at least a minute).
        """
        return self._fall(self.symbol, mids_around(log, [self.symbol], t0_ns, heal_ns), t0_ns, heal_ns)

    def more_effects(self, log: EventLog, t0_ns: int, heal_ns: int) -> tuple[Effect, ...]:
        """The share of the others that fell, each by the same rule as the symbol; nothing if it falls alone."""
        if not self.beta:
            return ()
        mids = mids_around(log, self.beta, t0_ns, heal_ns)
        fell = sum(self._fall(symbol, mids, t0_ns, heal_ns).held for symbol in self.beta)
        return (Effect("others_fallen_pct", 100 * fell / len(self.beta), 100 * BITE_SHARE, "%"),)

    def _fall(self, symbol: str, mids_of: Mapping[str, Mids], t0_ns: int, heal_ns: int) -> Effect:
        """The fall of one symbol, and what is needed of it."""
        return fall_of(mids_of[symbol], self._betas[symbol] * self.drop_pct, t0_ns, heal_ns)


def fall_of(mids: Mids, asked_pct: float, t0_ns: int, heal_ns: int) -> Effect:
    """The fall of *mids* from *t0_ns* to their lowest point, and what is needed of it: most of *asked_pct*, and more
    than the market would move by itself.
    """
    own_pct = OWN_MOVES * own_deviation_pct(mids, t0_ns, heal_ns - t0_ns)
    before = next((mid for t_ns, mid in reversed(mids) if t_ns <= t0_ns), math.nan)
    lowest = min((mid for t_ns, mid in mids if t0_ns < t_ns <= heal_ns + STEP_NS), default=before)
    fallen_pct = max(100 * (before - lowest) / before, 0.0) if before == before else math.nan
    return Effect("mid_drop_pct", fallen_pct, max(BITE_SHARE * asked_pct, own_pct), "%")


def mids_around(log: EventLog, symbols: Iterable[str], t0_ns: int, heal_ns: int) -> dict[str, Mids]:
    """The venue's two-sided mids of each symbol that a shock's effect is read from, and the last one before those."""
    since_ns = t0_ns - max(heal_ns - t0_ns, BASELINE_NS)
    found: dict[str, Mids] = {symbol: [] for symbol in symbols}
    for quote in log.of(VenueQuote):
        if quote.t_ns > heal_ns + STEP_NS:
            break
        mids = found.get(quote.symbol)
        if mids is not None and quote.bid_micros and quote.ask_micros:
            if quote.t_ns < since_ns:
                mids.clear()
            mids.append((quote.t_ns, (quote.bid_micros + quote.ask_micros) / 2))
    return found


def own_deviation_pct(mids: Mids, t0_ns: int, length_ns: int) -> float:
    """Standard deviation of the mid's move over *length_ns*, in percent, by its moves before *t0_ns*; 0 if it stood."""
    since_ns = max(t0_ns - max(length_ns, BASELINE_NS), 0)
    seen = [mid for t_ns, mid in mids if since_ns <= t_ns <= t0_ns]
    variance = sum(math.log(after / before) ** 2 for before, after in pairwise(seen))
    return 100 * math.sqrt(variance * length_ns / (t0_ns - since_ns)) if t0_ns > since_ns else 0.0
