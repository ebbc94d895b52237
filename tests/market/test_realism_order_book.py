"""The shipped flow looks like a stock: a look at it in each run of the tests, the whole judgement with ``-m long``."""

from __future__ import annotations

import pytest

from engine.market.order_book import OrderBook
from engine.market.realism_facts import figures
from engine.market.realism_judge import judge
from engine.market.realism_laboratory import laboratory_of
from engine.market.realism_run import measure
from engine.runs.documents import open_library
from engine.runs.realism_market import bands

ALWAYS = {
    "return_kurtosis_1s": (10, 120),
    "return_kurtosis_10s": (4, 25),
    "return_acf_1s_lag1": (-0.08, 0.08),
    "abs_return_acf_1s_lag1": (0.08, 0.3),
    "trade_sign_acf_lag1": (0.4, 0.75),
    "messages_per_s_fano": (8, 50),
    "interarrival_cv": (2, 10),
    "cancel_ratio": (0.5, 0.95),
    "execution_share": (0.05, 0.3),
    "spread_q95_over_q50": (1.3, 3),
    "crossed_messages": (0, 0),
    "overdrawn_orders": (0, 0),
    "one_sided_time_share": (0, 0.001),
    "mid_jump_max_sigmas": (0, 60),
}
"""Wider than the bands of the document where a single seed may lie beside them: a median of eight does not."""


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_has_the_facts_that_every_day_has(seed: int) -> None:
    """Two of the seeds for tuning: what must not be lost by a careless change."""
    found = figures(laboratory_of(OrderBook.calibrated()).day(seed), 600)
    beside = {name: found[name] for name, (low, high) in ALWAYS.items() if not low <= found[name] <= high}
    assert beside == {}


@pytest.mark.long
def test_the_shipped_flow_holds_the_facts_on_the_judging_seeds() -> None:
    """At least 12 of the facts on the median of the judging seeds, and no sanity violation in any of them."""
    document = bands(open_library(None), "realism")
    measured = measure(laboratory_of(OrderBook.calibrated()), document, document.seeds.judging, lambda _text: None)
    judged = judge(document, measured)
    assert judged.counted("PASS") >= 12
    sanity = [found.verdict for found in judged.facts if found.fact.judge == "every_seed"]
    assert sanity == ["PASS"] * 4
