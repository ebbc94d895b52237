"""Figures of the best prices: spread and size, each weighted with the time it stood, and what must never happen."""

from __future__ import annotations

import math

import numpy as np

from engine.base.units import NS_PER_S
from engine.market.facts_statistics import Weights
from engine.market.realism_returns import largest_jump_sigmas
from engine.market.recording import Recording
from engine.market.tape_rows import CUT, DELETED, NEW, VISIBLE


def book_figures(recording: Recording) -> dict[str, float]:
    """Spread and shares at the best prices."""
    stood_s, both = np.diff(recording.t_ns) / NS_PER_S, recording.two_sided[:-1]
    ticks = (recording.ask_tick - recording.bid_tick)[:-1][both]
    spread, best = Weights(), Weights()
    spread.add(ticks, stood_s[both])
    for qty in (recording.bid_qty[:-1], recording.ask_qty[:-1]):
        best.add(qty[qty > 0], stood_s[qty > 0])
    relative = 1e4 * ticks / recording.mid_ticks()[:-1][both]
    total_s = float(stood_s[both].sum())
    return {
        "spread_ticks_mean": spread.mean(),
        "spread_bps_mean": float(np.dot(relative, stood_s[both])) / total_s if total_s > 0 else math.nan,
        "spread_q05_over_q50": _over_median(spread, spread.quantile(0.05)),
        "spread_q95_over_q50": _over_median(spread, spread.quantile(0.95)),
        "best_shares_mean": best.mean(),
        "best_shares_mean_over_median": _over_median(best, best.mean()),
        "best_shares_q99_over_q50": _over_median(best, best.quantile(0.99)),
    }


def _over_median(weights: Weights, value: float) -> float:
    median = weights.quantile(0.5)
    return value / median if median > 0 else math.nan


def sanity_figures(recording: Recording) -> dict[str, float]:
    """What must never happen, over the whole day. Of a day without messages nothing is said."""
    if not len(recording):
        return dict.fromkeys(
            ("crossed_messages", "overdrawn_orders", "one_sided_time_share", "mid_jump_max_sigmas"), math.nan
        )
    crossed = recording.two_sided & (recording.bid_tick >= recording.ask_tick)
    stood_ns = np.diff(recording.t_ns)
    one_sided_ns = int(stood_ns[~recording.two_sided[:-1]].sum())
    return {
        "crossed_messages": float(crossed.sum()),
        "overdrawn_orders": overdrawn(recording),
        "one_sided_time_share": one_sided_ns / int(stood_ns.sum()) if stood_ns.any() else math.nan,
        "mid_jump_max_sigmas": largest_jump_sigmas(recording),
    }


def overdrawn(recording: Recording) -> float:
    """Orders added on the day of which more shares left (cancelled, deleted, executed) than came.

    NaN if no order could be followed: a recording without order numbers is no evidence that nothing went wrong.
    """
    known = recording.order_id != 0
    kind, qty = recording.kind[known], recording.qty[known]
    orders, place = np.unique(recording.order_id[known], return_inverse=True)
    came = np.bincount(place, np.where(kind == NEW, qty, 0), minlength=len(orders))
    went = np.bincount(place, np.where(np.isin(kind, (CUT, DELETED, VISIBLE)), qty, 0), minlength=len(orders))
    return float((went > came)[came > 0].sum()) if (came > 0).any() else math.nan
