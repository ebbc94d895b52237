"""How often the governor failed."""

from __future__ import annotations

from engine.domain.records import Decided, GovernorFailed
from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series


@metric(unit="failures", better="lower", stat="sum", zero_tolerance=True)
def governor_failures(evidence: Evidence) -> Series:
    """How often the governor raised, hung or returned garbage, in any of its calls.

    1 for each failure, 0 for each decision. Proves something only if it decided at least once. Source:
    GovernorFailed and Decided records; exact.
    """
    decided = evidence.log.of(Decided)
    samples = [(failed.t_ns, 1.0) for failed in evidence.log.of(GovernorFailed)] + [(one.t_ns, 0.0) for one in decided]
    chances = sum(in_window(evidence, one.t_ns) for one in decided)
    return series(samples, "failures", Basis.EXACT, (Opportunity(chances, 1, "decisions"),))
