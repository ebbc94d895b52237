"""Fifty reduced shares and one on the order book: it validates, plays, and plays the same in another process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.domain.records import VenueQuote
from engine.runs.plan import plan_run
from engine.trading.limits_given import COMPULSORY_INSTRUMENT
from tests.cli.command import Stress
from tests.runs.small import Desk, Run, run_plan

SECTORS = ("BANK", "CARE", "FUEL", "SHOP", "TECH")
SYMBOLS = tuple(f"{sector}{number:02d}" for sector in SECTORS for number in range(1, 11))
SCENARIO = f"""scenario: fifty
title: A shock to one share that takes its whole sector and a bank with it
owner: tests
extends: base/fifty_stocks
clock: {{run_for_s: 60, warmup_s: 5}}
market:
  parts:
    - model: order_book
      instruments:
        - {{symbol: SPY, price: 540}}
timeline:
  - id: shock
    at_s: 20
    fault: price_shock
    with:
      symbol: TECH01
      beta: {json.dumps({f"TECH{number:02d}": 0.8 for number in range(2, 11)} | {"BANK01": 0.5})}
      drop_pct: 5
      over_s: 10
      recover_s: 5
after_faults: {{gates: [latency_core], within_s: 15}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the scenario."""
    folder = tmp_path_factory.mktemp("fifty")
    (folder / "scenarios.d").mkdir()
    (folder / "stress.yaml").write_text("settings: tests\n", encoding="utf-8")
    (folder / "scenarios.d/fifty.yaml").write_text(SCENARIO, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def fifty(folder: Path) -> Run:
    """The scenario, played once here."""
    return run_plan(plan_run(Desk(folder).library(), "scenarios.d/fifty.yaml", {}, None))


def test_fifty_shares_and_one_more_validate(folder: Path) -> None:
    """The base by itself and the scenario that adds a part to its market."""
    done = Stress(folder)("validate", "scenarios.d/fifty.yaml")

    assert (done.code, done.out.strip() or done.err.strip()) == (0, "1 document is valid")


def test_all_of_them_are_quoted_and_the_desk_trades_them(fifty: Run) -> None:
    """From the opening on; the desk holds something in most of them after a minute."""
    log = fifty.played.built.site.world.log
    opening = [quote.symbol for quote in log.of(VenueQuote) if quote.t_ns == 0]
    held = [symbol for symbol in SYMBOLS if fifty.played.built.ledger.position(symbol)]

    assert opening == [*SYMBOLS, "SPY"]
    assert len(held) > 40
    assert [found.text for found in fifty.assessment.findings if found.code == "limit_missing"] == [
        f"the limits document 'fifty_day' gives no hard instrument.SPY.{limit}; orders that need it are denied"
        for limit in COMPULSORY_INSTRUMENT
    ]


def test_the_shock_takes_those_with_it_that_it_names_and_no_others(fifty: Run) -> None:
    """Its lead by its own effect, the ten others by their share; a share of another sector goes its own way."""
    lead, others = fifty.assessment.effects["shock"]
    mids = {
        symbol: [
            (quote.bid_micros + quote.ask_micros) / 2
            for quote in fifty.played.built.site.world.log.of(VenueQuote)
            if quote.symbol == symbol and 20 * 10**9 <= quote.t_ns <= 30 * 10**9
        ]
        for symbol in ("TECH05", "CARE05")
    }

    assert (lead.held, others.metric, others.value, others.held) == (True, "others_fallen_pct", 100, True)
    assert min(mids["TECH05"]) / mids["TECH05"][0] == pytest.approx(0.96, abs=0.004)
    assert min(mids["CARE05"], default=1) / max(mids["CARE05"], default=1) > 0.99


def test_it_is_the_same_in_every_process(folder: Path, fifty: Run) -> None:
    """Two more processes, with other hash seeds; another seed of the scenario is another run."""

    def fingerprint(hash_seed: str, *words: str) -> Any:
        shell = Stress(folder, {"PYTHONHASHSEED": hash_seed})
        return shell("run", "scenarios.d/fifty.yaml", "--json", "--quiet", *words).json["fingerprint"]

    assert [fingerprint("1"), fingerprint("2")] == [fifty.result.fingerprint] * 2
    assert fingerprint("1", "--seed", "43") != fifty.result.fingerprint
