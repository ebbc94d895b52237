"""Fits the background flow to a day: what the day says directly is taken over, the rest is searched for by simulation.

The search is a simulated method of moments (McFadden, Econometrica 57 (1989) 995): each knob has the one figure that it
moves most, and is turned by how far the simulated figure is off, again and again on the same seeds, a little less each
time. It is no global optimum; the figures reached are printed beside those aimed at. What is not fitted, because a
tape does not show it (the memory of the others, so the impact of large orders), is left as it is shipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.base.units import NS_PER_S
from engine.market.calibrate_moments import MOMENTS, SIGN_LAGS, moments, without_hidden
from engine.market.calibrate_orders import ROUND_LOT
from engine.market.calibrate_signs import fit_signs
from engine.market.facts_statistics import autocorrelation
from engine.market.flow_document import FlowDocument
from engine.market.order_book_laboratory import BookLaboratory
from engine.market.realism_flow import aggressors, messages_by_half_hour
from engine.market.realism_returns import volatility_by_half_hour
from engine.market.recording import Recording
from engine.market.tape_rows import NEW

SEEDS = (101, 102, 103)
"""Days of the search: the same at every step, so that a step differs from the last by its knobs alone."""
SHOWN_SEEDS = (201, 202, 203, 204, 205)
"""Other days: the figures that are printed as reached."""
ROUNDS = 14
MANY = 400_000
"""Of a day with more messages fewer rounds are played, so that the fit takes about as long."""
LEAST_ROUNDS = 4
LEAST_MESSAGES = 5_000
LEAST_AGGRESSIVE = 300
"""A day with less says too little for any of the figures."""


@dataclass(frozen=True)
class Knob:
    """A figure of the document, the figure of a day that it moves most, and how the one follows from the other."""

    moment: str
    paths: tuple[str, ...]
    """Turned together, by one factor."""
    power: float
    """The knob is multiplied by (aim / reached) to this power."""
    low: float
    high: float


KNOBS = (
    Knob("messages_per_s", ("messages_per_s",), 1.0, 1e-3, 1e5),
    Knob("aggressive_share", ("takers.share_pct",), 1.0, 0.05, 59.0),
    Knob("gap_share_below_1000us", ("bursts.fast_branching",), 1.0, 0.02, 0.85),
    Knob("gap_share_below_100us", ("bursts.fast_ms",), -1.5, 0.02, 100.0),
    Knob("messages_fano_1000ms", ("bursts.slow_branching",), 0.7, 0.01, 0.5),
    Knob("messages_fano_60000ms", ("activity.fast_deviation",), 0.4, 0.02, 1.2),
    Knob("spread_ticks_mean", ("makers.half_spread_ticks", "makers.lag_ticks", "makers.near_ticks"), 1.0, 0.02, 199.0),
    Knob("spread_q95_over_q50", ("uncertainty.deviation",), 1.5, 0.02, 1.0),
    Knob("best_shares_mean", ("sizes.maker_multiple",), 0.7, 0.2, 100.0),
    Knob("realised_volatility_60s_bps", ("impact.ticks", "impact.news_ticks"), 1.0, 1e-3, 1e3),
)
SLOW_S = 0.3
"""Where the search begins."""
MOST_EXCITED = 0.95
"""Fast and slow branching together stay below it: nearer to 1 the flow takes days to forget a message."""


@dataclass(frozen=True)
class Fitted:
    """The flow found, and each figure as the tape has it and as other days of the flow have it."""

    document: FlowDocument
    target: dict[str, float]
    achieved: dict[str, float]
    rounds: int


def fit(recording: Recording, tell: Callable[[str], None], rounds: int = ROUNDS) -> Fitted:
    """The flow whose days are like *recording*, after at most so many rounds. *tell* hears what is going on.

    Raise ValueError if the day says too little.
    """
    visible = without_hidden(recording)
    taken = aggressors(visible)
    if len(visible) < LEAST_MESSAGES or len(taken.side) < LEAST_AGGRESSIVE:
        raise ValueError(
            f"a day of at least {LEAST_MESSAGES:,} messages and {LEAST_AGGRESSIVE} aggressive orders was expected, "
            f"was {len(visible):,} and {len(taken.side)}"
        )
    target = moments(recording)
    document = told_directly(visible)
    rounds = max(min(rounds, rounds * MANY // len(visible)), min(rounds, LEAST_ROUNDS))
    tick = round(float(np.nanmedian(visible.mid_ticks())))
    session_ns = visible.close_ns - visible.open_ns
    best, loss = document, math.inf
    for number in range(1, rounds + 1):
        reached = played(document, tick, session_ns, SEEDS)
        missed = distance(reached, target)
        tell(f"round {number} of {rounds}: the figures are off by {100 * missed:.1f} % (root mean square)")
        if missed < loss:
            best, loss = document, missed
        document = turned(document, reached, target, damping=1.0 if number <= rounds // 2 else 0.4)
    return Fitted(best, target, played(best, tick, session_ns, SHOWN_SEEDS), rounds)


def told_directly(visible: Recording) -> FlowDocument:
    """What the day itself says: sizes, shapes of the day, metaorders; everything else as shipped."""
    shipped = FlowDocument()
    added = visible.qty[visible.kind == NEW]
    taken = aggressors(visible)
    memory = {lag: autocorrelation(taken.side, lag) for lag in SIGN_LAGS}
    signs = fit_signs(
        {lag: value for lag, value in memory.items() if math.isfinite(value)}, shipped.takers.metaorder_most
    )
    lot_pct = 100 * float(np.mean(added == ROUND_LOT))
    odd_pct = 100 * float(np.mean(added < ROUND_LOT))
    messages_per_s = len(visible) / ((visible.close_ns - visible.open_ns) / NS_PER_S)
    return replace(
        shipped,
        messages_per_s=messages_per_s,
        bursts=replace(shipped.bursts, slow_s=SLOW_S),
        takers=replace(
            shipped.takers,
            share_pct=min(100 * len(taken.side) / len(visible), 59.0),
            metaorder_exponent=signs.exponent,
            lone_pct=signs.lone_pct,
        ),
        sizes=replace(shipped.sizes, lot_shares=ROUND_LOT, lot_pct=round(lot_pct, 1), odd_pct=round(odd_pct, 1)),
        activity=replace(shipped.activity, half_hours=shape(messages_by_half_hour(visible))),
        uncertainty=replace(shipped.uncertainty, half_hours=width(visible)),
    )


def shape(by_half_hour: np.typing.NDArray[np.float64]) -> tuple[float, ...]:
    """Figures of half hours over their mean; flat if there are none, or one is empty."""
    if not len(by_half_hour) or not np.isfinite(by_half_hour).all() or by_half_hour.min() <= 0:
        return (1.0,)
    return tuple(round(float(figure), 2) for figure in by_half_hour / by_half_hour.mean())


def width(visible: Recording) -> tuple[float, ...]:
    """Volatility of each half hour beyond what its messages account for: volatility grows with their root."""
    volatility, messages = volatility_by_half_hour(visible), messages_by_half_hour(visible)
    if not len(volatility) or messages.min() <= 0:
        return (1.0,)
    return shape(volatility / np.sqrt(messages))


def played(document: FlowDocument, tick: int, session_ns: int, seeds: tuple[int, ...]) -> dict[str, float]:
    """The median of each figure over days of the flow."""
    laboratory = BookLaboratory(document, "TAPE", tick, session_ns)
    days = [moments(laboratory.day(seed)) for seed in seeds]
    return {name: float(np.median([day[name] for day in days])) for name in MOMENTS}


def distance(reached: Mapping[str, float], target: Mapping[str, float]) -> float:
    """Root mean square of the log ratios of the figures that are searched for; 1 for one that is not defined."""
    return math.sqrt(sum(_log_ratio(reached[knob.moment], target[knob.moment]) ** 2 for knob in KNOBS) / len(KNOBS))


def _log_ratio(reached: float, target: float) -> float:
    return min(abs(math.log(reached / target)), 1.0) if reached > 0 and target > 0 else 1.0


def turned(
    document: FlowDocument, reached: Mapping[str, float], target: Mapping[str, float], *, damping: float
) -> FlowDocument:
    """Each knob turned by how far its figure is off, at most by a half at a time."""
    for knob in KNOBS:
        aim, now = target[knob.moment], reached[knob.moment]
        if not (aim > 0 and now > 0):
            continue
        factor = min(max((aim / now) ** (knob.power * damping), 0.6), 1.6)
        for path in knob.paths:
            value = figure(document, path)
            high = min(knob.high, value + MOST_EXCITED - document.excited_share) if "branching" in path else knob.high
            document = with_figure(document, path, min(max(value * factor, knob.low), high))
    return document


def figure(document: FlowDocument, path: str) -> float:
    """The figure at *path*, such as ``bursts.fast_ms``."""
    part, _, name = path.rpartition(".")
    return float(getattr(getattr(document, part) if part else document, name))


def with_figure(document: FlowDocument, path: str, value: float) -> FlowDocument:
    """The document with another figure at *path*, of four digits that count."""
    part, _, name = path.rpartition(".")
    rounded = float(f"{value:.4g}")
    inner: Any = getattr(document, part) if part else document
    changed = replace(inner, **{name: rounded})
    whole: dict[str, Any] = {part: changed}
    return replace(document, **whole) if part else changed
