"""The queue in front of the governor: instructions that were due and had no decision yet."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import Ints, answer_times, count_in_window
from engine.metrics.series import Opportunity


def pending(evidence: Evidence, at_ns: Ints) -> Ints:
    """How many instructions were due and undecided after each instant of *at_ns*."""
    due, decided = due_and_decided(evidence)
    count: Ints = np.searchsorted(due, at_ns, side="right") - np.searchsorted(decided, at_ns, side="right")
    return count


def due_and_decided(evidence: Evidence) -> tuple[Ints, Ints]:
    """When the instructions of the strategy were due, and when those that were decided were."""
    asked = answer_times(evidence.log)
    return np.sort(asked.due_ns), np.sort(asked.decided_ns[asked.decided])


def queue_seen(evidence: Evidence) -> Opportunity:
    """Instructions of the window that were due while another was undecided."""
    due, decided = due_and_decided(evidence)
    waiting_before = np.arange(len(due)) - np.searchsorted(decided, due, side="right")
    return Opportunity(count_in_window(evidence, due[waiting_before > 0]), 1, "orders that had to queue")
