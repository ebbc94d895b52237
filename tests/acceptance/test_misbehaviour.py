"""A broker that misbehaves: the desk's books hold, and each time its handling is taken out a gate goes red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.base.units import NS_PER_S
from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.domain.orders import Bust, Fill
from engine.gates.verdict import Verdict
from engine.metrics.hard_limit_breaches import hard_limit_breaches
from engine.runs.assess import Assessment, assess, evidence_of
from engine.runs.documents import KINDS
from engine.runs.plan import Plan, plan_run
from engine.runs.play import play
from engine.runs.scenario import TimelineItem
from engine.runs.timeline import Injection
from engine.trading.books import Books
from engine.trading.broker import BrokerSession
from engine.trading.ledger import Ledger
from engine.trading.order_table import OrderTable
from tests.faults.driver import REPOSITORY, made

FAULTS: dict[str, dict[str, Any]] = {
    "duplicate_fill": {"duplicate_pct": 20},
    "late_fill": {"late_pct": 30, "add_ms": 400},
    "reordered_fill": {"reorder_pct": 20, "most_ms": 400},
    "fill_after_cancel": {"late_pct": 50, "most_ms": 400},
    "lost_ack": {"lose_pct": 50},
    "late_ack": {"late_pct": 50, "add_ms": 300},
    "sequence_gap": {"lose_pct": 5},
    "slow_cancel": {"add_ms": 500},
    "unsolicited_cancel": {"every_s": 5},
    "trade_bust": {"bust_pct": 10, "side": "buy", "correct_pct": 50, "correct_bps": 50},
}
SESSION_FAULTS: dict[str, dict[str, Any]] = {
    "half_open": {},
    "broker_disconnect": {},
    "graceful_logout": {},
    "session_renewal": {},
    "broker_latency": {"add_ms": 800},
    "broker_reject": {"reject_pct": 30},
}


@cache
def plan() -> Plan:
    """The plan of misbehaviour.yaml, frozen."""
    library = Library(Workspace.find(REPOSITORY), KINDS)
    return plan_run(library, str(Path(__file__).with_name("misbehaviour.yaml")), {}, None)


def injected(fault: str, from_s: int, to_s: int) -> Injection:
    """*fault* from one second to another."""
    document = made(fault, {**FAULTS, **SESSION_FAULTS}[fault])
    item = TimelineItem(id=f"{fault}_{from_s}", at_s=from_s, fault=fault, with_=document)
    return Injection(item, document, from_s * NS_PER_S, to_s * NS_PER_S)


def judged(fault: str) -> Assessment:
    """The run with *fault* from second 10 to 70."""
    return assess(play(replace(plan(), injections=(injected(fault, 10, 70),))))


def red(assessment: Assessment) -> set[str]:
    """The gates that failed."""
    return {each.judgement.gate for each in assessment.judgements if each.judgement.verdict is Verdict.FAIL}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_books_hold_however_the_broker_misbehaves(fault: str) -> None:
    """The fault bites, and no gate of the books is red."""
    assessment = judged(fault)

    assert all(effect.held for effects in assessment.effects.values() for effect in effects)
    assert red(assessment) == set()


def booking_twice(ledger: Ledger, fill: Fill, fee_micros: int, **how: Any) -> bool:
    """A ledger that does not look at the id of an execution."""
    if ledger.has_booked(fill.exec_id):
        fill = replace(fill, exec_id=10**9 + len(ledger.booked))
    return book(ledger, fill, fee_micros, **how)


def only_in_order(books: Books, fill: Fill) -> None:
    """Books that take an execution with a lower number than the last for an old one."""
    if fill.exec_id > max(books._ledger.booked, default=0):
        on_fill(books, fill)


def only_of_live_orders(books: Books, fill: Fill) -> None:
    """Books that pass over a fill of an order that they take for dead."""
    order = books._orders.get(fill.order_id)
    if order is not None and not order.over:
        on_fill(books, fill)


def no_gaps(session: BrokerSession, number: int) -> None:
    """A session that waits for what is missing and never asks."""


def no_busts(books: Books, bust: Bust) -> None:
    """Books that do not take an execution back."""


def no_corrections(books: Books, exec_id: int, order_id: int) -> None:
    """Books that book the new execution and keep the old one."""


def nothing_missing(orders: OrderTable, order_id: int, left: int, reason: str) -> int:
    """A table that forgets an order when it ends, with the fills that have not come."""
    return cancelled(orders, order_id, 10**9, reason)


def no_implication(books: Books, order_id: int) -> None:
    """Books that take no fill for an acceptance."""


book, on_fill, cancelled = Ledger.book, Books.on_fill, OrderTable.cancelled

TAKEN_OUT: list[tuple[str, type[Any], str, Callable[..., Any], set[str]]] = [
    ("duplicate_fill", Ledger, "book", booking_twice, {"pnl_delta", "position_delta", "books_sound"}),
    ("reordered_fill", Books, "on_fill", only_in_order, {"position_delta"}),
    ("late_fill", Books, "on_fill", only_in_order, {"position_delta"}),
    ("fill_after_cancel", Books, "on_fill", only_of_live_orders, {"position_delta"}),
    ("fill_after_cancel", OrderTable, "cancelled", nothing_missing, {"books_sound"}),
    ("trade_bust", Books, "on_bust", no_busts, {"position_delta", "pnl_delta"}),
    ("trade_bust", Books, "_take_back", no_corrections, {"position_delta"}),
    ("sequence_gap", BrokerSession, "_look_for_gap", no_gaps, {"position_delta"}),
    ("lost_ack", Books, "_imply", no_implication, {"books_sound"}),
]


@pytest.mark.parametrize(
    ("fault", "place", "name", "broken", "gates"),
    TAKEN_OUT,
    ids=[f"{each[0]}-{each[3].__name__}" for each in TAKEN_OUT],
)
def test_without_its_handling_a_gate_goes_red(
    fault: str,
    place: type[Any],
    name: str,
    broken: Callable[..., Any],
    gates: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One handler is taken out of the desk, by so many lines; the gates named are red, and so is the run."""
    monkeypatch.setattr(place, name, broken)
    assessment = judged(fault)

    assert gates <= red(assessment)
    assert assessment.verdict is Verdict.FAIL


SPANS = st.tuples(st.sampled_from([*FAULTS, *SESSION_FAULTS]), st.integers(2, 25), st.integers(1, 20))


@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    seed=st.integers(0, 2**32),
    spans=st.lists(SPANS, min_size=1, max_size=5),
    passive_pct=st.sampled_from([0, 50, 90]),
    trim_pct=st.sampled_from([0, 30, 48]),
    qty=st.sampled_from([10, 90, 310]),
    side=st.sampled_from(["long", "short"]),
)
def test_no_hard_limit_is_broken_whatever_the_desk_wants_and_however_the_broker_misbehaves(
    seed: int, spans: list[tuple[str, int, int]], passive_pct: float, trim_pct: float, qty: int, side: str
) -> None:
    """By the observer's exposure: position, working orders and what is on the wire, at every instant of 50 s.

    Busts only take buys of a long desk back: what is taken out of the other side no governor can prevent.
    """
    base = plan()
    strategy = replace(
        base.scenario.desk.strategy,
        side=side,
        target_shares=100_000,
        order_qty_shares=qty,
        orders_per_s=20.0,
        passive_pct=passive_pct,
        trim_pct=trim_pct,
    )
    scenario = replace(
        base.scenario,
        clock=replace(base.scenario.clock, run_for_s=50),
        desk=replace(base.scenario.desk, strategy=strategy),
    )
    injections = tuple(
        injected(fault, from_s, from_s + for_s)
        for fault, from_s, for_s in sorted(set(spans), key=lambda span: span[1])
        if not (fault == "trade_bust" and side == "short")
    )
    played = play(replace(base, scenario=scenario, seed=seed, injections=injections))

    breaches = hard_limit_breaches(evidence_of(played))
    assert breaches.value.sum() == 0
    assert played.built.site.desk.books.check() == []
