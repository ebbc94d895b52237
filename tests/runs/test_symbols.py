"""What a scenario names must be traded by its market, and its faults must find the levers that they pull."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine.config.problems import DocumentError, Problem
from engine.faults import faults
from engine.faults.price_shock import PriceShock
from engine.market import models
from engine.market.reduced import Reduced
from engine.runs.build import build
from engine.runs.check import check_document
from engine.runs.plan import plan_run
from tests.market.samples import CALM, write_tape
from tests.runs.small import Desk, problems_of, scenario

SPY = {"model": "reduced", "instruments": [{"symbol": "SPY", "price": 540.0}]}
QQQ = {"model": "reduced", "instruments": [{"symbol": "QQQ", "price": 460.0}]}


@dataclass(frozen=True, kw_only=True)
class Auctioneer(Reduced):
    """A market that lets nobody set its prices; as `reduced` in everything else."""

    levers: ClassVar[frozenset[str]] = frozenset({"depth_factor", "refill_factor"})


@dataclass(frozen=True, kw_only=True)
class Drought(PriceShock):
    """A fault that needs what only the auctioneer has, and a lever that nobody has."""

    needs_levers: ClassVar[frozenset[str]] = frozenset({"refill_factor", "weather_factor"})


@pytest.fixture
def auctioneer() -> Iterator[None]:
    """The model ``auctioneer`` and the fault ``drought`` are registered for the length of a test."""
    with models.lent("auctioneer", Auctioneer), faults.lent("drought", Drought):
        yield


def shock(symbol: str = "SPY", fault: str = "price_shock", **with_: Any) -> Mapping[str, Any]:
    """A shock as a timeline item."""
    given = {"symbol": symbol, "drop_pct": 5, "over_s": 10} | with_
    return {"id": "shock", "at_s": 60, "fault": fault, "with": given}


def found(desk: Desk, market: Mapping[str, Any], *timeline: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the small scenario on this market, with this timeline."""
    return problems_of(desk, market=market, timeline=list(timeline) or [shock()])


def line_of(desk: Desk, problem: Problem) -> str:
    """The source line that a problem points at, from its column on."""
    assert problem.mark is not None
    lines = (desk.folder / "scenarios.d/small.yaml").read_text(encoding="utf-8").splitlines()
    return lines[problem.mark.line - 1][problem.mark.col - 1 :]


def mixed(*parts: Mapping[str, Any]) -> Mapping[str, Any]:
    """A market of these parts."""
    return {"model": "mixed", "parts": list(parts)}


# ---- symbols


def test_every_symbol_that_a_shock_takes_with_it_must_be_traded(desk: Desk) -> None:
    """Each at its own key, with the nearest right word."""
    problems = found(desk, mixed(SPY, QQQ), shock(beta={"QQQ": 1.2, "QQW": 0.9}))

    assert [(each.code, each.message, each.help) for each in problems] == [
        ("T709", "the market has no instrument 'QQW'", "did you mean 'QQQ'?")
    ]
    assert line_of(desk, problems[0]).startswith("QQW: 0.9")


def test_a_fault_may_name_symbols_of_different_parts(desk: Desk) -> None:
    """The parts are one market to a scenario."""
    assert found(desk, mixed(SPY, QQQ), shock(beta={"QQQ": 1.2})) == []


def test_a_symbol_in_two_parts_is_refused_where_it_stands_again(desk: Desk) -> None:
    """With file, line and column."""
    (problem,) = found(desk, mixed(SPY, QQQ, SPY))

    assert (problem.code, problem.message) == ("S212", "parts 1 and 3 of the market both trade SPY")
    assert line_of(desk, problem) == "SPY"
    assert problem.mark is not None
    text = (desk.folder / "scenarios.d/small.yaml").read_text(encoding="utf-8").splitlines()
    named = [line for line, words in enumerate(text, 1) if words.strip("- ") == "symbol: SPY"]
    assert problem.mark.line == named[1]


def test_what_is_wrong_in_a_part_is_said_of_that_part(desk: Desk) -> None:
    """A misspelt key, an unknown model, a symbol twice in one part."""
    double = SPY | {"instruments": [{"symbol": "SPY", "price": 1.0}, {"symbol": "SPY", "price": 2.0}]}
    misspelt = found(desk, mixed(SPY, QQQ | {"step_mss": 50}))
    unknown = found(desk, mixed(SPY, {"model": "reducd"}))
    nested = found(desk, mixed(SPY, mixed(QQQ)))
    twice = found(desk, mixed(double, QQQ))

    assert [(each.code, each.message) for each in misspelt] == [("S201", "unknown field 'step_mss' in part 'reduced'")]
    assert misspelt[0].help == "did you mean 'step_ms'? (in milliseconds)"
    assert [each.help for each in unknown] == ["did you mean 'reduced'?"]
    assert [each.code for each in nested] == ["S206"]
    assert [(each.code, each.message.partition(":")[0]) for each in twice] == [
        ("S211", "two items of 'instruments' have the symbol 'SPY'")
    ]


def test_a_scenario_adds_parts_to_those_of_its_base(desk: Desk) -> None:
    """So fifty symbols of a base stay where they are, and one more stands beside them."""
    desk.write()
    base = "base: parent\nmarket:\n  model: mixed\n  parts:\n    - model: reduced\n      instruments:\n"
    base += "        - {symbol: QQQ, price: 460}\n"
    (desk.folder / "scenarios.d/parent.yaml").write_text(base, encoding="utf-8")
    plan = desk.plan(extends="parent", market={"parts": [SPY]}, timeline=[shock(beta={"QQQ": 1.0})])

    assert plan.scenario.market.symbols == ("QQQ", "SPY")


def test_a_tapes_symbol_is_checked_when_the_tape_is_read(desk: Desk) -> None:
    """Before that nobody knows what the market trades; after it a part's levers are known too."""
    desk.write()
    (desk.folder / "tapes/day").mkdir(parents=True)
    write_tape(desk.folder / "tapes/day", [((t, 4, 1, 100.02, -1), CALM) for t in (1, 23_000)])
    clock = {"start": "2012-06-21T09:30:00-04:00", "run_for_s": 200, "warmup_s": 20}
    market = mixed(SPY, {"model": "replay", "tape": "tapes/day"})
    desk_of_2012 = scenario()["desk"] | {"limits": "limits/tape_day"}
    good = desk.plan(clock=clock, market=market, desk=desk_of_2012, timeline=[shock("TEST", beta={"SPY": 1.0})])
    built = build(good)

    assert [each.symbol for each in built.instruments] == ["SPY", "TEST"]
    assert [each.name.partition("_")[0] for each in built.inputs] == ["TEST", "TEST"]
    assert built.market_end_ns < 10**9 * 23_400


# ---- levers


@pytest.mark.usefixtures("auctioneer")
def test_a_fault_that_the_market_cannot_play_is_refused(desk: Desk) -> None:
    """To the letter, at the symbol."""
    (problem,) = found(desk, SPY | {"model": "auctioneer"})

    assert (problem.code, problem.message) == (
        "T715",
        "price_shock cannot work on SPY: the market model 'auctioneer' has no price_factor to pull",
    )
    assert problem.help.startswith("models that have it: ")
    able = problem.help.partition(": ")[2].split(", ")
    assert {"reduced", "replay"} <= set(able)
    assert "auctioneer" not in able
    assert line_of(desk, problem) == "SPY"


@pytest.mark.usefixtures("auctioneer")
def test_in_a_mixed_market_the_symbols_own_part_decides(desk: Desk) -> None:
    """SPY is on the auctioneer, QQQ is reduced: the lead may fall, the other may not."""
    market = mixed(SPY | {"model": "auctioneer"}, QQQ)
    (problem,) = found(desk, market, shock("QQQ", beta={"SPY": 0.9}))

    assert (problem.code, line_of(desk, problem)) == ("T715", "SPY: 0.9")
    assert found(desk, market, shock("QQQ")) == []
    thin = {"id": "thin", "at_s": 60, "for_s": 10, "fault": "depth_collapse"}
    half = {"depth_left_pct": 50}
    assert [found(desk, market, thin | {"with": half | {"symbol": each}}) for each in ("SPY", "QQQ")] == [
        [],
        [],
    ]


@pytest.mark.usefixtures("auctioneer")
def test_every_lever_that_is_missing_is_named(desk: Desk) -> None:
    """Also when no model has them all."""
    (one,) = found(desk, SPY | {"model": "auctioneer"}, shock(fault="drought"))
    (two,) = found(desk, SPY, shock(fault="drought"))

    assert (one.message.partition(": ")[2], one.help) == (
        "the market model 'auctioneer' has no weather_factor to pull",
        "no market model has it",
    )
    assert two.message.endswith("'reduced' has no refill_factor and no weather_factor to pull")


def test_a_fault_that_pulls_nothing_plays_anywhere(desk: Desk) -> None:
    """A burst of decisions names a symbol and leaves the market alone."""
    burst = {"symbol": "SPY", "decisions_per_s": 20}

    assert found(desk, SPY, {"id": "b", "at_s": 60, "for_s": 5, "fault": "decision_burst", "with": burst}) == []


def test_the_shipped_scenarios_find_their_levers() -> None:
    """All of them, with every fault that they name."""
    from engine.config.library import Library
    from engine.config.workspace import Workspace
    from engine.runs.documents import KINDS

    root = Path(__file__).parents[2]
    library = Library(Workspace.find(root), KINDS)
    for path in sorted((root / "scenarios.d").glob("*.yaml")):
        check_document(library, str(path))

    assert [problem.code for problem in library.problems.errors] == []


@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("breakers: {index_symbol: SPX}", 4),
        ("luld: {tier_2: [SPX]}", 4),
        ("luld:\n  leverage:\n    SPX: 2", 6),
        ("luld:\n  previous_close_usd:\n    SPX: 540", 6),
    ],
)
def test_a_symbol_that_a_safeguard_of_the_venue_names_must_be_traded(desk: Desk, block: str, line: int) -> None:
    """It is told where the venue's document names it."""
    venue = desk.folder / "scenarios.d/venues/guarded.yaml"
    venue.parent.mkdir(parents=True)
    venue.write_text(f"venue: guarded\ntitle: t\nextends: venues/equity_us_protected\n{block}\n", encoding="utf-8")
    path = desk.write(desk=scenario()["desk"] | {"venue": "venues/guarded"})
    library = desk.library()
    with pytest.raises(DocumentError):
        plan_run(library, path, {}, None)
    problem = next(found for found in library.problems.all if "SPX" in found.message)

    assert (problem.code, problem.message, problem.help) == (
        "T709",
        "the market has no instrument 'SPX'",
        "did you mean 'SPY'?",
    )
    assert problem.mark is not None
    assert (problem.mark.file, problem.mark.line) == ("scenarios.d/venues/guarded.yaml", line)
