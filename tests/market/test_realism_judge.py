"""Judging: the median of the seeds against the band, sanity on each seed, and never a pass without evidence."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from engine.market.realism_document import Band, Judge, Realism, RealismFact
from engine.market.realism_impact import Impact
from engine.market.realism_judge import judge
from engine.market.realism_run import Measured, measure

from .recordings import ToyLaboratory, band, shipped

JUDGING = shipped().seeds.judging
FANO = "messages_per_s_fano"


def document(how: Judge, figure: str = FANO, **ends: float | None) -> Realism:
    """One fact with one band, from 10 to 50 unless said otherwise."""
    only = Band(**band(figure=figure, **({"from_": 10.0, "to": 50.0} | ends)))
    return replace(shipped(), facts=(RealismFact(fact="it", title="It", judge=how, bands=(only,)),))


def measured(values: list[float], seeds: tuple[int, ...] | None = None, figure: str = FANO) -> Measured:
    """A figure on each seed."""
    of = JUDGING[: len(values)] if seeds is None else seeds
    impacts = [Impact(value, value, ()) for value in values]
    return Measured(of, tuple({figure: value} for value in values), impacts[0], tuple(impacts))


@pytest.mark.parametrize(
    ("values", "verdict", "holds"),
    [
        ([20.0] * 8, "PASS", 8),
        ([20.0] * 5 + [99.0] * 3, "PASS", 5),
        ([20.0] * 3 + [99.0] * 5, "FAIL", 3),
        ([10.0] * 8, "PASS", 8),
        ([9.99] * 8, "FAIL", 0),
        ([20.0] * 7, "NO_EVIDENCE", 7),
        ([20.0] * 7 + [math.nan], "NO_EVIDENCE", 7),
        ([99.0] * 7 + [math.nan], "NO_EVIDENCE", 0),
    ],
)
def test_a_gate_is_on_the_median_of_eight(values: list[float], verdict: str, holds: int) -> None:
    """Fewer seeds, or one without a figure, are no evidence, neither way."""
    found = judge(document("median"), measured(values))

    assert found.verdict == found.facts[0].verdict == verdict
    assert found.facts[0].figures[0].holds == holds


@pytest.mark.parametrize(
    ("values", "verdict", "shown"),
    [
        ([0.0] * 8, "PASS", 0),
        ([0.0] * 7 + [1.0], "FAIL", 1),
        ([0.0, 1.0], "FAIL", 1),
        ([0.0] * 7 + [math.nan], "NO_EVIDENCE", 0),
        ([1.0, math.nan], "FAIL", 1),
    ],
)
def test_sanity_is_on_each_seed(values: list[float], verdict: str, shown: float) -> None:
    """One violation fails, whatever else is not known; the worst seed is shown."""
    found = judge(document("every_seed", from_=None, to=0.0), measured(values))

    assert found.verdict == verdict
    assert found.facts[0].figures[0].value == shown


def test_what_is_only_reported_is_no_gate() -> None:
    """It is shown with its own verdict, and a document of reports alone proves nothing."""
    found = judge(document("report"), measured([99.0] * 8))

    assert found.facts[0].verdict == "FAIL"
    assert not found.facts[0].gates
    assert (found.verdict, found.listed) == ("NO_EVIDENCE", 0)


def test_seeds_for_tuning_prove_nothing() -> None:
    """What was tuned on them may hold there; sanity must hold even so."""
    tuning = shipped().seeds.tuning
    found = judge(document("median"), measured([20.0] * 8, tuning))
    missed = judge(document("median"), measured([99.0] * 8, tuning))
    broken = judge(document("every_seed", from_=None, to=0.0), measured([1.0] * 8, tuning))

    assert (found.tuning, found.facts[0].verdict, found.verdict) == (True, "PASS", "NO_EVIDENCE")
    assert missed.verdict == "NO_EVIDENCE"
    assert broken.verdict == "FAIL"


def test_impact_is_judged_on_all_experiments() -> None:
    """And shown without each seed in turn."""
    values = [0.5, *[0.45] * 6, 0.75]
    found = judge(document("pooled", figure="impact_exponent", from_=0.4, to=0.7), measured(values))
    figure = found.facts[0].figures[0]

    assert (figure.value, figure.verdict, figure.holds) == (0.5, "PASS", 7)
    assert (figure.least, figure.most) == (0.45, 0.75)


def test_a_fact_holds_when_each_of_its_figures_does() -> None:
    """One of two out of its band fails it."""
    second = Band(**band(figure="interarrival_cv", from_=2.0, to=None))
    whole = document("median")
    two = replace(whole, facts=(replace(whole.facts[0], bands=(*whole.facts[0].bands, second)),))
    values = measured([20.0] * 8)
    both = replace(values, by_seed=tuple({**found, "interarrival_cv": 1.0} for found in values.by_seed))

    assert judge(two, both).facts[0].verdict == "FAIL"
    assert [figure.verdict for figure in judge(two, both).facts[0].figures] == ["PASS", "FAIL"]


def test_the_worst_gate_is_the_verdict() -> None:
    """FAIL before NO_EVIDENCE before PASS."""
    whole, other = document("median"), document("every_seed", figure="crossed_messages", from_=None, to=0.0)
    both = replace(whole, facts=(*whole.facts, replace(other.facts[0], fact="sane")))
    values = measured([math.nan] * 8)
    sane = replace(values, by_seed=tuple({FANO: math.nan, "crossed_messages": 0.0} for _ in JUDGING))
    insane = replace(values, by_seed=tuple({FANO: math.nan, "crossed_messages": 2.0} for _ in JUDGING))

    assert judge(both, sane).verdict == "NO_EVIDENCE"
    assert judge(both, insane).verdict == "FAIL"


def test_poisson_and_gauss_fail_at_least_five_facts_on_eight_seeds() -> None:
    """The whole way: eight days, the experiments, the shipped bands. Sanity holds: it is a market, only a dull one."""
    whole = shipped()
    found = judge(whole, measure(ToyLaboratory(noise=0.0136), whole, whole.seeds.judging, lambda _text: None))
    failed = {each.fact.fact for each in found.facts if each.gates and each.verdict == "FAIL"}
    sanity = {each.fact.fact: each.verdict for each in found.facts if each.fact.judge == "every_seed"}

    assert found.verdict == "FAIL"
    assert len(failed) >= 5
    assert failed >= {"kurtosis_1s", "abs_return_acf", "trade_sign_acf", "messages_fano", "interarrival"}
    assert set(sanity.values()) == {"PASS"}
    assert (found.listed, found.counted("PASS") + found.counted("FAIL") + found.counted("NO_EVIDENCE")) == (18, 18)
