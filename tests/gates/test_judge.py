"""The judge: every rule, in its order, at its edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from engine.gates.gate import Gate
from engine.gates.judge import judge
from engine.gates.judgement import Judgement, Measurement, Phase
from engine.gates.verdict import Verdict
from engine.metrics.series import Basis, Opportunity, Series

S = 1_000_000_000
BELOW, ABOVE = math.nextafter(15, -math.inf), math.nextafter(15, math.inf)
UNITS = {"t_latency_ms": "ms", "t_loss_pct": "%", "t_rate_pct": "%", "t_breaches": ""}


def series(values: Sequence[float], metric: str = "t_loss_pct", *, first_s: int = 60, **more: Any) -> Series:
    """One sample a second."""
    t_ns = (np.arange(len(values), dtype=np.int64) + first_s) * S
    more.setdefault("basis", Basis.MODELLED)
    return Series(t_ns, np.array(values, dtype=np.float64), UNITS[metric], **more)


def verdict_on(
    values: Sequence[float],
    metric: str = "t_loss_pct",
    *,
    live: bool = False,
    phase: Phase = "run",
    end_s: int = 100_000,
    given: dict[str, Any] | None = None,
    **keys: Any,
) -> Judgement:
    """Judge *values* by a gate with these *keys*; *given* goes into the series."""
    gate = Gate(gate="g", metric=metric, **keys)
    return judge(gate, Measurement(series(values, metric, **(given or {})), 60 * S, end_s * S, live, phase))


LOW = Opportunity(3, 20, "orders attempted while held")
ENOUGH = Opportunity(20, 20, "orders attempted while held")


@pytest.mark.parametrize(
    ("keys", "verdicts"),
    [
        ({"fail_from": 15}, "?PFFFF"),
        ({"fail_above": 15}, "?PPFFF"),
        ({"fail_below": 15}, "FFPP?F"),
        ({"fail_at_or_below": 15}, "FFFP?F"),
        ({"must_be": 15}, "FFPFFF"),
        ({"warn_from": 15, "fail_from": 20}, "?PWWFF"),
        ({"warn_above": 15, "fail_from": 20}, "?PPWFF"),
        ({"warn_below": 15, "fail_below": 10}, "FWPP?F"),
        ({"warn_at_or_below": 15, "fail_below": 10}, "FWWP?F"),
    ],
)
def test_each_threshold_word_below_at_and_above(keys: dict[str, Any], verdicts: str) -> None:
    """-∞, next below, at, next above, ∞, NaN: NaN fails, and infinity on the good side is no measurement."""
    letters = {
        "P": Verdict.PASS,
        "W": Verdict.WARN,
        "F": Verdict.FAIL,
        "?": Verdict.NO_EVIDENCE,
    }
    tried = (-math.inf, BELOW, 15.0, ABOVE, math.inf, math.nan)

    assert [verdict_on([value], stat="last", **keys).verdict for value in tried] == [letters[v] for v in verdicts]


def test_the_why_sentence_has_value_time_threshold_and_n() -> None:
    """The sentence of the design."""
    judged = verdict_on([1, 16.2, 3], fail_from=15)

    assert judged.verdict is Verdict.FAIL
    assert judged.reason == "g: 16.2 % at t=61 s (max of 3 samples), must stay below 15 %"


def test_a_judgement_carries_its_evidence() -> None:
    """Everything a reader needs, in one value."""
    judged = verdict_on(
        [1, 12, 3],
        stat="max",
        end_s=1500,
        given={"opportunities": (ENOUGH,), "basis": Basis.EXACT},
        warn_from=10,
        fail_from=15,
        severity="critical",
        action="Look",
        runbook="incident-level-3",
        controls=("rts6.12",),
    )

    assert judged == Judgement(
        gate="g",
        metric="t_loss_pct",
        stat="max",
        phase="run",
        window="run, 60-1,500 s",
        start_ns=60 * S,
        end_ns=1500 * S,
        verdict=Verdict.WARN,
        basis=Basis.EXACT,
        value=12.0,
        unit="%",
        warn="from 10 %",
        warn_at=10,
        fail="must stay below 15 %",
        fail_at=15,
        n=3,
        min_samples=1,
        ci="exact",
        margin_pct=20.0,
        decided_at_ns=1500 * S,
        worst_at_ns=61 * S,
        reason="g: 12 % at t=61 s (max of 3 samples), in the warning band from 10 %, must stay below 15 %",
        opportunities=("20 of 20 orders attempted while held",),
        severity="critical",
        action="Look",
        runbook="incident-level-3",
        controls=("rts6.12",),
    )


def test_severity_never_changes_a_verdict() -> None:
    """A red gate of severity info is red."""
    assert [
        verdict_on([16], fail_from=15, severity=severity).verdict for severity in ("info", "warning", "critical")
    ] == [Verdict.FAIL] * 3


# ---- no evidence, by every path ------------------------------------------------------------------------------


def test_no_samples_are_no_evidence() -> None:
    """Never 0, never a pass."""
    judged = verdict_on([], fail_from=15, end_s=1500)

    assert (judged.verdict, judged.value, judged.ci, judged.worst_at_ns) == (Verdict.NO_EVIDENCE, None, None, None)
    assert judged.reason == "g: no sample of t_loss_pct in 60-1,500 s"


def test_samples_outside_the_window_do_not_count() -> None:
    """Before the window, after it, and on both of its ends."""
    gate = Gate(gate="g", metric="t_loss_pct", fail_from=15)
    sampled = series([99, 1, 2, 99], first_s=9)

    judged = judge(gate, Measurement(sampled, 10 * S, 11 * S))
    assert (judged.n, judged.value, judged.verdict) == (2, 2.0, Verdict.PASS)
    assert judge(gate, Measurement(sampled, 13 * S, 99 * S)).verdict is Verdict.NO_EVIDENCE


def test_a_percentile_of_too_few_samples_is_no_evidence_whatever_its_value() -> None:
    """999 of the 1,000 that P99 needs, green or red; the value is named all the same."""
    green = verdict_on([1.0] * 999, "t_latency_ms", fail_from=15)
    red = verdict_on([16.0] * 999, "t_latency_ms", fail_from=15)

    assert (green.verdict, red.verdict) == (Verdict.NO_EVIDENCE, Verdict.NO_EVIDENCE)
    assert red.reason == "g: 16 ms (p99 of 999 samples), needs 1,000 samples"
    assert red.value == 16.0
    assert verdict_on([1.0] * 1000, "t_latency_ms", fail_from=15).verdict is Verdict.PASS
    assert verdict_on([16.0] * 1000, "t_latency_ms", fail_from=15).verdict is Verdict.FAIL


def test_min_samples_holds_for_any_statistic() -> None:
    """A mean of 4 where 5 are asked for; red or green."""
    assert verdict_on([1] * 4, stat="mean", fail_from=15, min_samples=5).verdict is Verdict.NO_EVIDENCE
    assert verdict_on([99] * 4, stat="mean", fail_from=15, min_samples=5).verdict is Verdict.NO_EVIDENCE
    assert verdict_on([1] * 5, stat="mean", fail_from=15, min_samples=5).verdict is Verdict.PASS
    assert verdict_on([99] * 5, stat="mean", fail_from=15, min_samples=5).verdict is Verdict.FAIL


def test_too_little_opportunity_is_no_evidence_with_its_count() -> None:
    """Zero leaks while nobody tried to leak proves nothing."""
    judged = verdict_on([0], "t_breaches", must_be=0, given={"opportunities": (ENOUGH, LOW)})

    assert judged.verdict is Verdict.NO_EVIDENCE
    assert judged.reason == (
        "g: 0 (sum of 1 sample), but it could hardly have been otherwise: 3 of 20 orders attempted while held"
    )
    assert judged.opportunities == ("20 of 20 orders attempted while held", "3 of 20 orders attempted while held")


def test_an_opportunity_that_was_not_counted_is_not_enough() -> None:
    """NaN of 20 is not 20."""
    chance = Opportunity(math.nan, 20, "orders")
    assert verdict_on([0], "t_breaches", must_be=0, given={"opportunities": (chance,)}).verdict is Verdict.NO_EVIDENCE


def test_a_worthless_series_is_no_evidence_with_its_note() -> None:
    """The metric says itself why it cannot be believed."""
    judged = verdict_on([1], fail_from=15, given={"note": "no mark for 4 % of the time"})
    assert (judged.verdict, judged.reason) == (Verdict.NO_EVIDENCE, "g: no mark for 4 % of the time")


def test_infinity_on_the_good_side_is_no_measurement() -> None:
    """A latency of -∞ did not happen."""
    judged = verdict_on([-math.inf], fail_from=15)
    assert (judged.verdict, judged.margin_pct) == (Verdict.NO_EVIDENCE, None)
    assert judged.reason == "g: -∞ % at t=60 s (max of 1 sample), which is no measurement"


def test_a_gate_that_can_only_warn_does_not_pass_on_nan() -> None:
    """The loader refuses such a gate; the judge does not rely on it."""
    assert verdict_on([math.nan], warn_from=15).verdict is Verdict.NO_EVIDENCE
    assert verdict_on([14], warn_from=15).verdict is Verdict.PASS
    assert verdict_on([15], warn_from=15).verdict is Verdict.WARN


# ---- what was seen to be red is red --------------------------------------------------------------------------


@pytest.mark.parametrize("given", [{"opportunities": (LOW,)}, {"note": "half of the marks are missing"}])
def test_a_breach_that_was_seen_fails_however_little_else_was_seen(given: dict[str, Any]) -> None:
    """Neither short opportunity nor a note takes a red value back."""
    assert verdict_on([0, 1], "t_breaches", must_be=0, given=given).verdict is Verdict.FAIL
    assert verdict_on([20], fail_from=15, given=given).verdict is Verdict.FAIL


def test_zero_tolerance_fails_on_one_sample() -> None:
    """Whatever min_samples asks for."""
    assert verdict_on([1], "t_breaches", must_be=0, stat="last", min_samples=100).verdict is Verdict.FAIL
    assert verdict_on([0], "t_breaches", must_be=0, stat="last", min_samples=100).verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("stat", "values", "keys"),
    [
        ("max", [1, 16], {"fail_from": 15}),
        ("min", [99, 4], {"fail_below": 5}),
        ("sum", [8, 8], {"fail_from": 15}),
        ("count", [1, 1], {"fail_above": 1}),
        ("max", [0, 1], {"must_be": 0}),
        ("min", [0, -1], {"must_be": 0}),
        ("last", [1, math.nan], {"fail_from": 15}),
        ("p99", [1, math.nan], {"fail_from": 15}),
    ],
)
def test_a_red_that_nothing_could_heal_fails_on_too_few_samples_at_its_crossing(
    stat: Any, values: list[float], keys: dict[str, Any]
) -> None:
    """A maximum only grows; it is final when it crosses."""
    judged = verdict_on(values, stat=stat, min_samples=100, **keys)
    assert (judged.verdict, judged.decided_at_ns) == (Verdict.FAIL, 61 * S)


@pytest.mark.parametrize(
    ("stat", "values", "keys"),
    [
        ("max", [1, 2], {"fail_below": 5}),
        ("min", [20, 21], {"fail_from": 15}),
        ("sum", [20, -1], {"fail_from": 15}),
        ("sum", [1, 1], {"fail_below": 5}),
        ("count", [1, 1], {"fail_below": 5}),
        ("last", [1, 20], {"fail_from": 15}),
        ("mean", [1, 99], {"fail_from": 15}),
        ("max", [-1, -2], {"must_be": 0}),
    ],
)
def test_a_red_that_could_still_heal_needs_its_samples_and_the_whole_window(
    stat: Any, values: list[float], keys: dict[str, Any]
) -> None:
    """A last value or a sum with both signs is not final before the end."""
    assert verdict_on(values, stat=stat, min_samples=3, **keys).verdict is Verdict.NO_EVIDENCE
    judged = verdict_on(values, stat=stat, end_s=1500, **keys)
    assert (judged.verdict, judged.decided_at_ns) == (Verdict.FAIL, 1500 * S)


def test_a_count_says_since_when_it_is_red() -> None:
    """The first of several breaches."""
    judged = verdict_on([0, 1, 0, 2], "t_breaches", must_be=0)
    assert judged.reason == "g: 3, red from t=61 s (sum of 4 samples), must be 0"
    assert (judged.decided_at_ns, judged.worst_at_ns, judged.margin_pct) == (61 * S, 63 * S, None)


def test_a_value_a_hair_over_the_threshold_does_not_read_like_it() -> None:
    """1.0000001 USD is over 1 USD, and looks it."""
    assert verdict_on([1.0000001], fail_above=1).reason == (
        "g: 1.0000001 % at t=60 s (max of 1 sample), must not exceed 1 %"
    )


# ---- percentiles -------------------------------------------------------------------------------------------


def test_a_percentile_is_proven_by_its_bound() -> None:
    """992 of 1,000 fast: P99 is green, its 95 % bound is not, so it warns and says what it needs."""
    judged = verdict_on([5.0] * 992 + [40.0] * 8, "t_latency_ms", fail_from=15)

    assert (judged.verdict, judged.value, judged.ci) == (Verdict.WARN, 5.0, 40.0)
    assert judged.reason.startswith(
        "g: 5 ms (p99 of 1,000 samples), not proven against 15 ms: its 95 % bound is 40 ms, needs about "
    )


def test_a_proven_percentile_passes_with_its_bound() -> None:
    """995 of 1,000 fast is enough: the bound is the 996th, so 996."""
    judged = verdict_on([5.0] * 996 + [40.0] * 4, "t_latency_ms", fail_from=15)
    assert (judged.verdict, judged.ci) == (Verdict.PASS, 5.0)
    assert judged.reason == "g: 5 ms (p99 of 1,000 samples), 95 % bound 5 ms, below 15 ms"
    assert verdict_on([5.0] * 995 + [40.0] * 5, "t_latency_ms", fail_from=15).verdict is Verdict.WARN


def test_a_percentile_without_a_bound_is_not_proven() -> None:
    """min_samples: 100 lets it be judged, but 298 samples bound nothing."""
    judged = verdict_on([5.0] * 298, "t_latency_ms", fail_from=15, min_samples=100)
    assert (judged.verdict, judged.ci) == (Verdict.WARN, None)
    assert judged.reason == (
        "g: 5 ms (p99 of 298 samples), not proven against 15 ms: there is no 95 % bound, needs about 299 samples"
    )
    assert verdict_on([5.0] * 299, "t_latency_ms", fail_from=15, min_samples=100).verdict is Verdict.PASS


def test_a_percentile_on_the_line_is_never_proven() -> None:
    """Ten of 1,000 unanswered: no number of samples would help."""
    judged = verdict_on([5.0] * 990 + [math.inf] * 10, "t_latency_ms", fail_from=15)
    assert (judged.verdict, judged.ci) == (Verdict.WARN, math.inf)
    assert judged.reason.endswith("its 95 % bound is ∞ ms, no number of samples would prove it")


def test_unanswered_orders_fail_a_percentile() -> None:
    """Eleven of 1,000 unanswered put P99 at infinity."""
    judged = verdict_on([5.0] * 989 + [math.inf] * 11, "t_latency_ms", fail_from=15)
    assert (judged.verdict, judged.value, judged.margin_pct) == (Verdict.FAIL, math.inf, None)
    assert judged.reason == "g: ∞ ms (p99 of 1,000 samples), must stay below 15 ms"


def test_a_low_percentile_is_bounded_from_below() -> None:
    """Higher is better: the lower bound of P5 must hold."""
    good = verdict_on([99.0] * 200, "t_rate_pct", stat="p5", fail_below=95)
    tight = verdict_on([90.0] * 9 + [99.0] * 191, "t_rate_pct", stat="p5", fail_below=95)
    assert (good.verdict, good.ci) == (Verdict.PASS, 99.0)
    assert (tight.verdict, tight.value, tight.ci) == (Verdict.WARN, 99.0, 90.0)


def test_a_warning_band_of_a_percentile() -> None:
    """12 ms with warn_from 10 and fail_from 15, proven."""
    judged = verdict_on([12.0] * 1000, "t_latency_ms", warn_from=10, fail_from=15)
    assert judged.verdict is Verdict.WARN
    assert judged.reason == "g: 12 ms (p99 of 1,000 samples), in the warning band from 10 ms, must stay below 15 ms"


# ---- basis and phase -----------------------------------------------------------------------------------------


def test_a_measured_gate_is_deferred_in_a_simulated_run_even_if_red() -> None:
    """What is modelled cannot decide it either way."""
    for values in ([], [1], [99], [math.nan]):
        judged = verdict_on(values, fail_from=50, basis="measured")
        assert judged.verdict is Verdict.DEFERRED
        assert judged.reason == "g: must be measured, and a simulated run models it; a live run decides"


def test_a_measured_gate_needs_measured_samples_in_a_live_run() -> None:
    """Missing or modelled is NO_EVIDENCE; measured and exact values decide."""
    measured, exact = {"basis": Basis.MEASURED}, {"basis": Basis.EXACT}
    keys: dict[str, Any] = {"fail_from": 50, "basis": "measured"}

    assert verdict_on([], live=True, given=measured, **keys).verdict is Verdict.NO_EVIDENCE
    modelled = verdict_on([1], live=True, **keys)
    assert (modelled.verdict, modelled.reason) == (Verdict.NO_EVIDENCE, "g: must be measured, was modelled")
    assert verdict_on([1], live=True, given=measured, **keys).verdict is Verdict.PASS
    assert verdict_on([1], live=True, given=exact, **keys).verdict is Verdict.PASS
    assert verdict_on([50], live=True, given=measured, **keys).verdict is Verdict.FAIL
    assert verdict_on([50], live=True, **keys).verdict is Verdict.NO_EVIDENCE


def test_before_any_fault_no_evidence_is_invalid_and_red_fails_without_a_fault() -> None:
    """A run whose start was not shown to be sound proves nothing about its faults."""
    few = verdict_on([1.0] * 10, "t_latency_ms", phase="before_faults", fail_from=15)
    red_few = verdict_on([99.0] * 10, "t_latency_ms", phase="before_faults", fail_from=15)
    red = verdict_on([99.0] * 1000, "t_latency_ms", phase="before_faults", fail_from=15)
    green = verdict_on([1.0] * 1000, "t_latency_ms", phase="before_faults", fail_from=15)
    warned = verdict_on([12.0] * 1000, "t_latency_ms", phase="before_faults", warn_from=10, fail_from=15)

    assert [judged.verdict for judged in (few, red_few, red, green, warned)] == [
        Verdict.INVALID,
        Verdict.INVALID,
        Verdict.FAIL,
        Verdict.PASS,
        Verdict.WARN,
    ]
    assert few.reason.startswith("g: not shown to hold before the first fault: 1 ms (p99 of 10 samples)")
    assert red.reason == "g: fails without a fault: 99 ms (p99 of 1,000 samples), must stay below 15 ms"
    assert few.window == "before_faults, 60-100,000 s"


def test_after_the_faults_no_evidence_stays_no_evidence() -> None:
    """Only the start can make a run invalid."""
    assert verdict_on([], phase="after_faults", fail_from=15).verdict is Verdict.NO_EVIDENCE
    assert verdict_on([1], phase="before_faults", fail_from=15, basis="measured").verdict is Verdict.DEFERRED


# ---- margins -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "keys", "margin_pct"),
    [
        (12, {"fail_from": 15}, 20),
        (18, {"fail_from": 15}, -20),
        (15, {"fail_above": 15}, 0),
        (99.75, {"fail_below": 95}, 5),
        (-12, {"fail_above": -10}, 20),
        (3, {"must_be": 0}, None),
        (3, {"fail_above": 0}, None),
        (math.nan, {"fail_above": 10}, None),
    ],
)
def test_the_margin_is_the_room_to_the_fail_threshold(
    value: float, keys: dict[str, Any], margin_pct: float | None
) -> None:
    """Positive is room, negative is over; None where a percentage means nothing."""
    assert verdict_on([value], stat="last", **keys).margin_pct == pytest.approx(margin_pct)


def test_the_worst_moment_is_on_the_side_that_is_bad() -> None:
    """The lowest rate, the highest loss, the farthest from what must be, the first NaN."""
    assert verdict_on([9, 1, 5], "t_rate_pct", stat="mean", fail_below=1).worst_at_ns == 61 * S
    assert verdict_on([9, 1, 5], stat="mean", fail_above=99).worst_at_ns == 60 * S
    assert verdict_on([-9, 1, 5], stat="sum", must_be=0).worst_at_ns == 60 * S
    assert verdict_on([1, 2, 1], stat="last", fail_above=99).worst_at_ns == 62 * S
    assert verdict_on([1, math.nan, 99], stat="mean", fail_above=9).worst_at_ns == 61 * S
    assert verdict_on([3, 1, 2], stat="min", fail_below=0).worst_at_ns == 61 * S


def test_a_gate_without_a_threshold_is_never_judged() -> None:
    """Nothing to hold is no pass."""
    with pytest.raises(ValueError, match="a threshold was expected in gate 'g', was none"):
        verdict_on([1])
