"""Share of orders that the governor failed to answer properly."""

from __future__ import annotations

from engine.domain.records import Decided
from engine.metrics.denials import is_failure
from engine.metrics.evidence import Evidence
from engine.metrics.folds import ANSWER_WITHIN_NS, answers, in_window, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

DECISIONS_NEEDED = 1_000
"""Decisions below which a share of 0.1 % means little (design part 6)."""


@metric(unit="%", better="lower", stat="mean")
def error_rate_pct(evidence: Evidence) -> Series:
    """Orders for which the governor raised, gave garbage, or had not answered within 1 s, in percent of orders sent.

    A deny is no error. One sample for each instruction sent to the governor, 100 for an error and 0 else; their mean is
    the rate. An instruction that was sent less than 1 s before the end counts only if it was answered. Proves
    something only with at least 1,000 decisions. Source: Intent and Decided records; exact.
    """
    samples = [
        (one.known_ns, 100.0 if one.decided is None or _wrong(one.decided) else 0.0) for one in answers(evidence)
    ]
    decisions = sum(in_window(evidence, decided.t_ns) for decided in evidence.log.of(Decided))
    return series(samples, "%", Basis.EXACT, (Opportunity(decisions, DECISIONS_NEEDED, "decisions"),))


def _wrong(decided: Decided) -> bool:
    return is_failure(decided) or decided.t_ns - decided.intent_ns > ANSWER_WITHIN_NS
