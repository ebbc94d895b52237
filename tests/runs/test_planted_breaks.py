"""Planted in a played desk, not in a hand-made log: an order past the gateway, a lost fill, a slicer that miscounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine.base.units import ns_from_s
from engine.domain.orders import Fill, NewOrder, OrderKind, Side, TimeInForce
from engine.faults.fault import Effect
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.runs.scenario import TimelineItem
from engine.runs.timeline import Injection
from tests.runs.small import Desk, Run, run_plan

GATES = (
    {"gate": "reconciliation", "metric": "reconciliation_breaks", "must_be": 0},
    {"gate": "out_of_nowhere", "metric": "orders_out_of_nowhere", "must_be": 0},
    {"gate": "slices", "metric": "child_over_parent_shares", "must_be": 0},
)
SLICING = {
    "inventory": {"SPY": 5000},
    "strategy": {"kind": "slicing", "parent_qty_shares": 200, "slice_qty_shares": 15, "every_s": 0.5},
    "governor": {"kind": "reference"},
    "limits": "limits/equity_day",
    "venue": "venues/equity_us",
    "profile": "profiles/default",
}


@dataclass(frozen=True)
class Planted:
    """A defect that somebody puts into the site at second 60."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    plant: Callable[[Site], None]

    @property
    def own_length_s(self) -> None:
        """As long as the item says."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Plant it."""
        self.plant(site)
        yield heal

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """It is judged by the gates."""
        return Effect("nothing", 0, 0, "")


def run_with(tmp_path: Path, plant: Callable[[Site], None]) -> Run:
    """The small scenario with a desk that slices, and this defect."""
    plan = Desk(tmp_path).plan(
        *GATES, desk=SLICING, before_faults={"gates": []}, after_faults={"gates": [], "within_s": 20}
    )
    item = TimelineItem(id="planted", at_s=60, fault="planted", with_=None, for_s=1)
    injection = Injection(item, Planted(plant), ns_from_s(60), ns_from_s(61))
    return run_plan(replace(plan, injections=(injection,)))


def verdicts(run: Run) -> dict[str, str]:
    """The verdict of each gate."""
    return {gate.id: gate.verdict for gate in run.result.gates}


def nothing(_site: Site) -> None:
    """No defect."""


def past_the_gateway(site: Site) -> None:
    """An order that goes to the venue by a way of its own."""
    order = NewOrder(900_000, "SPY", Side.BUY, 7, OrderKind.LIMIT, 530_000_000, TimeInForce.DAY)
    site.venue.submit(order, site.world.now_ns)


def lost_fill(site: Site) -> None:
    """The desk's books lose the next fill that comes."""
    book, lost = site.desk.books.on_fill, list[Fill]()

    def on_fill(fill: Fill) -> None:
        if lost:
            book(fill)
        lost.append(fill)

    site.desk.books.on_fill = on_fill  # type: ignore[method-assign]


def miscounts(site: Site) -> None:
    """The slicer forgets what its slices have filled, and the governor its count of them: Knight's router."""
    strategy: Any = site.desk.strategy
    strategy.on_fill = lambda fill: strategy._over(fill.order_id) if fill.left == 0 else None
    governor: Any = site.desk.governor
    type(governor).checks = tuple(check for check in governor.checks if check.__name__ != "check_parent")
    governor._limits._rules.clear()  # with its first order it was settled what is asked


def test_an_honest_desk_is_green(tmp_path: Path) -> None:
    """With evidence: enough fills, statements, instructions and slices."""
    assert set(verdicts(run_with(tmp_path, nothing)).values()) == {"PASS"}


def test_an_order_past_the_gateway_is_red_by_two_gates(tmp_path: Path) -> None:
    """It came out of nowhere, and the desk does not know that it works."""
    run = run_with(tmp_path, past_the_gateway)

    assert verdicts(run) == {"out_of_nowhere": "FAIL", "reconciliation": "FAIL", "slices": "PASS"}
    assert "order 900000 came to the venue, nobody had asked for it at t=60.0 s" in run.gate("out_of_nowhere").reason
    assert "; first: SPY order 900000 at t=6" in run.gate("reconciliation").reason
    assert run.gate("reconciliation").reason.endswith("desk not open, broker open, observer open")


def test_a_fill_that_the_books_lose_is_the_first_break(tmp_path: Path) -> None:
    """By number, with what each of the three says."""
    run = run_with(tmp_path, lost_fill)

    assert verdicts(run)["reconciliation"] == "FAIL"
    assert "; first: SPY execution " in run.gate("reconciliation").reason
    assert run.gate("reconciliation").reason.endswith("s: desk no, broker yes, observer yes")


def test_a_slicer_that_forgets_its_fills_is_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its slices come to more than the parent, and go on."""
    from engine.trading.reference import ReferenceGovernor

    monkeypatch.setattr(ReferenceGovernor, "checks", ReferenceGovernor.checks)  # put back afterwards
    run = run_with(tmp_path, miscounts)

    assert verdicts(run)["slices"] == "FAIL"
    assert "; first: order " in run.gate("slices").reason
