"""Share of orders that the governor failed to answer properly."""

from __future__ import annotations

import numpy as np

from engine.domain.records import Decided
from engine.metrics.evidence import Evidence
from engine.metrics.folds import ANSWER_WITHIN_NS, answers, columns, count_in_window
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
    asked = answers(evidence)
    wrong = ~asked.decided | asked.failed | (asked.decided_ns - asked.since_ns > ANSWER_WITHIN_NS)
    decisions = count_in_window(evidence, (decided.t_ns for decided in evidence.log.of(Decided)))
    chances = (Opportunity(decisions, DECISIONS_NEEDED, "decisions"),)
    return columns(asked.known_ns, np.where(wrong, 100.0, 0.0), "%", Basis.EXACT, chances)
