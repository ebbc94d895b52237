"""The metrics of one run, measured once per window."""

from __future__ import annotations

import numpy as np

from engine.metrics import metrics
from engine.metrics.evidence import Evidence
from engine.metrics.metric import Metric
from engine.metrics.series import Basis, Series
from engine.runs.measured import Measured
from tests.metrics.logs import Script


def counting(seen: list[tuple[int, int]]) -> Metric:
    """A metric that notes the windows that it was asked for, and shows the last one."""

    def measure(evidence: Evidence) -> Series:
        seen.append((evidence.start_ns, evidence.end_ns))
        value = np.array(seen[-1], dtype=np.float64)
        return Series(np.array([0, 1], dtype=np.int64), value, "ns", Basis.EXACT)

    return Metric("asked", measure, "ns", "lower", "max", zero_tolerance=False, doc="For tests")


def test_a_metric_is_measured_once_per_window() -> None:
    """The same window gives the very same series; another one, also an empty one, is measured for itself."""
    seen: list[tuple[int, int]] = []
    measured = Measured(Script().evidence())
    with metrics.lent("asked", counting(seen)):
        first, again = measured.over("asked", 5, 9), measured.over("asked", 5, 9)
        other, empty = measured.over("asked", 5, 8), measured.over("asked", 5, 5)

    assert first is again
    assert seen == [(5, 9), (5, 8), (5, 5)]
    assert [series.value.tolist() for series in (first, other, empty)] == [[5.0, 9.0], [5.0, 8.0], [5.0, 5.0]]


def test_the_whole_is_the_window_of_the_evidence() -> None:
    """Judged over the run and shown in the result are one and the same series."""
    seen: list[tuple[int, int]] = []
    evidence = Script().evidence()
    measured = Measured(evidence)
    with metrics.lent("asked", counting(seen)):
        whole = measured.whole("asked")

        assert whole is measured.over("asked", evidence.start_ns, evidence.end_ns)
    assert seen == [(evidence.start_ns, evidence.end_ns)]


def test_metrics_are_kept_apart() -> None:
    """Two metrics over one window are two series, and equal what each measures by itself."""
    evidence = Script().evidence()
    measured = Measured(evidence)

    for name in ("equity_usd", "spread_bps"):
        alone = metrics.get(name).measure(evidence)

        assert measured.whole(name).unit == alone.unit
        assert measured.whole(name).value.tolist() == alone.value.tolist()
    assert measured.whole("equity_usd") is not measured.whole("spread_bps")
