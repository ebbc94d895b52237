"""Hard limits that an approval itself can break: order rate, quote age and price collar.

Reckoned at the instant of the decision and on the safe side: from what had reached the desk by then, in whichever of
its stages it was, so that a governor is never blamed for what it could not know yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import Origin
from engine.domain.records import Decided, Intent
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, Ints, decisions, intents, observer, once_per_log, quote_arrivals
from engine.trading.limits import Bound

MIDS_KNOWN = 3
"""How many of the last mids a governor may judge a price by: the newest is in the feed handler when it decides, and one
may wait behind it (our assumption)."""

Marked = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Approvals:
    """Approved new orders and replaces of the strategy as columns, in order of decision; ``limit_micros`` 0: market."""

    t_ns: Ints
    symbol: NDArray[np.str_]
    limit_micros: Ints
    increasing: Marked


def broken_by_approvals(evidence: Evidence) -> list[tuple[int, float]]:
    """When an approval broke hard limits of rate, age or collar, and how many of them; nothing for those that did not.

    A limit that is missing is not held against anything here.
    """
    approved = approvals(evidence.log)
    broken = _too_many(evidence, approved).astype(np.int64)
    for symbol in np.unique(approved.symbol).tolist():
        own = np.flatnonzero(approved.symbol == symbol)
        broken[own] += _too_old(evidence, approved, symbol, own)
        broken[own] += _too_far(evidence, approved, symbol, own)
    beyond = np.flatnonzero(broken)
    return list(zip(approved.t_ns[beyond].tolist(), broken[beyond].astype(np.float64).tolist(), strict=True))


@once_per_log
def approvals(log: EventLog) -> Approvals:
    """What the governor approved of what the strategy asked for; of two answers to one order the first."""
    found = list(_approved(log))
    return Approvals(
        np.array([decided.t_ns for decided, _ in found], dtype=np.int64),
        np.array([intent.symbol for _, intent in found], dtype=np.str_),
        np.array([intent.limit_micros for _, intent in found], dtype=np.int64),
        np.array([decided.increasing for decided, _ in found], dtype=np.bool_),
    )


def _approved(log: EventLog) -> Iterator[tuple[Decided, Intent]]:
    known = intents(log)
    for order_id, decided in decisions(log).items():
        intent = known.get(order_id)
        if not decided.approved or intent is None or intent.action == "cancel":
            continue
        if intent.origin == Origin.STRATEGY.value:
            yield decided, intent


def _too_many(evidence: Evidence, approved: Approvals) -> Marked:
    """Approvals that were one too many within (t - 1 s, t]; of those of one instant the later ones are."""
    hard = _hard(evidence.facts.limits.firm.order_rate_per_s)
    t_ns = approved.t_ns
    before = np.searchsorted(t_ns, t_ns - NS_PER_S, side="right")
    return np.arange(1, len(t_ns) + 1) - before > hard


def _too_old(evidence: Evidence, approved: Approvals, symbol: str, own: Ints) -> Marked:
    """Increasing orders on a quote beyond the age limit; before the first quote its age is the time since the start."""
    hard = _hard(evidence.facts.limits.firm.quote_age_ms)
    at_ns = approved.t_ns[own]
    arrivals = quote_arrivals(evidence.log).get(symbol)
    quoted_ns = np.zeros_like(at_ns)
    if arrivals is not None:
        reached = np.searchsorted(arrivals.t_ns, at_ns, side="right")
        quoted_ns = np.concatenate(([0], arrivals.venue_ns))[reached]
    return approved.increasing[own] & ((at_ns - quoted_ns) / NS_PER_MS > hard)


def _too_far(evidence: Evidence, approved: Approvals, symbol: str, own: Ints) -> Marked:
    """Limit orders priced beyond the collar around every mid that the desk could know."""
    limits = evidence.facts.limits.instrument.get(symbol)
    hard = _hard(limits.price_collar_pct if limits is not None else None)
    arrived_ns, mids = _mids_at_desk(evidence.log, symbol)
    if not len(mids):
        return np.zeros(len(own), dtype=np.bool_)
    newest = np.searchsorted(arrived_ns, approved.t_ns[own], side="right") - 1
    price = approved.limit_micros[own]
    beyond = (price > 0) & (newest >= 0)
    for back in range(MIDS_KNOWN):
        mid = mids[np.maximum(newest - back, 0)]
        beyond &= 100 * np.abs(price - mid) / mid > hard
    return beyond


def _mids_at_desk(log: EventLog, symbol: str) -> tuple[Ints, Floats]:
    """When each two-sided quote reached the desk, and its mid at the venue; of quotes of one instant the last."""
    quotes, arrivals = observer(log).account(symbol).columns(), quote_arrivals(log).get(symbol)
    quoted_ns, mids = quotes.t_ns[quotes.two_sided], quotes.mid_micros[quotes.two_sided]
    if arrivals is None or not len(mids):
        return np.empty(0, np.int64), np.empty(0)
    which = np.searchsorted(quoted_ns, arrivals.venue_ns, side="right") - 1
    two_sided = (which >= 0) & (quoted_ns[which] == arrivals.venue_ns)
    again = np.diff(which, prepend=-1) == 0
    told = two_sided & ~again
    return arrivals.t_ns[told], mids[which[told]]


def _hard(bound: Bound | None) -> float:
    """The hard limit; infinite if there is none."""
    return bound.hard if bound is not None and bound.hard is not None else np.inf
