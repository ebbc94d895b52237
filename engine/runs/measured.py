"""The metrics of one run, each measured once per window: judgement and result show the same series."""

from __future__ import annotations

from dataclasses import replace

from engine.metrics import metrics
from engine.metrics.evidence import Evidence
from engine.metrics.series import Series


class Measured:
    """Measures metrics over windows of *evidence* when they are asked for, and remembers them."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self._known: dict[tuple[str, int, int], Series] = {}

    def over(self, metric: str, start_ns: int, end_ns: int) -> Series:
        """The series of *metric* with its opportunities counted in [start_ns, end_ns]."""
        asked = (metric, start_ns, end_ns)
        if asked not in self._known:
            window = replace(self.evidence, start_ns=start_ns, end_ns=end_ns)
            self._known[asked] = metrics.get(metric).measure(window)
        return self._known[asked]

    def whole(self, metric: str) -> Series:
        """The series of *metric* over everything that is judged: from the end of the warm-up to the end."""
        return self.over(metric, self.evidence.start_ns, self.evidence.end_ns)
