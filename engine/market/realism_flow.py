"""Figures of the stream of messages: bursts, gaps, what they are, and the memory of the aggressors' sides."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.base.units import NS_PER_S
from engine.market.facts_statistics import autocorrelation
from engine.market.realism_returns import half_hours, number_of_half_hours
from engine.market.recording import Floats, Recording
from engine.market.tape_rows import CUT, DELETED, NEW, VISIBLE, Ints

SIGN_LAGS = (1, 10, 100)


@dataclass(frozen=True, eq=False)
class Aggressors:
    """The orders that took visible shares: executions of one stamp and side are one order."""

    t_ns: Ints
    side: Floats
    """1 buying, -1 selling."""
    qty: Ints
    fills: Ints


def aggressors(recording: Recording) -> Aggressors:
    """The aggressive orders of the day. What took hidden shares only is not among them."""
    taken = recording.kind == VISIBLE
    t_ns, side, qty = recording.t_ns[taken], -recording.side[taken].astype(np.int64), recording.qty[taken]
    if not len(t_ns):
        return Aggressors(t_ns, side.astype(np.float64), qty, qty)
    first = np.flatnonzero(np.concatenate([[True], (t_ns[1:] != t_ns[:-1]) | (side[1:] != side[:-1])]))
    fills = np.diff(np.append(first, len(t_ns)))
    return Aggressors(t_ns[first], side[first].astype(np.float64), np.add.reduceat(qty, first), fills)


def flow_figures(recording: Recording) -> dict[str, float]:
    """Bursts, gaps, the mix of messages, and trade signs."""
    kinds = np.bincount(recording.kind, minlength=6).tolist()
    taken = aggressors(recording)
    return {
        "messages": float(len(recording)),
        "messages_per_s_fano": fano(recording.t_ns, NS_PER_S),
        **_gaps(recording.t_ns),
        "cancel_ratio": (kinds[CUT] + kinds[DELETED]) / kinds[NEW] if kinds[NEW] else math.nan,
        "execution_share": kinds[VISIBLE] / len(recording) if len(recording) else math.nan,
        "aggressive_orders": float(len(taken.side)),
        **{f"trade_sign_acf_lag{lag}": autocorrelation(taken.side, lag) for lag in SIGN_LAGS},
    }


def fano(t_ns: Ints, window_ns: int) -> float:
    """Variance over mean of the number of messages per window, from that of the first to that of the last message."""
    if not len(t_ns):
        return math.nan
    windows = t_ns // window_ns
    counts = np.bincount(windows - windows[0])
    return float(counts.var() / counts.mean())


def _gaps(t_ns: Ints) -> dict[str, float]:
    gaps_s = np.diff(t_ns) / NS_PER_S
    mean_s = float(gaps_s.mean()) if len(gaps_s) else math.nan
    return {
        "interarrival_mean_s": mean_s,
        "interarrival_median_s": float(np.median(gaps_s)) if len(gaps_s) else math.nan,
        "interarrival_cv": float(gaps_s.std()) / mean_s if mean_s > 0 else math.nan,
    }


def messages_by_half_hour(recording: Recording) -> Floats:
    """Messages in each whole half hour of the session."""
    among = number_of_half_hours(recording)
    place = half_hours(recording, recording.t_ns)
    inside = (place >= 0) & (place < among)
    return np.bincount(place[inside], minlength=among).astype(np.float64)
