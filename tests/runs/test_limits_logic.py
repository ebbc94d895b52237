"""What a schema cannot see in a limits document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.runs.check import check_document
from engine.runs.documents import KINDS, LIMITS, open_library
from engine.runs.limits_logic import limits_logic
from engine.trading.limits import (
    Bound,
    FirmLimits,
    FlattenRules,
    GroupLimits,
    InstrumentLimits,
    Limits,
    LossBound,
    RateBound,
    WindowBound,
)

SOUND = Limits(
    limits="our_day",
    title="Ours",
    effective_from="2025-08-01",
    approved_by=("risk.one", "risk.two"),
    capital_usd=1_000_000,
    firm=FirmLimits(),
    instrument={},
    flatten=FlattenRules(participation_pct=9, collar_pct=1, slice_ms=1000),
)
TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "new" / "limits.yaml"


def found(limits: Limits) -> list[tuple[str, str]]:
    """The problems, as code and dotted place."""
    return [(problem.code, ".".join(map(str, problem.path))) for problem in limits_logic(limits)]


def of_firm(firm: FirmLimits) -> list[tuple[str, str]]:
    """The problems of limits with these of the firm."""
    return found(replace(SOUND, firm=firm))


def of_spy(own: InstrumentLimits) -> list[tuple[str, str]]:
    """The problems of limits with these of SPY."""
    return found(replace(SOUND, instrument={"SPY": own}))


@pytest.mark.parametrize(
    ("limit", "at"),
    [
        (LossBound(soft=1, flatten=2, hard=3), []),
        (LossBound(soft=2, flatten=2, hard=2), []),
        (LossBound(), []),
        (LossBound(flatten=2), []),
        (LossBound(soft=0, hard=0), []),
        (LossBound(soft=3, flatten=2, hard=3), ["soft"]),
        (LossBound(soft=1, flatten=4, hard=3), ["flatten"]),
        (LossBound(soft=3, flatten=2, hard=1), ["soft", "flatten"]),
        (LossBound(soft=3, hard=2), ["soft"]),
        (LossBound(soft=3, flatten=2), ["soft"]),
    ],
)
def test_the_steps_of_a_loss_are_met_in_their_order(limit: LossBound, at: list[str]) -> None:
    """Equal steps are in order; a step that is not given has no place in it."""
    assert of_firm(FirmLimits(daily_loss_usd=limit)) == [("R350", f"firm.daily_loss_usd.{step}") for step in at]
    assert of_firm(FirmLimits(drawdown_pct=limit)) == [("R350", f"firm.drawdown_pct.{step}") for step in at]


@given(soft=st.floats(0, 99), hard=st.floats(0, 99))
def test_soft_lies_beyond_hard_exactly_when_it_is_greater(soft: float, hard: float) -> None:
    """For a limit of the firm and for one of a symbol."""
    bound = Bound(soft=soft, hard=hard)
    wrong = soft > hard

    assert of_firm(FirmLimits(quote_age_ms=bound)) == [("R350", "firm.quote_age_ms.soft")] * wrong
    assert (
        of_spy(InstrumentLimits(price_collar_pct=bound)) == [("R350", "instrument.SPY.price_collar_pct.soft")] * wrong
    )


@pytest.mark.parametrize("name", ["gross_notional_usd", "order_rate_per_s", "quote_age_ms", "session_down_s"])
def test_every_bound_of_the_firm_is_in_order(name: str) -> None:
    """None is forgotten."""
    changed: dict[str, Any] = {name: Bound(soft=2, hard=1)}

    assert of_firm(FirmLimits(**changed)) == [("R350", f"firm.{name}.soft")]


@pytest.mark.parametrize("name", ["order_qty_shares", "order_notional_usd", "position_shares", "price_collar_pct"])
def test_every_bound_of_a_symbol_is_in_order(name: str) -> None:
    """None is forgotten."""
    changed: dict[str, Any] = {name: Bound(soft=2, hard=1)}

    assert of_spy(InstrumentLimits(**changed)) == [("R350", f"instrument.SPY.{name}.soft")]


def test_a_loss_limit_lies_within_the_capital() -> None:
    """All of it may be lost, not more."""
    assert of_firm(FirmLimits(daily_loss_usd=LossBound(hard=1_000_000))) == []
    assert of_firm(FirmLimits(daily_loss_usd=LossBound(hard=1_000_001))) == [("R351", "firm.daily_loss_usd.hard")]
    assert of_firm(FirmLimits(daily_loss_usd=LossBound(flatten=2e6))) == [("R351", "firm.daily_loss_usd.flatten")]


def test_a_drawdown_ends_at_100_percent() -> None:
    """Every step, not the last alone."""
    assert of_firm(FirmLimits(drawdown_pct=LossBound(soft=2, flatten=3, hard=100))) == []
    assert of_firm(FirmLimits(drawdown_pct=LossBound(soft=2, flatten=101, hard=120))) == [
        ("R352", "firm.drawdown_pct.flatten"),
        ("R352", "firm.drawdown_pct.hard"),
    ]


def test_a_collar_is_narrower_than_the_price() -> None:
    """At 100 percent a sale at nothing would pass."""
    assert of_spy(InstrumentLimits(price_collar_pct=Bound(hard=99.9))) == []
    assert of_spy(InstrumentLimits(price_collar_pct=Bound(hard=100))) == [
        ("R353", "instrument.SPY.price_collar_pct.hard")
    ]


@pytest.mark.parametrize(
    ("names", "at"),
    [
        (("risk.one", "risk.two"), []),
        (("risk.one", "risk.two", "risk.three"), []),
        ((), ["approved_by"]),
        (("risk.one",), ["approved_by"]),
        (("risk.one", "  "), ["approved_by"]),
        (("risk.one", "risk.one"), ["approved_by.1"]),
        (("risk.one", "Risk.ONE "), ["approved_by.1"]),
        (("risk.one", "risk.two", "RISK.TWO"), ["approved_by.2"]),
    ],
)
def test_two_different_people_approve(names: tuple[str, ...], at: list[str]) -> None:
    """Nobody counts twice, and nobody is a blank."""
    assert found(replace(SOUND, approved_by=names)) == [("R354", place) for place in at]


def test_values_that_round_to_the_same_are_told_apart() -> None:
    """A person must see why."""
    limits = replace(SOUND, firm=FirmLimits(order_rate_per_s=Bound(soft=50.0004, hard=50)))

    assert limits_logic(limits)[0].message == "order_rate_per_s: soft 50.0004 lies beyond hard 50"


def test_every_problem_is_told_at_once() -> None:
    """From the top of the document to its end."""
    limits = replace(
        SOUND,
        approved_by=("risk.one",),
        firm=FirmLimits(daily_loss_usd=LossBound(soft=2, hard=1), drawdown_pct=LossBound(hard=101)),
        instrument={"SPY": InstrumentLimits(price_collar_pct=Bound(hard=500))},
    )
    assert [code for code, _ in found(limits)] == ["R354", "R350", "R352", "R353"]


@pytest.mark.parametrize("name", open_library(None).names(LIMITS))
def test_the_shipped_limits_have_no_problem(name: str) -> None:
    """They are what a desk starts from."""
    library = open_library(None)
    loaded = library.load(LIMITS, f"scenarios.d/{name}.yaml")

    assert loaded is not None
    assert limits_logic(loaded.value) == []


def test_the_template_has_no_problem(tmp_path: Path) -> None:
    """What ``stress new limits`` writes is valid."""
    (tmp_path / "stress.yaml").write_text("settings: ours\n", encoding="utf-8")
    target = tmp_path / "scenarios.d" / "limits" / "our_day.yaml"
    target.parent.mkdir(parents=True)
    target.write_text(TEMPLATE.read_text(encoding="utf-8").replace("@name@", "our_day"), encoding="utf-8")
    library = Library(Workspace.find(tmp_path), KINDS)
    check_document(library, "scenarios.d/limits/our_day.yaml")

    assert library.problems.all == ()


def test_the_limits_of_strategies_traders_and_the_desk_are_looked_at_too() -> None:
    """Steps out of order at their own places; rates and counts in a window have steps like the others."""
    group = GroupLimits(order_qty_shares=Bound(soft=2, hard=1), order_rate_per_s=RateBound(soft=1, hard=3, terminate=2))
    own = InstrumentLimits(duplicate_orders=WindowBound(window_ms=100, soft=3, hard=2))
    limits = replace(
        SOUND, desk=group, trader={"t": group}, strategy={"s": GroupLimits(price_collar_pct=Bound(hard=100))}
    )
    limits = replace(limits, instrument={"SPY": own})

    assert [(found.code, ".".join(map(str, found.path))) for found in limits_logic(limits)] == [
        ("R350", "instrument.SPY.duplicate_orders.soft"),
        ("R350", "desk.order_qty_shares.soft"),
        ("R350", "desk.order_rate_per_s.hard"),
        ("R350", "trader.t.order_qty_shares.soft"),
        ("R350", "trader.t.order_rate_per_s.hard"),
        ("R353", "strategy.s.price_collar_pct.hard"),
    ]
