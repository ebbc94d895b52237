"""How long the venue stopped trading."""

from __future__ import annotations

import math

from engine.base.units import s_from_ns
from engine.domain.quotes import MarketState
from engine.domain.records import VenueState
from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series

STOPS = (MarketState.PAUSED.value, MarketState.HALTED.value)


@metric(unit="s", better="lower", stat="max")
def pause_s(evidence: Evidence) -> Series:
    """Length of each pause or halt of a symbol that ended inside the window, in seconds; +∞ if one never ended.

    The close of the session is no pause. One value for each, when it ended. Source: VenueState records; exact.
    """
    begun: dict[str, int] = {}
    samples: list[tuple[int, float]] = []
    for state in evidence.log.of(VenueState):
        if state.state in STOPS:
            begun.setdefault(state.symbol, state.t_ns)
        elif state.symbol in begun:
            since_ns = begun.pop(state.symbol)
            if in_window(evidence, state.t_ns):
                samples.append((state.t_ns, s_from_ns(state.t_ns - since_ns)))
    samples += [(t_ns, math.inf) for t_ns in begun.values() if in_window(evidence, t_ns)]
    return series(samples, "s", Basis.EXACT)
