"""A burst of decisions: an open-loop load of extra instructions at the desk, which never waits for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key
from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import Origin
from engine.domain.records import Intent
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.load import Load, Mix
from engine.faults.schedule import Schedule
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.arrivals import Arrivals
from engine.trading.order_path import NO_TICK

MOST_INSTRUCTIONS = 1_000_000
"""The most instructions of one burst; what is asked beyond it does not come, and the burst has then not bitten."""
FLAT_STEP_NS = 100 * NS_PER_MS
"""The step of an even rate: so finely is it even."""


class BurstError(StressError, ValueError):
    """A burst that does not say how many decisions, or says it twice."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@fault
@dataclass(frozen=True, kw_only=True)
class DecisionBurst:
    """Many instructions want a decision, at times fixed beforehand: small orders, their cancels, and too large ones.

    The small orders rest away from the market; the too large ones break a limit, so that the governor has to deny under
    load. Whatever the desk still works of them after the heal is cancelled. Give either ``decisions_per_s`` or
    ``arrivals``. Raise BurstError if both or neither is given, or the shares of the mix make more than all.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"decisions_per_s": 0, "times": 0}

    symbol: str = key("The instrument of the orders", example="SPY")
    decisions_per_s: float | None = key(
        "Decisions due in a second, evenly over each 100 ms", default=None, min=0, max=100_000, example=1000
    )
    arrivals: str | None = key(
        "An arrivals document that says how unevenly they come, played from its beginning and over again",
        default=None,
        document="arrivals",
        example="profiles/lobster_amzn",
    )
    arrivals_document: Arrivals | None = key("The arrivals document, loaded by the run", default=None, late=True)
    times: float = key(
        "What the rate is multiplied by; 2 for twice the highest rate (RTS 6 Article 10)", default=1, min=0, max=1_000
    )
    cancel_pct: float = key("Share of cancels, in percent", default=45, min=0, max=90)
    too_large_pct: float = key("Share of orders that break a limit, in percent", default=5, min=0, max=100)
    qty_shares: int = key("Size of a small order, in shares", default=1, min=1, max=1_000_000)
    too_large_qty_shares: int = key(
        "Size of an order that is to break a limit, in shares", default=1_000_000, min=1, max=1_000_000_000
    )
    away_pct: float = key("How far from the market the orders rest, in percent of the mid", default=1, above=0, max=50)

    def __post_init__(self) -> None:
        if (self.decisions_per_s is None) == (self.arrivals is None):
            said = "neither" if self.arrivals is None else "both"
            raise BurstError(f"one of decisions_per_s and arrivals was expected, was {said}", "say how many, once")
        if self.cancel_pct + self.too_large_pct > 100:
            shares = f"{self.cancel_pct:g} and {self.too_large_pct:g}"
            raise BurstError(f"cancel_pct and too_large_pct of at most 100 together were expected, were {shares}")

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol of its orders."""
        return (self.symbol,)

    @property
    def schedule(self) -> Schedule:
        """The rates asked for. Raise BurstError if the arrivals document was not loaded."""
        if self.decisions_per_s is not None:
            return Schedule((self.decisions_per_s * self.times,), FLAT_STEP_NS)
        if self.arrivals_document is None:
            raise BurstError(f"the loaded document '{self.arrivals}' was expected, was nothing")
        document = self.arrivals_document
        scale = document.mean_per_s * self.times
        return Schedule(tuple(scale * weight for weight in document.flat), document.step_ms * NS_PER_MS)

    def play(self, site: Site, heal: Event) -> Process:
        """Ask for each instruction at its time, ready or not; from the heal on clear up."""
        world = site.world
        mix = Mix(self.cancel_pct, self.too_large_pct, self.qty_shares, self.too_large_qty_shares, self.away_pct)
        load = Load(site.desk, self.symbol, mix, world.stream("fault/decision_burst/mix"))
        due_ns = self.schedule.due_ns(world.now_ns, world.stream("fault/decision_burst"))
        world.start(_asking(site, load, islice(due_ns, MOST_INSTRUCTIONS), heal))
        yield heal
        world.start(load.clear(world))

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many decisions of the strategy's were due in a second that no tick had caused."""
        due = sum(
            t0_ns <= intent.t_ns < heal_ns and intent.tick_ns == NO_TICK and intent.origin == Origin.STRATEGY
            for intent in log.of(Intent)
        )
        length_ns = heal_ns - t0_ns
        due_per_s = due * NS_PER_S / length_ns
        return Effect("decisions_due_per_s", due_per_s, BITE_SHARE * self.schedule.mean_per_s(length_ns), "1/s")


def _asking(site: Site, load: Load, due_ns: Iterator[int], heal: Event) -> Process:
    """Ask at each time of *due_ns*, until *heal*."""
    for t_ns in due_ns:
        yield site.world.wait_until(t_ns)
        if heal.triggered:
            return
        load.ask_next()
