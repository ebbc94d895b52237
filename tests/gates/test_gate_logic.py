"""What a schema cannot see in a gate."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from engine.base.errors import PluginError
from engine.gates.gate import Gate, MustCatch, Stat, fail_threshold, warn_threshold
from engine.gates.gate_logic import G_CODES, GateProblem, fits, gate_logic
from engine.gates.threshold import Threshold
from engine.metrics import metrics


def problems(metric: str = "t_latency_ms", **keys: Any) -> list[GateProblem]:
    """The problems of one gate."""
    return gate_logic(Gate(gate="g", metric=metric, **keys))


@pytest.mark.parametrize(
    ("metric", "keys"),
    [
        ("t_latency_ms", {"fail_from": 15}),
        ("t_latency_ms", {"warn_from": 10, "fail_from": 15, "stat": "p99.9"}),
        ("t_latency_ms", {"warn_from": 15, "fail_above": 15}),
        ("t_latency_ms", {"fail_from": 15, "min_samples": 299}),
        ("t_loss_pct", {"fail_from": 15, "min_samples": 1}),
        ("t_latency_ms", {"fail_from": 15, "stat": "p90"}),
        ("t_latency_ms", {"fail_from": 15, "stat": "max"}),
        ("t_loss_pct", {"must_be": 0, "stat": "max"}),
        ("t_rate_pct", {"warn_below": 97, "fail_at_or_below": 95}),
        ("t_rate_pct", {"fail_below": 95, "stat": "last"}),
        ("t_rate_pct", {"fail_below": 95, "stat": "min"}),
        ("t_breaches", {"must_be": 0}),
        ("t_breaches", {"must_be": 0, "stat": "sum"}),
        ("t_breaches", {"must_be": 0, "stat": "max"}),
        ("t_breaches", {"fail_from": 1}),
        ("t_breaches", {"fail_above": 0}),
        ("t_breaches", {"fail_above": 0.9}),
        ("t_latency_ms", {"fail_from": 15, "must_catch": MustCatch(defect="slow_tail")}),
    ],
)
def test_a_sound_gate_has_no_problem(metric: str, keys: dict[str, Any]) -> None:
    """Each of these says what it means."""
    assert problems(metric, **keys) == []


@pytest.mark.parametrize(
    ("metric", "keys", "code", "at"),
    [
        ("t_latency_ms", {}, "G501", "gate"),
        ("t_breaches", {"must_be": 0, "fail_from": 1}, "G502", "fail_from"),
        ("t_breaches", {"must_be": 0, "warn_from": 1}, "G502", "warn_from"),
        ("t_latency_ms", {"fail_from": 15, "fail_above": 15}, "G503", "fail_above"),
        ("t_latency_ms", {"warn_from": 1, "warn_above": 2, "fail_from": 15}, "G503", "warn_above"),
        ("t_latency_ms", {"warn_from": 20, "fail_from": 15}, "G504", "warn_from"),
        ("t_latency_ms", {"warn_from": 15, "fail_from": 15}, "G504", "warn_from"),
        ("t_rate_pct", {"warn_below": 90, "fail_below": 95}, "G504", "warn_below"),
        ("t_latency_ms", {"fail_below": 15}, "G505", "fail_below"),
        ("t_rate_pct", {"fail_from": 95}, "G505", "fail_from"),
        ("t_latency_ms", {"fail_from": 15, "stat": "min"}, "G506", "stat"),
        ("t_latency_ms", {"fail_from": 15, "stat": "p5"}, "G506", "stat"),
        ("t_rate_pct", {"fail_below": 95, "stat": "max"}, "G506", "stat"),
        ("t_rate_pct", {"fail_below": 95, "stat": "p99"}, "G506", "stat"),
        ("t_breaches", {"must_be": 1}, "G510", "must_be"),
        ("t_breaches", {"fail_from": 1.1}, "G510", "fail_from"),
        ("t_breaches", {"fail_above": 1}, "G510", "fail_above"),
        ("t_breaches", {"must_be": 0, "stat": "mean"}, "G506", "stat"),
        ("t_breaches", {"fail_above": 0, "stat": "p99"}, "G506", "stat"),
        ("t_loss_pct", {"must_be": 0, "stat": "p99"}, "G506", "stat"),
        ("t_latency_ms", {"fail_from": 15, "min_samples": 298}, "G507", "min_samples"),
        ("t_latency_ms", {"warn_from": 15}, "G508", "warn_from"),
        ("t_latency_ms", {"fail_from": 15, "must_catch": MustCatch()}, "G509", "must_catch"),
        (
            "t_latency_ms",
            {"fail_from": 15, "must_catch": MustCatch(defect="a", fault="b")},
            "G509",
            "must_catch",
        ),
    ],
)
def test_a_gate_that_cannot_mean_what_it_says_is_reported(
    metric: str, keys: dict[str, Any], code: str, at: str
) -> None:
    """With its code, and the key to point at."""
    assert [(problem.code, problem.key) for problem in problems(metric, **keys)] == [(code, at)]


LATENCY = ["max", "p90", "p95", "p99", "p99.9", "p99.99"]


@pytest.mark.parametrize(
    ("metric", "fitting"),
    [
        ("order_leaks", ["max", "sum"]),
        ("hard_limit_breaches", ["max", "sum"]),
        ("governor_failures", ["max", "sum"]),
        ("drawdown_pct", ["max"]),
        ("loss_over_limit_pct", ["max"]),
        ("position_delta_usd", ["max"]),
        ("pnl_delta_usd", ["max"]),
        ("recovery_s", ["max"]),
        ("time_to_hold_ms", ["max"]),
        ("backlog_after_drain", ["max"]),
        ("decision_latency_ms", LATENCY),
        ("pipeline_latency_ms", LATENCY),
        ("feed_age_ms", LATENCY),
        ("equity_usd", ["min"]),
        ("execution_rate_pct", ["last", "min"]),
        ("approved_pct", ["min", "mean"]),
        ("error_rate_pct", ["max", "mean"]),
        ("final_position_shares", ["last", "max"]),
    ],
)
def test_of_each_metric_only_what_hides_nothing_fits(metric: str, fitting: list[str]) -> None:
    """Of all fifteen statistics, in the order of the schema."""
    assert [stat for stat in get_args(Stat) if fits(stat, metrics.get(metric))] == fitting


@pytest.mark.parametrize("name", metrics.names())
def test_the_own_statistic_of_every_metric_fits_and_a_count_never_does(name: str) -> None:
    """A gate that leaves stat out is sound; a count of samples is no value of anything."""
    own = metrics.get(name)

    assert fits(own.stat, own)
    assert not fits("count", own)


@pytest.mark.parametrize(
    ("metric", "stat", "why"),
    [
        ("t_breaches", "last", "t_breaches tolerates no single breach, and the last value forgives some"),
        ("t_breaches", "count", "the count says how many values t_breaches had, not how bad they were"),
        ("t_loss_pct", "mean", "the mean of t_loss_pct hides what its max shows"),
        ("t_loss_pct", "p99.99", "the p99.99 of t_loss_pct hides what its max shows"),
        ("t_loss_pct", "sum", "the values of t_loss_pct do not add up to anything"),
        ("t_latency_ms", "last", "the last value of t_latency_ms hides what its p99 shows"),
        ("t_latency_ms", "p50", "the p50 of t_latency_ms hides what its p99 shows"),
        ("t_latency_ms", "p10", "of t_latency_ms lower is better, so the p10 shows the good side of the run"),
    ],
)
def test_a_statistic_that_forgives_is_told_why(metric: str, stat: Any, why: str) -> None:
    """One problem, at stat."""
    (problem,) = problems(metric, fail_from=1, stat=stat)

    assert (problem.code, problem.key, problem.message) == ("G506", "stat", why)


@pytest.mark.parametrize(
    ("metric", "keys", "help"),
    [
        ("t_loss_pct", {"fail_from": 15, "stat": "mean"}, "leave stat out (max is this metric's own)"),
        ("t_breaches", {"must_be": 0, "stat": "last"}, "leave stat out (sum is this metric's own) or use max"),
        ("t_latency_ms", {"must_be": 0, "stat": "p99"}, "leave stat out (p99 is this metric's own) or use max"),
    ],
)
def test_the_help_names_what_fits(metric: str, keys: dict[str, Any], help: str) -> None:
    """Nothing that would be refused next."""
    assert problems(metric, **keys)[0].help == help


def test_every_problem_is_told_at_once() -> None:
    """A threshold on the wrong side and a forgiving statistic are two problems."""
    found = problems("t_rate_pct", fail_from=95, stat="max", must_catch=MustCatch())
    assert [problem.code for problem in found] == ["G505", "G506", "G509"]


def test_a_message_names_the_right_words() -> None:
    """What is wrong, and what to write instead."""
    assert problems("t_rate_pct", fail_from=95) == [
        GateProblem(
            "G505",
            "fail_from",
            "t_rate_pct: higher is better, but fail_from catches its good side",
            "use fail_below or fail_at_or_below",
        )
    ]
    assert problems(fail_from=15, min_samples=100)[0].message == (
        "100 samples cannot bound p99 with 95 % confidence: below 299 it is never proven"
    )
    assert problems(warn_from=20, fail_from=15)[0].message == "warn_from 20 is not met before fail_from 15"


def test_every_code_is_in_the_table() -> None:
    """G501 to G510, each once."""
    assert list(G_CODES) == [f"G{number}" for number in range(501, 511)]


def test_an_unknown_metric_is_refused() -> None:
    """The loader reports it first, by the schema's choices."""
    with pytest.raises(PluginError, match="there is no metric 't_latency_s'"):
        problems("t_latency_s", fail_from=15)


def test_a_gate_gives_one_threshold_a_band() -> None:
    """What the judge will use."""
    gate = Gate(gate="g", metric="t_latency_ms", warn_from=10, fail_above=15)
    assert (warn_threshold(gate), fail_threshold(gate)) == (Threshold("from", 10), Threshold("above", 15))
    exact = Gate(gate="g", metric="t_breaches", must_be=0)
    assert (warn_threshold(exact), fail_threshold(exact)) == (None, Threshold("must_be", 0))


def test_two_thresholds_in_a_band_are_never_judged() -> None:
    """The judge raises rather than choose."""
    with pytest.raises(ValueError, match="one threshold a band was expected in gate 'g', was from, above"):
        fail_threshold(Gate(gate="g", metric="t_latency_ms", fail_from=15, fail_above=15))
