"""Evidence: the event log with the facts that were fixed before the run began."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.base.units import NS_PER_MS
from engine.domain.orders import Instrument
from engine.domain.records import FaultHealed, FaultStarted
from engine.kernel.event_log import EventLog
from engine.trading.limits import Limits

HOLD_DEADLINE_NS = 250 * NS_PER_MS
"""A hold or stop is in effect this long after its trigger or command, acknowledged or not."""
SETTLE_NS = 500 * NS_PER_MS
"""How far the desk's books may trail the venue's before a difference counts."""


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """When one timeline item was injected and healed (``heal_ns`` None: it never was)."""

    item: str
    fault: str
    t0_ns: int
    heal_ns: int | None


@dataclass(frozen=True)
class Facts:
    """What was known before the run: times, instruments, limits, capital."""

    warmup_ns: int
    end_ns: int
    instruments: tuple[Instrument, ...]
    limits: Limits
    capital_micros: int
    live: bool = False


@dataclass(frozen=True)
class Evidence:
    """What a metric may look at."""

    log: EventLog
    facts: Facts
    start_ns: int = field(default=0)
    """The window that opportunities are counted in: [start_ns, end_ns]."""
    end_ns: int = field(default=0)

    def spans(self) -> tuple[FaultSpan, ...]:
        """Every injected fault, in order."""
        healed = {record.item: record.t_ns for record in self.log.of(FaultHealed)}
        return tuple(
            FaultSpan(start.item, start.fault, start.t_ns, healed.get(start.item))
            for start in self.log.of(FaultStarted)
        )
