"""How often the governor failed."""

from __future__ import annotations

import numpy as np

from engine.domain.records import Decided, GovernorFailed
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, count_in_window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series


@metric(unit="failures", better="lower", stat="sum", zero_tolerance=True)
def governor_failures(evidence: Evidence) -> Series:
    """How often the governor raised, hung or returned garbage, in any of its calls.

    1 for each failure, 0 for each decision. Proves something only if it decided at least once. Source:
    GovernorFailed and Decided records; exact.
    """
    failed = [one.t_ns for one in evidence.log.of(GovernorFailed)]
    decided = [one.t_ns for one in evidence.log.of(Decided)]
    t_ns = np.array([*failed, *decided], dtype=np.int64)
    value = np.repeat((1.0, 0.0), (len(failed), len(decided)))
    chances = (Opportunity(count_in_window(evidence, decided), 1, "decisions"),)
    return columns(t_ns, value, "failures", Basis.EXACT, chances)
