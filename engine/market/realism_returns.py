"""Figures of the mid's returns: tails, memory, sampling, and the shape of volatility over the day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.base.units import NS_PER_S
from engine.market.facts_statistics import autocorrelation, moment_kurtosis, spread_of
from engine.market.recording import Floats, Recording
from engine.market.tape_rows import HIDDEN, VISIBLE, Ints

LEAST_RETURNS = 30
"""Of fewer returns neither tails nor memory are said."""
TRIMMED = 0.01
"""The share of the largest 1 s returns that does not count for the scale that a jump is measured against."""
HALF_HOUR_NS = 1800 * NS_PER_S
LEAST_HALF_HOURS = 9
"""Of a shorter session no shape is said: its first, its last and the five around midday would meet."""
_AROUND_MIDDAY = 5


@dataclass(frozen=True, eq=False)
class Returns:
    """Log returns of the mid between the multiples of some seconds; NaN where the mid is not known at an end."""

    edges_ns: Ints
    """The instants, one more than there are returns."""
    values: Floats

    @property
    def known(self) -> Floats:
        """The returns that are known."""
        finite: Floats = self.values[np.isfinite(self.values)]
        return finite

    def realised(self, every: int) -> float:
        """Realised volatility of the day from sums of *every* returns: the root of their summed squares.

        A sum of which a part is not known is left out.
        """
        whole = self.values[: len(self.values) // every * every].reshape(-1, every).sum(axis=1)
        whole = whole[np.isfinite(whole)]
        return math.sqrt(float(np.dot(whole, whole)))


def returns(recording: Recording, every_s: int) -> Returns:
    """The returns every so many seconds, from the first multiple after the first message to that after the last."""
    if not len(recording):
        return Returns(np.zeros(0, np.int64), np.zeros(0))
    every_ns = every_s * NS_PER_S
    first, last = -(-int(recording.t_ns[0]) // every_ns), -(-int(recording.t_ns[-1]) // every_ns)
    edges_ns = np.arange(first, last + 1, dtype=np.int64) * every_ns
    mids = recording.mid_ticks()[recording.at(edges_ns)]
    return Returns(edges_ns, np.diff(np.log(np.where(mids > 0, mids, np.nan))))


def return_figures(recording: Recording) -> dict[str, float]:
    """Tails and memory of the returns, and how they go with volume."""
    by_s = {every_s: returns(recording, every_s) for every_s in (1, 10, 60, 600)}
    known = {every_s: found.known for every_s, found in by_s.items()}
    kurtosis = {every_s: _tails(known[every_s]) for every_s in (1, 10, 60, 600)}
    sizes = np.abs(known[1])
    memory = [_memory(sizes, lag) for lag in range(1, 11)]
    return {
        **{f"return_kurtosis_{every_s}s": value for every_s, value in kurtosis.items()},
        "kurtosis_10s_over_1s": kurtosis[10] / kurtosis[1],
        "kurtosis_60s_over_10s": kurtosis[60] / kurtosis[10],
        "kurtosis_600s_over_60s": kurtosis[600] / kurtosis[60],
        "return_acf_1s_lag1": _memory(known[1], 1),
        "return_acf_60s_lag1": _memory(known[60], 1),
        "abs_return_acf_1s_lag1": memory[0],
        "abs_return_acf_1s_lag10": memory[9],
        "abs_return_acf_1s_lag60": _memory(sizes, 60),
        "abs_return_acf_1s_least_1_to_10": math.nan if np.isnan(memory).any() else min(memory),
        "return_std_1s_bps": 1e4 * spread_of(known[1]),
        "zero_returns_1s": _share_zero(known[1]),
        "zero_returns_10s": _share_zero(known[10]),
        "signature_1s_over_300s": _ratio(by_s[1].realised(1), by_s[1].realised(300)),
        "volume_volatility_correlation_60s": _with_volume(recording, by_s[60]),
    }


def volatility_by_half_hour(recording: Recording) -> Floats:
    """Root mean square of the 1 s returns that end in each half hour of the session; NaN where there are none."""
    found = returns(recording, 1)
    known = np.isfinite(found.values)
    place = half_hours(recording, found.edges_ns[1:][known] - 1)
    squares, among = found.values[known] ** 2, number_of_half_hours(recording)
    inside = (place >= 0) & (place < among)
    counts = np.bincount(place[inside], minlength=among)
    sums = np.bincount(place[inside], squares[inside], minlength=among)
    mean_squares = np.divide(sums, counts, out=np.full(among, np.nan), where=counts > 0)
    return np.asarray(np.sqrt(mean_squares), np.float64)


def half_hours(recording: Recording, times_ns: Ints) -> Ints:
    """The half hour of the session that each instant lies in, from 0."""
    return (times_ns - recording.open_ns) // HALF_HOUR_NS


def number_of_half_hours(recording: Recording) -> int:
    """How many whole half hours the session has."""
    return int((recording.close_ns - recording.open_ns) // HALF_HOUR_NS)


def over_midday(by_half_hour: Floats) -> tuple[float, float]:
    """The first and the last half hour over the mean of the five around midday; NaN of a short session."""
    among = len(by_half_hour)
    if among < LEAST_HALF_HOURS:
        return math.nan, math.nan
    begin = (among - _AROUND_MIDDAY) // 2
    midday = float(by_half_hour[begin : begin + _AROUND_MIDDAY].mean())
    return _ratio(float(by_half_hour[0]), midday), _ratio(float(by_half_hour[-1]), midday)


def largest_jump_sigmas(recording: Recording) -> float:
    """The largest 1 s return over the standard deviation of all but the largest 1 % of them."""
    sizes = np.sort(np.abs(returns(recording, 1).known))
    if len(sizes) < LEAST_RETURNS:
        return math.nan
    kept = sizes[: len(sizes) - max(int(TRIMMED * len(sizes)), 1)]
    return _ratio(float(sizes[-1]), float(np.sqrt(np.mean(kept**2))))


def _tails(values: Floats) -> float:
    return moment_kurtosis(values) if len(values) >= LEAST_RETURNS else math.nan


def _memory(values: Floats, lag: int) -> float:
    return autocorrelation(values, lag) if len(values) >= LEAST_RETURNS + lag else math.nan


def _share_zero(values: Floats) -> float:
    return float(np.mean(values == 0)) if len(values) else math.nan


def _ratio(above: float, below: float) -> float:
    return above / below if below > 0 else math.nan


def _with_volume(recording: Recording, found: Returns) -> float:
    """Correlation of the shares executed between two instants with the size of the return between them."""
    executed = (recording.kind == VISIBLE) | (recording.kind == HIDDEN)
    places = np.searchsorted(found.edges_ns, recording.t_ns[executed], side="left") - 1
    among = len(found.values)
    inside = (places >= 0) & (places < among)
    volume = np.bincount(places[inside], recording.qty[executed][inside], minlength=among)
    known = np.isfinite(found.values)
    volume, sizes = volume[known], np.abs(found.values[known])
    if len(sizes) < LEAST_RETURNS or not volume.std() or not sizes.std():
        return math.nan
    return float(np.corrcoef(volume, sizes)[0, 1])
