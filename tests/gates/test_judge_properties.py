"""What holds for every gate and every series: no pass without evidence, and worse is never better."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.gates.gate import Gate, Stat
from engine.gates.judge import judge
from engine.gates.judgement import Judgement, Measurement
from engine.gates.statistics import bound_rank
from engine.gates.verdict import WORST_FIRST, Verdict
from engine.metrics.series import Basis, Opportunity, Series

S = 1_000_000_000

finite = st.floats(-1e6, 1e6)
samples = st.lists(finite | st.sampled_from([math.inf, -math.inf, math.nan]), max_size=30)
bad_or_finite = finite | st.just(math.inf)
stats = st.sampled_from(["last", "min", "max", "mean", "sum", "count", "p5", "p50", "p95", "p99"])
upper_words = st.sampled_from(["from", "above"])
any_thresholds = st.one_of(
    st.tuples(st.sampled_from(["fail_from", "fail_above", "fail_below", "fail_at_or_below", "must_be"]), finite).map(
        lambda pair: {pair[0]: pair[1]}
    ),
    st.tuples(finite, finite).map(lambda pair: {"warn_from": min(pair), "fail_from": max(pair)}),
)
chances = st.lists(st.builds(Opportunity, st.floats(0, 40), st.just(20.0), st.just("chances")), max_size=3)


def judged(values: list[float], gate: dict[str, Any], opportunities: list[Opportunity], note: str = "") -> Judgement:
    """The judgement on one sample a second."""
    series = Series(
        np.arange(len(values), dtype=np.int64) * S,
        np.array(values, dtype=np.float64),
        "ms",
        Basis.MODELLED,
        tuple(opportunities),
        note,
    )
    return judge(Gate(gate="g", metric="t_loss_pct", **gate), Measurement(series, 0, 100 * S))


@given(
    values=samples,
    stat=stats,
    gate=any_thresholds,
    min_samples=st.none() | st.integers(1, 40),
    opportunities=chances,
    note=st.sampled_from(["", "", "half the marks are missing"]),
)
def test_no_pass_without_evidence(
    values: list[float],
    stat: str,
    gate: dict[str, float],
    min_samples: int | None,
    opportunities: list[Opportunity],
    note: str,
) -> None:
    """PASS and WARN only on a finite value of enough samples with every opportunity; a sentence always."""
    result = judged(values, {**gate, "stat": stat, "min_samples": min_samples}, opportunities, note)

    assert result.reason.startswith("g: ")
    assert "\n" not in result.reason
    assert 0 <= result.decided_at_ns <= 100 * S
    if result.verdict in (Verdict.PASS, Verdict.WARN):
        assert result.value is not None
        assert math.isfinite(result.value)
        assert result.n >= result.min_samples
        assert all(chance.enough for chance in opportunities)
        assert not note
    if result.value is not None and math.isnan(result.value):
        assert result.verdict is Verdict.FAIL


@given(
    pairs=st.lists(st.tuples(bad_or_finite, bad_or_finite), max_size=30),
    stat=stats.filter(lambda stat: stat != "count"),
    word=upper_words,
    numbers=st.tuples(finite, finite),
    min_samples=st.none() | st.integers(1, 40),
    opportunities=chances,
    note=st.sampled_from(["", "worthless"]),
)
def test_a_worse_series_never_has_a_better_verdict(
    pairs: list[tuple[float, float]],
    stat: Stat,
    word: str,
    numbers: tuple[float, float],
    min_samples: int | None,
    opportunities: list[Opportunity],
    note: str,
) -> None:
    """Lower is better: raise any samples, and the verdict stays or falls."""
    gate = {
        f"warn_{word}": min(numbers),
        f"fail_{word}": max(numbers),
        "stat": stat,
        "min_samples": min_samples,
    }
    better = judged([min(pair) for pair in pairs], gate, opportunities, note)
    worse = judged([max(pair) for pair in pairs], gate, opportunities, note)

    assert WORST_FIRST.index(worse.verdict) <= WORST_FIRST.index(better.verdict)


@given(n=st.integers(1, 3000), slow_count=st.integers(0, 60), slow=st.floats(15, 1e6) | st.just(math.inf))
def test_a_percentile_passes_only_when_proven(n: int, slow_count: int, slow: float) -> None:
    """P99 below 15 ms: enough samples, the 99th percentile fast, and its bound fast too; else no pass."""
    bad = min(n, slow_count)
    values = np.array([1.0] * (n - bad) + [slow] * bad)
    series = Series(np.arange(n, dtype=np.int64), values, "ms", Basis.MODELLED)
    result = judge(Gate(gate="g", metric="t_latency_ms", fail_from=15), Measurement(series, 0, n))

    rank = bound_rank(n, Fraction(99, 100), "upper")
    if n < 1000:
        expected = Verdict.NO_EVIDENCE
    elif bad * 100 > n:
        expected = Verdict.FAIL
    elif rank is None or rank > n - bad:
        expected = Verdict.WARN
    else:
        expected = Verdict.PASS
    assert result.verdict is expected
