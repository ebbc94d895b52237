"""How often a hard limit was passed."""

from __future__ import annotations

import numpy as np

from engine.domain.records import Decided
from engine.metrics.decision_limits import broken_by_approvals
from engine.metrics.denials import is_limit_deny
from engine.metrics.evidence import Evidence
from engine.metrics.exposure import exposures, gross_micros, unexplained
from engine.metrics.folds import Floats, Ints, count_in_window, observer, series, step_at, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series
from engine.trading.limits import Bound
from engine.trading.observer import Acceptance

NEAR_PCT = 80.0
"""How near exposure has to come to a limit before keeping it means something (design part 6)."""


@metric(unit="breaches", better="lower", stat="sum", zero_tolerance=True)
def hard_limit_breaches(evidence: Evidence) -> Series:
    """Up-crossings of a hard limit, by the venue observer, and approvals beyond one.

    Position limits (shares of a symbol) and the gross limit (USD over all symbols) are held against position + working
    orders + what was sent and not yet answered, the worse side; each crossing from at-or-below to above counts once,
    whoever caused it, and one that was made before the window and still stands at its start counts there. Size and
    value limits of one order are held against each order the venue accepted: its quantity, and quantity × limit (a
    market order: × the best opposite price on arrival).

    Order rate, quote age and price collar are held against each new order and replace of the strategy at its first
    decision, if that was an approval; a cancel never breaks them. Rate: approvals in (t - 1 s, t], this one included.
    Age, if the order raised exposure by the desk's books: time since the venue gave the newest quote that had reached
    the desk. Collar: distance of the limit from the mid, if it is beyond the collar by each of the last three two-sided
    quotes that had reached the desk (one of them is what the governor saw); a market order has none.

    1 for each breach, 0 for each accepted order that kept both of its own, and at the end of the window. Proves
    something only with at least one denial by a limit, and exposure of at least 80 % of a limit. Source: venue, Sent,
    Intent, Decided and DeskTick records, the limits document; exact.
    """
    samples = _orders(evidence) + broken_by_approvals(evidence)
    near_pct = 0.0
    for t_ns, value, limit in _levels(evidence):
        above = value > limit
        crossed = above & ~np.concatenate(([False], above[:-1]))
        samples += [(t, 1.0) for t in t_ns[crossed].tolist()]
        samples += _already_above(evidence, t_ns, value, limit)
        near_pct = max(near_pct, _used_pct(evidence, t_ns, value, limit))
    denied = count_in_window(evidence, (one.t_ns for one in evidence.log.of(Decided) if is_limit_deny(one)))
    samples.append((window(evidence)[1], 0.0))
    chances = (
        Opportunity(denied, 1, "orders denied by a limit"),
        Opportunity(near_pct, NEAR_PCT, "% of a hard limit used at most"),
    )
    return series(samples, "breaches", Basis.EXACT, chances, _note(evidence))


def _levels(evidence: Evidence) -> list[tuple[Ints, Floats, float]]:
    """Times and values of everything that has a limit and a level, each with its hard limit."""
    limits, found = evidence.facts.limits, []
    for symbol, exposure in exposures(evidence.log).items():
        own = limits.instrument.get(symbol)
        shares = _hard(own.position_shares if own is not None else None)
        if shares is not None:
            found.append((exposure.t_ns, exposure.shares.astype(np.float64), shares))
    gross = _hard(limits.firm.gross_notional_usd)
    if gross is not None:
        t_ns, micros = gross_micros(evidence.log)
        found.append((t_ns, micros / 1e6, gross))
    return [level for level in found if len(level[0])]


def _already_above(evidence: Evidence, t_ns: Ints, value: Floats, limit: float) -> list[tuple[int, float]]:
    """A breach at the window's start, if a crossing before it had not been made good by then."""
    start_ns = window(evidence)[0]
    before = t_ns < start_ns
    return [(start_ns, 1.0)] if before.any() and value[before][-1] > limit else []


def _orders(evidence: Evidence) -> list[tuple[int, float]]:
    """One sample for each accepted order: how many of its own limits it broke."""
    return [(one.record.t_ns, float(_broken(evidence, one))) for one in observer(evidence.log).acceptances]


def _broken(evidence: Evidence, one: Acceptance) -> int:
    order = one.record
    limits = evidence.facts.limits.instrument.get(order.symbol)
    if limits is None:
        return 0
    qty, notional = _hard(limits.order_qty_shares), _hard(limits.order_notional_usd)
    price_micros = order.limit_micros or order.touch_micros
    too_large = qty is not None and order.qty > qty
    too_dear = notional is not None and order.qty * price_micros > notional * 1e6
    return int(too_large) + int(too_dear)


def _used_pct(evidence: Evidence, t_ns: Ints, value: Floats, limit: float) -> float:
    """The most of *limit* that was used inside the window, in percent."""
    start_ns, end_ns = window(evidence)
    inside = value[(t_ns >= start_ns) & (t_ns <= end_ns)]
    at_start = step_at(t_ns, value, np.array([start_ns], dtype=np.int64))
    return 100 * max(float(inside.max(initial=0.0)), float(at_start[0])) / limit if limit > 0 else 0.0


def _note(evidence: Evidence) -> str:
    """What could have been breached unseen; empty if nothing."""
    unsized = unexplained(evidence.log)
    if unsized:
        return f"order {unsized[0].order_id} was sent without an intent, so its size is unknown"
    limits = evidence.facts.limits
    missing = [
        f"position_shares of {symbol}"
        for symbol in sorted(observer(evidence.log).accounts)
        if (own := limits.instrument.get(symbol)) is None or _hard(own.position_shares) is None
    ]
    if _hard(limits.firm.gross_notional_usd) is None:
        missing.append("gross_notional_usd of the firm")
    return f"there is no hard limit to hold against: {', '.join(missing)}" if missing else ""


def _hard(bound: Bound | None) -> float | None:
    return bound.hard if bound is not None else None
