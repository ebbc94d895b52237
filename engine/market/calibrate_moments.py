"""The figures of a day that the search is after: of a real day once, of a simulated one at each step."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.market.facts_statistics import autocorrelation
from engine.market.realism_book import book_figures
from engine.market.realism_flow import aggressors, fano
from engine.market.realism_returns import returns
from engine.market.recording import Recording
from engine.market.tape_rows import HIDDEN

SIGN_LAGS = (1, 2, 3, 5, 10, 20, 50, 100)
MOMENTS = {
    "messages_per_s": "messages over the length of the session, executions of hidden orders left out",
    "aggressive_share": "aggressive orders over messages",
    "gap_share_below_100us": "share of the gaps between messages shorter than 100 us",
    "gap_share_below_1000us": "the same, 1000 us",
    "messages_fano_1000ms": "variance over mean of messages per second",
    "messages_fano_60000ms": "the same, per minute",
    "spread_ticks_mean": "spread, weighted with time, in ticks",
    "spread_q95_over_q50": "95 % quantile of the spread over its median",
    "best_shares_mean": "shares at a best price, weighted with time",
    "realised_volatility_60s_bps": "root of the summed squares of one-minute returns, in basis points",
    "return_std_1s_bps": "standard deviation of one-second returns, in basis points",
    "abs_return_acf_1s_lag1": "autocorrelation of absolute one-second returns, lag 1",
    "abs_return_acf_1s_lag10": "the same, lag 10",
    "trade_sign_acf_lag1": "autocorrelation of aggressors' sides, lag 1",
    "trade_sign_acf_lag10": "the same, lag 10",
    "trade_sign_acf_lag100": "the same, lag 100",
}
"""What is measured, in the order of the table."""


def moments(recording: Recording) -> dict[str, float]:
    """Every figure of :data:`MOMENTS`, NaN where the day does not define it."""
    visible = without_hidden(recording)
    taken = aggressors(visible)
    gaps_ns = np.diff(visible.t_ns)
    seconds = returns(visible, 1)
    book = book_figures(visible)
    sizes = np.abs(seconds.known)
    return {
        "messages_per_s": len(visible) / ((visible.close_ns - visible.open_ns) / NS_PER_S),
        "aggressive_share": len(taken.side) / len(visible) if len(visible) else float("nan"),
        "gap_share_below_100us": float(np.mean(gaps_ns < 100_000)) if len(gaps_ns) else float("nan"),
        "gap_share_below_1000us": float(np.mean(gaps_ns < NS_PER_MS)) if len(gaps_ns) else float("nan"),
        "messages_fano_1000ms": fano(visible.t_ns, NS_PER_S),
        "messages_fano_60000ms": fano(visible.t_ns, 60 * NS_PER_S),
        **{name: book[name] for name in ("spread_ticks_mean", "spread_q95_over_q50", "best_shares_mean")},
        "realised_volatility_60s_bps": 1e4 * seconds.realised(60),
        "return_std_1s_bps": 1e4 * float(seconds.known.std()) if len(seconds.known) else float("nan"),
        "abs_return_acf_1s_lag1": autocorrelation(sizes, 1),
        "abs_return_acf_1s_lag10": autocorrelation(sizes, 10),
        **{f"trade_sign_acf_lag{lag}": autocorrelation(taken.side, lag) for lag in (1, 10, 100)},
    }


def without_hidden(recording: Recording) -> Recording:
    """The messages of orders that everybody sees: our book has no hidden ones."""
    seen = recording.kind != HIDDEN
    if seen.all():
        return recording
    whole = {field.name: getattr(recording, field.name) for field in fields(recording)}
    kept = {name: value[seen] if isinstance(value, np.ndarray) else value for name, value in whole.items()}
    return Recording(**kept)
