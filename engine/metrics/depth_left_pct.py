"""How much of the buy side was left before a crash was at its lowest."""

from __future__ import annotations

from engine.domain.records import VenueDepth
from engine.metrics.crash import crash_of
from engine.metrics.evidence import Evidence
from engine.metrics.folds import series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="%", better="neither", stat="min")
def depth_left_pct(evidence: Evidence) -> Series:
    """Shares resting on the buy side of the whole book, in percent of their mean between warm-up and the first fault.

    Only from that fault up to the lowest mid, of the symbol that fell deepest: liquidity that goes after the price has
    fallen did not make it fall. Proves something only if the market writes its depth down (``depth_s`` of an
    order_book). Source: VenueDepth and VenueQuote records; exact.
    """
    crash = crash_of(evidence)
    if crash is None:
        return series([], "%", Basis.EXACT)
    depths = [one for one in evidence.log.of(VenueDepth) if one.symbol == crash.symbol]
    usual = [one.bid_shares for one in depths if crash.normal_from_ns <= one.t_ns < crash.onset_ns]
    if not sum(usual):
        return series([], "%", Basis.EXACT, note=f"the market did not write down the depth of {crash.symbol}")
    per_pct = sum(usual) / len(usual) / 100
    inside = [one for one in depths if crash.onset_ns <= one.t_ns < crash.low_ns]
    return series([(one.t_ns, one.bid_shares / per_pct) for one in inside], "%", Basis.EXACT)
