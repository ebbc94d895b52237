"""What a schema cannot see in a gate."""

from __future__ import annotations

from typing import Any

import pytest

from engine.base.errors import PluginError
from engine.gates.gate import Gate, MustCatch, fail_threshold, warn_threshold
from engine.gates.gate_logic import G_CODES, GateProblem, gate_logic
from engine.gates.threshold import Threshold


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
        ("t_loss_pct", {"must_be": 0, "stat": "last"}),
        ("t_rate_pct", {"warn_below": 97, "fail_at_or_below": 95}),
        ("t_rate_pct", {"fail_below": 95, "stat": "p5"}),
        ("t_rate_pct", {"fail_below": 95, "stat": "p50"}),
        ("t_rate_pct", {"fail_below": 95, "stat": "min"}),
        ("t_breaches", {"must_be": 0}),
        ("t_breaches", {"must_be": 0, "stat": "max"}),
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
    """G501 to G509, each once."""
    assert list(G_CODES) == [f"G50{digit}" for digit in range(1, 10)]


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
