"""The figures that a realism band may be put on: their names and what each is, in one place."""

from __future__ import annotations

SANITY_SIGMA = "without the largest 1 % by size, so that a jump does not hide itself"

FIGURES: dict[str, str] = {
    "return_kurtosis_1s": "kurtosis of 1 s log returns of the mid (normal: 3)",
    "return_kurtosis_10s": "kurtosis of 10 s log returns of the mid",
    "return_kurtosis_60s": "kurtosis of 60 s log returns of the mid",
    "return_kurtosis_600s": "kurtosis of 10 min log returns of the mid",
    "kurtosis_10s_over_1s": "kurtosis at 10 s over that at 1 s",
    "kurtosis_60s_over_10s": "kurtosis at 60 s over that at 10 s",
    "kurtosis_600s_over_60s": "kurtosis at 10 min over that at 60 s",
    "return_acf_1s_lag1": "autocorrelation of 1 s returns, lag 1",
    "return_acf_60s_lag1": "autocorrelation of 60 s returns, lag 1",
    "abs_return_acf_1s_lag1": "autocorrelation of absolute 1 s returns, lag 1",
    "abs_return_acf_1s_lag10": "autocorrelation of absolute 1 s returns, lag 10",
    "abs_return_acf_1s_lag60": "autocorrelation of absolute 1 s returns, lag 60",
    "abs_return_acf_1s_least_1_to_10": "smallest autocorrelation of absolute 1 s returns among lags 1 to 10",
    "return_std_1s_bps": "standard deviation of 1 s returns, in basis points",
    "zero_returns_1s": "share of 1 s returns that are zero",
    "zero_returns_10s": "share of 10 s returns that are zero",
    "signature_1s_over_300s": "realised volatility from 1 s returns over that from 300 s returns",
    "volume_volatility_correlation_60s": "correlation of shares executed and absolute return, per 60 s",
    "aggressive_orders": "aggressive orders: visible executions of one stamp and side counted once",
    "trade_sign_acf_lag1": "autocorrelation of the aggressor's side from order to order, lag 1",
    "trade_sign_acf_lag10": "autocorrelation of the aggressor's side from order to order, lag 10",
    "trade_sign_acf_lag100": "autocorrelation of the aggressor's side from order to order, lag 100",
    "messages": "messages of the day",
    "messages_per_s_fano": "variance over mean of messages per second (Poisson: 1)",
    "interarrival_mean_s": "mean time between two messages, in seconds",
    "interarrival_median_s": "median time between two messages, in seconds",
    "interarrival_cv": "standard deviation of the gaps between messages over their mean (Poisson: 1)",
    "cancel_ratio": "partial cancels and deletes over adds",
    "execution_share": "visible executions over all messages",
    "spread_ticks_mean": "best ask less best bid, weighted with time, in ticks",
    "spread_bps_mean": "best ask less best bid over the mid, weighted with time, in basis points",
    "spread_q05_over_q50": "5 % quantile of the spread, weighted with time, over its median",
    "spread_q95_over_q50": "95 % quantile of the spread, weighted with time, over its median",
    "best_shares_mean": "shares at the best price of a side, weighted with time, both sides together",
    "best_shares_mean_over_median": "mean over median of the shares at the best price, weighted with time",
    "best_shares_q99_over_q50": "99 % quantile over median of the shares at the best price, weighted with time",
    "messages_open_over_midday": "messages of the first half hour over the mean of the five around midday",
    "messages_close_over_midday": "messages of the last half hour over the mean of the five around midday",
    "volatility_open_over_midday": "volatility (1 s) of the first half hour over the mean of the five around midday",
    "volatility_close_over_midday": "volatility (1 s) of the last half hour over the mean of the five around midday",
    "crossed_messages": "messages after which the best bid is not below the best ask",
    "overdrawn_orders": "orders of which more shares were executed and cancelled than were added",
    "one_sided_time_share": "share of the time in which a side of the book is empty",
    "mid_jump_max_sigmas": f"largest 1 s return over the standard deviation of 1 s returns {SANITY_SIGMA}",
    "impact_exponent": "exponent d in impact ~ (Q/V)^d: mean signed move of the mid at the end of a metaorder",
    "impact_retained": "share of that move that is left when three times the metaorder's duration have passed",
}
"""Every figure by name. All but the two of impact are measured on one day's recording."""

IMPACT = ("impact_exponent", "impact_retained")
"""The figures that need experiments: metaorders executed in the market."""


def figure_names() -> tuple[str, ...]:
    """Every figure, in the order of the table."""
    return tuple(FIGURES)
