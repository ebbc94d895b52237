"""Hand-made event logs: each call writes one record, with the values that do not matter filled in."""

from __future__ import annotations

from dataclasses import replace

from engine.base.units import MICROS_PER_USD, NS_PER_MS, NS_PER_S
from engine.domain.orders import Instrument
from engine.domain.records import (
    BrokerOrders,
    BrokerStatement,
    ControlGiven,
    Decided,
    DeskFill,
    DeskOrder,
    DeskSession,
    DeskTick,
    FaultHealed,
    FaultStarted,
    GovernorFailed,
    GovernorState,
    Intent,
    ParentOrder,
    Record,
    Sent,
    VenueAccepted,
    VenueCancelled,
    VenueFill,
    VenueInventory,
    VenueQuote,
    VenueRejected,
    VenueSession,
    VenueTrade,
)
from engine.kernel.event_log import EventLog
from engine.metrics import metrics
from engine.metrics.evidence import Evidence, Facts
from engine.metrics.series import Series
from engine.trading.limits import Bound, FirmLimits, FlattenRules, InstrumentLimits, Limits, LossBound

S = NS_PER_S
MS = NS_PER_MS
USD = MICROS_PER_USD
END = 100 * S
CAPITAL_USD = 10_000

LIMITS = Limits(
    limits="test",
    title="for tests",
    effective_from="2025-01-01",
    approved_by=("a", "b"),
    capital_usd=CAPITAL_USD,
    firm=FirmLimits(gross_notional_usd=Bound(hard=20_000), daily_loss_usd=LossBound(hard=1_000)),
    instrument={
        "A": InstrumentLimits(
            order_qty_shares=Bound(hard=50), order_notional_usd=Bound(hard=4_000), position_shares=Bound(hard=100)
        ),
        "B": InstrumentLimits(position_shares=Bound(hard=100)),
    },
    flatten=FlattenRules(participation_pct=10, collar_pct=1, slice_ms=1000),
)

FACTS = Facts(
    warmup_ns=0,
    end_ns=END,
    instruments=(Instrument("A", 100 * USD, 10_000), Instrument("B", 10 * USD, 10_000)),
    limits=LIMITS,
    capital_micros=CAPITAL_USD * USD,
)

FULL = replace(
    FACTS,
    limits=replace(
        LIMITS,
        firm=replace(LIMITS.firm, order_rate_per_s=Bound(hard=5), quote_age_ms=Bound(hard=1_000)),
        instrument={"A": replace(LIMITS.instrument["A"], price_collar_pct=Bound(hard=5))},
    ),
)
"""The facts with every limit there is."""


class Script:
    """A log in the making. Prices are USD, times nanoseconds; records may be written in any order of time."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._desk_positions: dict[str, int] = {}
        self._desk_cash = CAPITAL_USD * USD
        self._desk_fees = 0

    def add(self, *records: Record) -> Script:
        """Any record."""
        self._records += records
        return self

    def log(self) -> EventLog:
        """The records in order of time; those of one instant in the order in which they were written."""
        log = EventLog()
        for record in sorted(self._records, key=lambda one: one.t_ns):
            log.append(record)
        return log

    def evidence(self, facts: Facts = FACTS, start_ns: int = 0, end_ns: int = END) -> Evidence:
        """The log as evidence over [start, end]."""
        return Evidence(self.log(), facts, start_ns, end_ns)

    # ---- the venue

    def inventory(self, symbol: str, qty: int, usd: float) -> Script:
        """The opening inventory, at time 0."""
        self._desk_positions[symbol] = qty
        self._desk_cash -= qty * round(usd * USD)
        return self.add(VenueInventory(0, symbol, qty, round(usd * USD)))

    def quote(self, t_ns: int, bid: float, ask: float, symbol: str = "A", qty: int = 100) -> Script:
        """A quote with *qty* shares on each side that has a price."""
        sizes = qty if bid else 0, qty if ask else 0
        return self.add(VenueQuote(t_ns, symbol, round(bid * USD), sizes[0], round(ask * USD), sizes[1]))

    def trade(self, t_ns: int, qty: int, symbol: str = "A") -> Script:
        """A trade among others."""
        return self.add(VenueTrade(t_ns, symbol, 100 * USD, qty, 1))

    def accepted(
        self,
        t_ns: int,
        order_id: int,
        side: int,
        qty: int,
        limit: float = 100,
        *,
        symbol: str = "A",
        target: int = 0,
        sent_ns: int | None = None,
        origin: str = "strategy",
        touch: float = 100,
    ) -> Script:
        """The venue took an order, sent at once unless *sent_ns* says else."""
        sent = t_ns if sent_ns is None else sent_ns
        limits = round(limit * USD), round(touch * USD)
        return self.add(
            VenueAccepted(t_ns, order_id, target, symbol, side, qty, limits[0], "day", origin, sent, limits[1], 100)
        )

    def cancelled(
        self, t_ns: int, order_id: int, left: int = 0, reason: str = "requested", symbol: str = "A"
    ) -> Script:
        """The venue took an order out."""
        return self.add(VenueCancelled(t_ns, order_id, symbol, left, reason))

    def rejected(self, t_ns: int, order_id: int) -> Script:
        """The venue rejected a new order."""
        return self.add(VenueRejected(t_ns, order_id, 0, "new", "no"))

    def fill(
        self,
        t_ns: int,
        exec_id: int,
        order_id: int,
        side: int,
        qty: int,
        usd: float,
        fee: float = 0,
        symbol: str = "A",
        booked_ns: int | None = None,
    ) -> Script:
        """A fill at the venue; with *booked_ns* the desk books it then, rightly."""
        price, paid = round(usd * USD), round(fee * USD)
        self.add(VenueFill(t_ns, exec_id, order_id, symbol, side, qty, price, "taker", paid, 0))
        if booked_ns is not None:
            self.booked(booked_ns, exec_id, order_id, side, qty, usd, fee, symbol)
        return self

    def session(self, t_ns: int, *, up: bool, reason: str = "broker_disconnect") -> Script:
        """The session goes up or down at both ends at once."""
        return self.add(VenueSession(t_ns, up, reason), DeskSession(t_ns, up))

    # ---- the desk

    def booked(
        self, t_ns: int, exec_id: int, order_id: int, side: int, qty: int, usd: float, fee: float = 0, symbol: str = "A"
    ) -> Script:
        """The desk books a fill in its ledger. Call in the order of booking."""
        price, paid = round(usd * USD), round(fee * USD)
        self._desk_positions[symbol] = self._desk_positions.get(symbol, 0) + side * qty
        self._desk_cash -= side * qty * price + paid
        self._desk_fees += paid
        return self.add(
            DeskFill(
                t_ns,
                exec_id,
                order_id,
                symbol,
                side,
                qty,
                price,
                paid,
                self._desk_positions[symbol],
                self._desk_cash,
                self._desk_fees,
            )
        )

    def intent(
        self,
        t_ns: int,
        order_id: int,
        side: int = 1,
        qty: int = 10,
        *,
        action: str = "new",
        symbol: str = "A",
        target: int = 0,
        origin: str = "strategy",
        tick_ns: int = -1,
        limit: float = 100,
        mid: float = 0,
        increasing: bool = True,
        parent: int = 0,
    ) -> Script:
        """The strategy wants something."""
        return self.add(
            Intent(
                t_ns,
                order_id,
                target,
                action,
                symbol,
                side,
                qty,
                round(limit * USD),
                "day",
                origin,
                tick_ns,
                round(mid * USD),
                increasing,
                parent,
            )
        )

    def decided(
        self,
        t_ns: int,
        order_id: int,
        *,
        intent_ns: int,
        approved: bool = True,
        reason: str = "",
        limit: float = 0,
        tick_ns: int = -1,
        increasing: bool = True,
    ) -> Script:
        """The governor answers."""
        return self.add(Decided(t_ns, order_id, approved, reason, 0.0, limit, "", intent_ns, tick_ns, increasing))

    def sent(self, t_ns: int, order_id: int, action: str = "new", target: int = 0) -> Script:
        """The gateway puts an instruction on the wire."""
        return self.add(Sent(t_ns, order_id, target, action, "strategy"))

    def tick(self, t_ns: int, venue_ns: int, symbol: str = "A") -> Script:
        """A quote arrives at the desk."""
        return self.add(DeskTick(t_ns, symbol, venue_ns))

    def desk_order(self, t_ns: int, order_id: int, state: str) -> Script:
        """The desk's knowledge of an order changes."""
        return self.add(DeskOrder(t_ns, order_id, state, ""))

    # ---- the broker, and parent orders

    def stated(self, t_ns: int, position: int, cash_usd: float, executions: str = "", symbol: str = "A") -> Script:
        """The broker states a symbol."""
        return self.add(BrokerStatement(t_ns, symbol, position, round(cash_usd * USD), executions))

    def stated_orders(self, t_ns: int, open_orders: str = "") -> Script:
        """The broker states which orders work."""
        return self.add(BrokerOrders(t_ns, open_orders))

    def parent(self, t_ns: int, parent_id: int, side: int, qty: int, symbol: str = "A") -> Script:
        """Somebody wants shares worked in slices."""
        return self.add(ParentOrder(t_ns, parent_id, symbol, side, qty))

    # ---- governor, people, faults

    def state(self, t_ns: int, level: int, trigger_ns: int | None = None, scope: str = "firm") -> Script:
        """The governor acknowledges a level, triggered at once unless *trigger_ns* says else."""
        return self.add(GovernorState(t_ns, scope, level, "", t_ns if trigger_ns is None else trigger_ns))

    def control(self, t_ns: int, verb: str, level: int = 1, scope: str = "firm", by: str = "a") -> Script:
        """Somebody commands the governor."""
        return self.add(ControlGiven(t_ns, verb, scope, level, by, "", ""))

    def failed(self, t_ns: int, how: str = "raised") -> Script:
        """The governor fails."""
        return self.add(GovernorFailed(t_ns, how, "decide", "oops"))

    def fault(self, t0_ns: int, heal_ns: int | None, fault: str = "broker_disconnect", item: str = "cut") -> Script:
        """A fault is injected and, if *heal_ns* is given, healed."""
        self.add(FaultStarted(t0_ns, item, fault))
        return self if heal_ns is None else self.add(FaultHealed(heal_ns, item, fault))


def measure(name: str, evidence: Evidence) -> Series:
    """The series of the metric *name*."""
    return metrics.get(name).measure(evidence)


def points(series: Series) -> list[tuple[int, float]]:
    """The series as pairs of time and value."""
    return list(zip(series.t_ns.tolist(), series.value.tolist(), strict=True))


def chances(series: Series) -> list[float]:
    """The counts of the series' opportunities."""
    return [one.count for one in series.opportunities]


def firm_limits(firm: FirmLimits) -> Facts:
    """The facts with other limits of the firm."""
    return replace(FACTS, limits=replace(LIMITS, firm=firm))
