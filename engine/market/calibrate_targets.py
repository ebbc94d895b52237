"""The moments of a day that an order flow's parameters are fitted to, real or simulated, by one code."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.market.calibrate_orders import follow_facts, life_facts, placement_facts, size_facts
from engine.market.facts import Fact, fact
from engine.market.facts_statistics import autocorrelation
from engine.market.realism_book import book_figures
from engine.market.realism_flow import Aggressors, aggressors, fano, messages_by_half_hour
from engine.market.realism_names import FIGURES
from engine.market.realism_returns import half_hours, number_of_half_hours, returns, volatility_by_half_hour
from engine.market.recording import Bools, Recording
from engine.market.tape_rows import CUT, DELETED, HIDDEN, NEW, VISIBLE

KINDS = {NEW: "add", CUT: "partial_cancel", DELETED: "delete", VISIBLE: "execution", HIDDEN: "hidden"}
FANO_WINDOWS_MS = (10, 100, 1_000, 10_000, 60_000)
"""The Fano factor of a self-exciting flow rises with the window to 1/(1 - branching)^2; where it rises tells the decay
(Hawkes 1971, Biometrika 58:83-90)."""
GAPS_US = (100, 1_000, 10_000)
SIGN_LAGS = (1, 2, 3, 5, 10, 20, 50, 100)


def targets(recording: Recording) -> tuple[Fact, ...]:
    """Every moment of the whole day, in the order of the table."""
    taken = aggressors(recording)
    return (
        *_mix(recording),
        *_clustering(recording),
        *size_facts(recording, taken),
        *placement_facts(recording),
        *life_facts(recording),
        *follow_facts(recording),
        *_signs(taken),
        *_book(recording),
        *_volatility(recording),
        *_day(recording),
    )


def _mix(recording: Recording) -> Iterator[Fact]:
    session_s = (recording.close_ns - recording.open_ns) / NS_PER_S
    yield fact("session_s", session_s, "s", "length of the session")
    yield fact("messages", len(recording), "messages", "messages of the day")
    yield fact("messages_per_s", len(recording) / session_s, "1/s", "messages over the length of the session")
    counts = np.bincount(recording.kind, minlength=6).tolist()
    for kind, name in KINDS.items():
        share = counts[kind] / len(recording) if len(recording) else math.nan
        yield fact(f"{name}_share", share, "", f"share of messages of kind {kind}")
        yield fact(f"{name}_per_s", counts[kind] / session_s, "1/s", "their number over the length of the session")
    for side, name in ((1, "bid"), (-1, "ask")):
        on_side = (recording.kind == NEW) & (recording.side == side)
        yield fact(f"add_per_s_{name}", int(on_side.sum()) / session_s, "1/s", f"adds on the {name} side")
    volume = int(recording.qty[_executed(recording)].sum())
    yield fact("volume_shares", volume, "shares", "shares executed, hidden ones included")


def _executed(recording: Recording) -> Bools:
    executed: Bools = (recording.kind == VISIBLE) | (recording.kind == HIDDEN)
    return executed


def _clustering(recording: Recording) -> Iterator[Fact]:
    gaps_ns = np.diff(recording.t_ns)
    for us in GAPS_US:
        share = float(np.mean(gaps_ns < us * 1_000)) if len(gaps_ns) else math.nan
        yield fact(f"gap_share_below_{us}us", share, "", f"share of the gaps between messages shorter than {us} us")
    mean_s = float(gaps_ns.mean()) / NS_PER_S if len(gaps_ns) else math.nan
    yield fact("interarrival_mean_s", mean_s, "s", "mean gap")
    cv = float(gaps_ns.std()) / NS_PER_S / mean_s if mean_s > 0 else math.nan
    yield fact("interarrival_cv", cv, "", FIGURES["interarrival_cv"])
    for ms in FANO_WINDOWS_MS:
        words = f"variance over mean of the messages per {ms} ms (Poisson: 1)"
        yield fact(f"messages_fano_{ms}ms", fano(recording.t_ns, ms * NS_PER_MS), "", words)
    if len(recording):
        seconds = recording.t_ns // NS_PER_S
        counts = np.bincount(seconds - seconds[0]).astype(np.float64)
        for lag in (1, 2, 5, 30):
            words = f"autocorrelation of the messages per second, lag {lag}"
            yield fact(f"messages_per_s_acf_lag{lag}", autocorrelation(counts, lag), "", words)


def _signs(taken: Aggressors) -> Iterator[Fact]:
    yield fact("aggressive_orders", len(taken.side), "orders", FIGURES["aggressive_orders"])
    for lag in SIGN_LAGS:
        words = f"autocorrelation of the aggressor's side from order to order, lag {lag}"
        yield fact(f"trade_sign_acf_lag{lag}", autocorrelation(taken.side, lag), "", words)


def _book(recording: Recording) -> Iterator[Fact]:
    units = {"spread_ticks_mean": "ticks", "spread_bps_mean": "bps", "best_shares_mean": "shares"}
    for name, value in book_figures(recording).items():
        yield fact(name, value, units.get(name, ""), FIGURES[name])
    if recording.depth is not None and len(recording.depth.t_ns):
        for name, shares in (("bid", recording.depth.bid), ("ask", recording.depth.ask)):
            for level, mean in enumerate(shares.mean(axis=0).tolist(), 1):
                words = f"mean shares at level {level} of the {name} side, sampled"
                yield fact(f"depth_{name}_level_{level}_shares", mean, "shares", words)


def _volatility(recording: Recording) -> Iterator[Fact]:
    seconds = returns(recording, 1)
    known = seconds.known
    std = float(known.std()) if len(known) else math.nan
    yield fact("return_std_1s_bps", 1e4 * std, "bps", FIGURES["return_std_1s_bps"])
    for every_s in (1, 60, 300):
        words = f"root of the summed squares of the mid's log returns every {every_s} s"
        yield fact(f"realised_volatility_{every_s}s_bps", 1e4 * seconds.realised(every_s), "bps", words)


def _day(recording: Recording) -> Iterator[Fact]:
    """The shape of the day, half hour by half hour."""
    among = number_of_half_hours(recording)
    executed = _executed(recording)
    place = half_hours(recording, recording.t_ns[executed])
    inside = (place >= 0) & (place < among)
    volume = np.bincount(place[inside], recording.qty[executed][inside], minlength=among)
    for half, count in enumerate(messages_by_half_hour(recording).tolist(), 1):
        yield fact(f"messages_half_hour_{half:02}", count, "messages", f"messages in half hour {half} of the session")
    for half, shares in enumerate(volume.tolist(), 1):
        yield fact(f"volume_half_hour_{half:02}", shares, "shares", f"shares executed in half hour {half}")
    for half, value in enumerate(volatility_by_half_hour(recording).tolist(), 1):
        words = f"root mean square of the 1 s returns in half hour {half}"
        yield fact(f"volatility_half_hour_{half:02}_bps", 1e4 * value, "bps", words)
