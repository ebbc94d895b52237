"""How deep the market fell once something went wrong."""

from __future__ import annotations

from engine.metrics.crash import crash_of
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="%", better="neither", stat="max")
def market_drop_pct(evidence: Evidence) -> Series:
    """Fall of the venue's mid from where it stood at the first fault of the window, in percent; negative is a rise.

    One value after every two-sided quote from then on, of the symbol that fell deepest. `mid_drop_pct` counts from the
    start of the window instead. No values without a fault. Source: VenueQuote records; exact.
    """
    crash = crash_of(evidence)
    if crash is None:
        return series([], "%", Basis.EXACT)
    return columns(crash.t_ns, 100 * (crash.onset_mid - crash.mid) / crash.onset_mid, "%", Basis.EXACT)
