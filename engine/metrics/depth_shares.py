"""How much the market shows."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, observer
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="shares", better="higher", stat="min")
def depth_shares(evidence: Evidence) -> Series:
    """Shares at the best bid plus shares at the best ask, after every quote of any symbol.

    An empty side counts 0. Source: VenueQuote records; exact.
    """
    t_ns, value = [np.empty(0, np.int64)], [np.empty(0)]
    for account in observer(evidence.log).accounts.values():
        quotes = account.columns()
        t_ns.append(quotes.t_ns)
        value.append((quotes.bid_qty + quotes.ask_qty).astype(np.float64))
    return columns(np.concatenate(t_ns), np.concatenate(value), "shares", Basis.EXACT)
