"""How wide the market is."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, observer
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="bps", better="lower", stat="max")
def spread_bps(evidence: Evidence) -> Series:
    """Best ask - best bid at the venue, in basis points of the mid, after every quote of any symbol.

    A one-sided market has no spread and gives no sample. Source: VenueQuote records; exact.
    """
    t_ns, value = [np.empty(0, np.int64)], [np.empty(0)]
    for account in observer(evidence.log).accounts.values():
        quotes = account.columns()
        both = quotes.two_sided
        t_ns.append(quotes.t_ns[both])
        value.append(1e4 * (quotes.ask_micros - quotes.bid_micros)[both] / quotes.mid_micros[both])
    return columns(np.concatenate(t_ns), np.concatenate(value), "bps", Basis.EXACT)
