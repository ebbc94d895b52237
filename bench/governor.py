"""How long the reference governor takes to decide, and whether that depends on past orders or on other symbols.

The governor has the shipped limits with every control that they leave off put on, limits of strategy, trader and desk
among them, and looks through the desk's real view: ledger, order table, session, last quote. Simulated time passes:
one second and a fresh quote for every 50 orders, as many as the order rate allows, so that an approved order has gone
through every check. The 50 come at one instant and are never answered, so slices, duplicates and what the strategy
holds are counted and do not bind. Every order has an id of its own, as in life: one that comes twice is denied.

    python bench/governor.py [--quick]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import count as counter

from common import Case, Work, asked_quick, heading, measured, same, table

from engine.base.units import MICROS_PER_USD, NS_PER_S
from engine.domain.governance import APPROVED, Decision, DeskView
from engine.domain.orders import (
    CancelOrder,
    Fill,
    Instruction,
    Instrument,
    Liquidity,
    NewOrder,
    OrderKind,
    OrderState,
    ReplaceOrder,
    Side,
)
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.runs.build import build
from engine.runs.documents import open_library
from engine.runs.plan import Plan, plan_run
from engine.trading.ledger import Ledger
from engine.trading.limits import Bound, GroupLimits, Limits, RateBound, WindowBound
from engine.trading.order_table import OrderTable
from engine.trading.reference import ReferenceGovernor
from engine.trading.view import View

PAST = (10, 10_000)
"""Past orders: half of them were filled, half cancelled."""
DECISIONS, QUICK_DECISIONS = 20_000, 4_000
OTHERS = (0, 499)
"""Symbols that the desk holds besides the one that is asked for."""
A_SECOND = 50
"""Decisions per simulated second; the shipped order rate allows as many approvals."""
BUDGET_S = 20e-6
"""For one decision (design, part 13)."""
SYMBOL = "SPY"
LIVE_ID, PAST_ID, NEW_ID = 1, 1_000, 1_000_000
"""The first order id of what still works, of what is over, and of what is asked."""


GROUP = GroupLimits(
    order_qty_shares=Bound(hard=450),
    position_shares=Bound(hard=10**12),
    gross_notional_usd=Bound(hard=10**15),
    order_rate_per_s=RateBound(hard=A_SECOND, terminate=10_000),
    may_trade=("SPY",),
)
"""Of strategy, trader and desk alike."""


def every_control(limits: Limits, others: Sequence[Instrument] = ()) -> Limits:
    """*limits* with nothing left off, the same for *others*, all in one sector."""
    own = replace(
        limits.instrument[SYMBOL],
        duplicate_orders=WindowBound(window_ms=100, hard=10**9),
        slicing_ms=0,
        order_to_trade=Bound(hard=10**9),
        order_rate_per_s=RateBound(hard=A_SECOND, terminate=10_000),
        source_disagreement_pct=Bound(hard=1),
        short_sale_fall_pct=50,
        sector="one",
    )
    wide = Bound(hard=10**15)
    firm = replace(
        limits.firm,
        repeated_executions=Bound(hard=10**9),
        quote_age_ms=Bound(hard=10**9),
        sector_concentration_pct=wide,
        gross_notional_usd=wide,
        leverage=wide,
        margin_pct=1e-6,
    )
    nested = replace(limits, desk=GROUP, trader={"desk": GROUP}, strategy={"main": GROUP})
    return replace(nested, firm=firm, instrument={SYMBOL: own} | {each.symbol: own for each in others})


class Approver:
    """What the yardstick calls: an answer without a thought."""

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Approve."""
        return APPROVED


class Bench:
    """A governor before a desk of its own, in a world where nothing else happens."""

    def __init__(self, plan: Plan, others: int = 0) -> None:
        """The desk of *plan* with its inventory, one order working, nothing past, and holdings in *others*."""
        built = build(plan)
        self.world = World(plan.seed)
        self.ids = counter(NEW_ID)
        self.instrument = built.instruments[0]
        beside = tuple(replace(self.instrument, symbol=f"OTHER{number}") for number in range(others))
        instruments = (self.instrument, *beside)
        self.ledger = Ledger(built.capital_micros, instruments)
        self.orders = OrderTable(self.world, [each.symbol for each in instruments])
        self.view = View(self.world, instruments, self.ledger, self.orders, built.site.desk.session)
        self.governor = ReferenceGovernor(every_control(plan.limits, beside), instruments, plan.day)
        if self.governor.off or self.governor.missing:
            raise ValueError(f"no control that is off was expected, were {self.governor.off + self.governor.missing}")
        self.ledger.open_inventory(SYMBOL, plan.scenario.desk.inventory[SYMBOL], self.instrument.price_micros)
        for each in beside:
            self.ledger.open_inventory(each.symbol, 10, each.price_micros)
            self.view.see(replace(self._quote(), symbol=each.symbol))
        self.view.start()
        self.next_second()
        self.approve(self.order(LIVE_ID, Side.BUY, 300))

    def next_second(self) -> Quote:
        """A second later, a fresh quote."""
        self.world.run(self.world.now_ns + NS_PER_S)
        quote = self._quote()
        self.view.see(quote)
        self.view.see_check(quote)
        return quote

    def _quote(self) -> Quote:
        price, tick = self.instrument.price_micros, self.instrument.tick_micros
        return Quote(self.world.now_ns, SYMBOL, price - tick, 800, price + tick, 800)

    def order(self, order_id: int, side: Side, qty: int, off_usd: float = 0.0, symbol: str = SYMBOL) -> NewOrder:
        """A limit order, *off_usd* away from the middle of the market."""
        limit_micros = self.instrument.price_micros + round(off_usd * MICROS_PER_USD)
        return NewOrder(order_id, symbol, side, qty, OrderKind.LIMIT, limit_micros)

    def approve(self, order: NewOrder) -> None:
        """Ask for *order*; it works from now on. Raise ValueError if it is denied."""
        decision = self.governor.decide(order, self.view)
        if not decision.approved:
            raise ValueError(f"an approval was expected, was '{decision.reason}'")
        self.orders.approve(order)
        self.orders.accept(order.order_id)

    def live_through(self, past: int) -> None:
        """Let *past* orders be asked, approved, and filled or cancelled."""
        for number in range(past):
            if not number % A_SECOND:
                self.next_second()
            side = Side.BUY if number % 4 < 2 else Side.SELL
            order = self.order(PAST_ID + number, side, 10, off_usd=0.0 if side is Side.BUY else 0.02)
            self.approve(order)
            if number % 2:
                self.orders.end(order.order_id, OrderState.CANCELLED, "requested")
            else:
                self._fill(order)

    def _fill(self, order: NewOrder) -> None:
        price_micros = self.instrument.price_micros
        fill = Fill(order.order_id, order.order_id, SYMBOL, order.side, order.qty, price_micros, Liquidity.TAKER, 0, 0)
        self.ledger.book(fill, 0)
        self.orders.fill(order.order_id, order.qty)
        self.view.booked(SYMBOL)
        self.governor.on_fill(fill, self.view)

    def approved(self) -> tuple[Instruction, ...]:
        """Instructions that are approved: a buy, a sell, a replace, a cancel."""
        return (
            self.order(0, Side.BUY, 100),
            self.order(0, Side.SELL, 100, off_usd=0.02),
            ReplaceOrder(0, LIVE_ID, SYMBOL, Side.BUY, 200, self.instrument.price_micros),
            CancelOrder(0, LIVE_ID, SYMBOL),
        )

    def denied(self) -> tuple[Instruction, ...]:
        """Instructions that are denied, each by another check."""
        return (
            self.order(0, Side.BUY, 100, symbol="NONE"),
            self.order(0, Side.BUY, 100_000),
            self.order(0, Side.BUY, 100, off_usd=100),
            self.order(0, Side.BUY, 400),
        )

    def fresh(self, orders: tuple[Instruction, ...], count: int) -> list[Instruction]:
        """So many of *orders*, over and over, each with an id that no other has."""
        return [replace(orders[place % len(orders)], order_id=next(self.ids)) for place in range(count)]

    def reasons(self, orders: tuple[Instruction, ...]) -> list[str]:
        """Why each of *orders* is denied; nothing for an approval."""
        self.next_second()
        return [self.governor.decide(order, self.view).reason for order in self.fresh(orders, len(orders))]

    def deciding(
        self, governor: Approver | ReferenceGovernor, orders: tuple[Instruction, ...], count: int
    ) -> Callable[[], Work]:
        """A *prepare* whose work is *count* decisions of *governor*."""
        return lambda: partial(self.decide, governor, self.fresh(orders, count))

    def decide(self, governor: Approver | ReferenceGovernor, orders: Sequence[Instruction]) -> None:
        """Let *governor* decide each of *orders*."""
        decide, view = governor.decide, self.view
        for place, order in enumerate(orders):
            if not place % A_SECOND:
                self.next_second()
            decide(order, view)

    def look(self, count: int) -> None:
        """Let the governor look at *count* quotes: it does so at each one, and ten times a second besides."""
        on_market, view = self.governor.on_market, self.view
        for _ in range(count // A_SECOND):
            quote = self.next_second()
            for _ in range(A_SECOND):
                on_market(quote, view)


def main() -> None:
    """Measure every mix with few and with many past orders, and print."""
    quick = asked_quick("Decisions per second of the reference governor.")
    count = QUICK_DECISIONS if quick else DECISIONS
    plan = plan_run(open_library(None), "flash_crash", {}, None)
    idle = Bench(plan)
    calls = idle.deciding(Approver(), idle.approved(), count)
    cases = [Case("a bare Python loop of calls (yardstick)", calls, count)]
    reasons: list[str] = []
    for past, others in (*((past, OTHERS[0]) for past in PAST), *((PAST[0], others) for others in OTHERS[1:])):
        bench = Bench(plan, others)
        bench.live_through(past)
        reasons = bench.reasons(bench.denied())
        if any(bench.reasons(bench.approved())) or not all(reasons):
            raise ValueError(f"approvals and denials were expected, was {bench.reasons(bench.approved())}, {reasons}")
        cases += _cases(bench, f"{past:,} past orders" if not others else f"{others:,} other symbols", count)
    figures = measured(cases, quick=quick)
    print(heading("The reference governor", clock="CPU time of this process", quick=quick))
    print(table(figures))
    print(f"\ndenied for: {', '.join(reasons)}")


def _cases(bench: Bench, past: str, count: int) -> list[Case]:
    mixes = {
        "approved and denied": (*bench.approved(), *bench.denied()),
        "approved": bench.approved(),
        "denied": bench.denied(),
    }
    decisions = [
        Case(f"{name}, {past}", bench.deciding(bench.governor, orders, count), count, "decision", BUDGET_S)
        for name, orders in mixes.items()
    ]
    longest = bench.approved()[:1]
    decisions.append(
        Case(
            f"a buy that every check looks at, {past}",
            bench.deciding(bench.governor, longest, count),
            count,
            "decision",
        )
    )
    return [*decisions, Case(f"a look at a quote, {past}", same(partial(bench.look, count)), count, "look")]


if __name__ == "__main__":
    main()
