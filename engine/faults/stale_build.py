"""A stale build: one of the routers behind the governor multiplies what it is given to send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key
from engine.domain.orders import Instruction, NewOrder
from engine.domain.records import Intent, Sent
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


class StaleBuildError(StressError, ValueError):
    """Routers that there cannot be."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@fault
@dataclass(frozen=True, kw_only=True)
class StaleBuild:
    """Orders leave by one of ``routers`` in turn, and ``stale`` of them run an old build: each new order that they are
    given goes out ``times`` times, under ids that nobody asked for.

    Knight Capital, 1 August 2012: one of eight servers had not been updated, and 212 parent orders became millions (SEC
    release 34-70694, 2013). It is behind the governor, so no check before the trade sees it: only orders out held
    against orders in do, and the fills that come back. Raise StaleBuildError if more are stale than there are.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"stale": 0, "times": 1}

    routers: int = key("How many routers there are", default=8, min=1, max=100)
    stale: int = key("How many of them run the old build", default=1, min=0, max=100)
    times: int = key("How often a stale router sends each order", min=1, max=10_000, example=10)

    def __post_init__(self) -> None:
        if self.stale > self.routers:
            raise StaleBuildError(f"at most {self.routers} stale routers were expected, were {self.stale}")

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: everything that leaves the desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Put the routers behind the gateway, and take them out again."""
        desk, turn = site.desk, 0

        def route(instruction: Instruction) -> Iterable[Instruction]:
            nonlocal turn
            turn = (turn + 1) % self.routers
            if turn >= self.stale or not isinstance(instruction, NewOrder):
                return ()
            return [replace(instruction, order_id=desk.new_id()) for _ in range(self.times - 1)]

        desk.gateway.routers.append(route)
        yield heal
        desk.gateway.routers.remove(route)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """New orders on the wire that nobody asked for: at least what one order becomes at a stale router.

        A desk that notices stops at once, so there may be no more than that.
        """
        asked = {one.order_id for one in log.of(Intent)}
        strays = sum(
            t0_ns <= one.t_ns <= heal_ns and one.action == "new" and one.order_id not in asked for one in log.of(Sent)
        )
        return Effect("orders_of_nobody", strays, BITE_SHARE * (self.times - 1), "orders")
