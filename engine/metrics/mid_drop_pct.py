"""How far the market has fallen."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, columns, observer, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="%", better="lower", stat="max")
def mid_drop_pct(evidence: Evidence) -> Series:
    """Fall of the venue's mid from its value at the start of the window, in percent; of several symbols the worst.

    One value at the start and after every two-sided quote of the window; negative is a rise. A symbol without a
    two-sided quote at the start counts from its first one. Source: VenueQuote records; exact.
    """
    start_ns, end_ns = window(evidence)
    accounts = observer(evidence.log).accounts.values()
    times = [np.empty(0, np.int64)]
    for account in accounts:
        quotes = account.columns()
        inside = quotes.two_sided & (quotes.t_ns > start_ns) & (quotes.t_ns <= end_ns)
        times.append(quotes.t_ns[inside])
        if (quotes.two_sided & (quotes.t_ns <= start_ns)).any():
            times.append(np.array([start_ns], dtype=np.int64))
    t_ns = np.unique(np.concatenate(times))
    worst: Floats = np.full(len(t_ns), -np.inf)
    for account in accounts:
        quotes = account.columns()
        mids = quotes.mid_micros[quotes.two_sided]
        seen = np.searchsorted(quotes.t_ns[quotes.two_sided], t_ns, side="right")
        quoted = seen > 0
        if quoted.any():
            now = mids[seen[quoted] - 1]
            worst[quoted] = np.maximum(worst[quoted], 100 * (now[0] - now) / now[0])
    return columns(t_ns, worst, "%", Basis.EXACT)
