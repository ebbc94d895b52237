"""The queue in front of the governor: instructions that were due and had no decision yet."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import Ints, answered_or_not, in_window
from engine.metrics.series import Opportunity


def pending(evidence: Evidence, at_ns: Ints) -> Ints:
    """How many instructions were due and undecided after each instant of *at_ns*."""
    due, decided = due_and_decided(evidence)
    count: Ints = np.searchsorted(due, at_ns, side="right") - np.searchsorted(decided, at_ns, side="right")
    return count


def due_and_decided(evidence: Evidence) -> tuple[Ints, Ints]:
    """When the instructions of the strategy were due, and when those that were decided were."""
    everything = answered_or_not(evidence.log)
    due = np.array([one.intent.t_ns for one in everything], dtype=np.int64)
    decided = np.array([one.decided.t_ns for one in everything if one.decided is not None], dtype=np.int64)
    return np.sort(due), np.sort(decided)


def queue_seen(evidence: Evidence) -> Opportunity:
    """Instructions of the window that were due while another was undecided."""
    due, decided = due_and_decided(evidence)
    waiting_before = np.arange(len(due)) - np.searchsorted(decided, due, side="right")
    inside = np.array([in_window(evidence, t) for t in due.tolist()], dtype=bool)
    return Opportunity(int(((waiting_before > 0) & inside).sum()), 1, "orders that had to queue")
