"""Whether Redis and PostgreSQL hold the same orders, fills and positions."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="rows", better="lower", stat="max")
def store_delta_rows(evidence: Evidence) -> Series:
    """Rows of orders, fills and positions that differ between the live state (Redis) and the record (PostgreSQL).

    Can only be measured: a simulated run has neither store, so there is no sample, and a gate with `basis: measured` is
    DEFERRED. The comparison itself is not written yet and comes with live runs; until then this only names what is
    missing. Source: operations manuals, portfolio_integrity; measured.
    """
    return series([], "rows", Basis.MEASURED)
