"""Metrics of the tests' own, so that the judge is tested apart from any real metric."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from engine.metrics import metrics
from engine.metrics.evidence import Evidence
from engine.metrics.metric import Metric
from engine.metrics.series import Series


def _never(_: Evidence) -> Series:
    raise AssertionError("the judge never measures")


LENT = (
    Metric("t_latency_ms", _never, "ms", "lower", "p99", zero_tolerance=False, doc="A latency."),
    Metric("t_loss_pct", _never, "pct", "lower", "max", zero_tolerance=False, doc="A loss."),
    Metric("t_rate_pct", _never, "pct", "higher", "last", zero_tolerance=False, doc="A rate."),
    Metric("t_breaches", _never, "", "lower", "sum", zero_tolerance=True, doc="A count of breaches."),
)


@pytest.fixture(autouse=True, scope="module")
def _lent_metrics() -> Iterator[None]:
    with ExitStack() as stack:
        for metric in LENT:
            stack.enter_context(metrics.lent(metric.name, metric))
        yield
