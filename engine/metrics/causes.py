"""Causes that excuse a hold or stop, as an observer sees them: without one, denying under it is over-blocking.

A command of a person or system; a loss near its first step by the venue's records; a session that is down; a quote
that is too old; an order whose fate is unknown; a desk that is closed by itself; limits that were tampered with;
orders that nobody asked for. What a governor says of its reasons plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import OrderState
from engine.domain.records import ControlGiven, DeskClosed, DeskOrder, DeskSession, LimitsSet
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Ints, quote_arrivals
from engine.metrics.holds import FOREVER_NS, Hold
from engine.metrics.marks import equity_usd_steps
from engine.metrics.orders_out_of_nowhere import out_of_nowhere
from engine.trading.limits import LossBound
from engine.trading.limits_sha import limits_sha

NEAR = 0.9
"""A condition counts from this share of its limit on: the governor marks at its own, slightly different instants."""
BEFORE_NS = NS_PER_S
"""How long before a hold is in effect its cause may already be over."""

Span = tuple[int, int]


class Causes:
    """When a cause was there: spans of time, from first to last instant."""

    def __init__(self, evidence: Evidence) -> None:
        end_ns = evidence.facts.end_ns
        found = [
            *((one.t_ns, one.t_ns) for one in evidence.log.of(ControlGiven)),
            *_losses(evidence),
            *_session(evidence, end_ns),
            *_old_quotes(evidence, end_ns),
            *_unknown(evidence, end_ns),
            *_closed(evidence, end_ns),
            *bad_limits(evidence),
            *((t_ns, t_ns) for t_ns, wrong in out_of_nowhere(evidence.log) if wrong),
        ]
        self._start_ns = np.array([start for start, _ in found], dtype=np.int64)
        self._end_ns = np.array([end for _, end in found], dtype=np.int64)

    def excused_from_ns(self, hold: Hold) -> int:
        """The first instant at which there was, or had been, a cause for *hold*, not over before it was in effect.

        A cause may be over shortly before. :data:`~engine.metrics.holds.FOREVER_NS` if nothing excuses it.
        """
        there = self._start_ns[self._end_ns >= hold.effect_ns - BEFORE_NS]
        return int(there.min(initial=FOREVER_NS))


def _losses(evidence: Evidence) -> Iterator[Span]:
    """While the loss of the day or the drawdown was near its first step."""
    t_ns, usd = equity_usd_steps(evidence)
    if not len(t_ns):
        return
    firm = evidence.facts.limits.firm
    peak = np.maximum.accumulate(usd)
    drawdown_pct = np.divide(100 * (peak - usd), peak, out=np.zeros(len(usd)), where=peak > 0)
    for lost, bound in ((usd[0] - usd, firm.daily_loss_usd), (drawdown_pct, firm.drawdown_pct)):
        first = _first_step(bound)
        if first is not None:
            yield from _runs(t_ns, lost >= NEAR * first)


def _first_step(bound: LossBound | None) -> float | None:
    steps = [] if bound is None else [step for step in (bound.soft, bound.flatten, bound.hard) if step is not None]
    return min(steps, default=None)


def _runs(t_ns: Ints, there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[Span]:
    """Each stretch of steps at which something was there; a step lasts until the next."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], there, [False])).astype(np.int8)))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield int(t_ns[first]), int(t_ns[min(after, len(t_ns) - 1)])


def _session(evidence: Evidence, end_ns: int) -> Iterator[Span]:
    """While the desk knew its session to be down."""
    down_ns: int | None = None
    for one in evidence.log.of(DeskSession):
        if not one.up and down_ns is None:
            down_ns = one.t_ns
        elif one.up and down_ns is not None:
            yield down_ns, one.t_ns
            down_ns = None
    if down_ns is not None:
        yield down_ns, end_ns


def _old_quotes(evidence: Evidence, end_ns: int) -> Iterator[Span]:
    """While the last quote of a symbol that had reached the desk was near its greatest age."""
    bound = evidence.facts.limits.firm.quote_age_ms
    if bound is None or bound.hard is None:
        return
    near_ns = round(NEAR * bound.hard * NS_PER_MS)
    for quotes in quote_arrivals(evidence.log).values():
        old_ns, next_ns = quotes.venue_ns + near_ns, np.append(quotes.t_ns[1:], end_ns)
        for place in np.flatnonzero(next_ns > old_ns).tolist():
            yield int(old_ns[place]), int(next_ns[place])


def _closed(evidence: Evidence, end_ns: int) -> Iterator[Span]:
    """While the desk was closed by itself: its governor did not answer, or what it needs could not be reached."""
    since: dict[str, int] = {}
    for one in evidence.log.of(DeskClosed):
        if one.closed:
            since.setdefault(one.reason, one.t_ns)
        elif one.reason in since:
            yield since.pop(one.reason), one.t_ns
    for t_ns in since.values():
        yield t_ns, end_ns


def bad_limits(evidence: Evidence) -> Iterator[Span]:
    """While the store of the limits held something else than the limits of the run, or could not be reached."""
    sound, since_ns = limits_sha(evidence.facts.limits), None
    for one in evidence.log.of(LimitsSet):
        if one.sha256 != sound and since_ns is None:
            since_ns = one.t_ns
        elif one.sha256 == sound and since_ns is not None:
            yield since_ns, one.t_ns
            since_ns = None
    if since_ns is not None:
        yield since_ns, evidence.facts.end_ns


def _unknown(evidence: Evidence, end_ns: int) -> Iterator[Span]:
    """While the fate of an order was unknown."""
    since: dict[int, int] = {}
    for one in evidence.log.of(DeskOrder):
        if one.state == OrderState.UNKNOWN.value:
            since.setdefault(one.order_id, one.t_ns)
        elif one.order_id in since:
            yield since.pop(one.order_id), one.t_ns
    for t_ns in since.values():
        yield t_ns, end_ns
