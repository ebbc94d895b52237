"""A small world for tests of the desk: an honest venue in memory, and plain documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from engine.base.units import NS_PER_MS
from engine.domain.fees import FeePeriod, FeeSchedule
from engine.domain.governance import APPROVED, Command, Control, Decision, DeskView
from engine.domain.orders import (
    CancelOrder,
    Fill,
    Instruction,
    Instrument,
    Liquidity,
    NewOrder,
    OrderKind,
    OrderState,
    OrderUpdate,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.ports import Governor, VenueListener
from engine.domain.quotes import Quote, Tick
from engine.domain.records import Record, VenueSession
from engine.kernel.world import World
from engine.trading.desk import Desk
from engine.trading.ledger import Ledger
from engine.trading.profile import Profile, ServiceTime, StageTimes
from engine.trading.strategy import StrategyDocument

SPY = Instrument("SPY", 540_000_000, 10_000)
AAPL = Instrument("AAPL", 200_000_000, 10_000)
DAY = "2025-08-05"
CAPITAL_MICROS = 2_000_000_000_000


def fixed(us: float) -> ServiceTime:
    """A service time whose median is *us* and that never gets longer."""
    return ServiceTime(p50_us=us, p99_us=us, p999_us=us, max_us=us)


QUICK = Profile(
    profile="quick",
    title="A desk for tests",
    source="made up for tests",
    stages=StageTimes(
        feed_link=fixed(40),
        feed_handler=fixed(10),
        strategy=fixed(20),
        governor=fixed(100),
        gateway=fixed(20),
        order_link=fixed(1000),
        ack_link=fixed(1000),
    ),
)

FEES = FeeSchedule(
    rounding="half_even",
    round_to_usd=0.01,
    periods=(
        FeePeriod(
            from_="2025-01-01",
            source="made up for tests",
            maker_usd_per_share=-0.002,
            taker_usd_per_share=0.003,
            sec_usd_per_million=0,
            taf_usd_per_share=0,
            taf_cap_usd=0,
        ),
    ),
)


def quote(t_ns: int = 0, bid: int = 539_990_000, ask: int = 540_010_000, symbol: str = "SPY", qty: int = 800) -> Quote:
    """A quote of *symbol* at the venue."""
    return Quote(t_ns, symbol, bid, qty if bid else 0, ask, qty if ask else 0)


def buy(order_id: int, qty: int = 100, limit: int = 540_010_000, tif: TimeInForce = TimeInForce.DAY) -> NewOrder:
    """A limit buy of SPY."""
    return NewOrder(order_id, "SPY", Side.BUY, qty, OrderKind.LIMIT, limit, tif)


def sell(order_id: int, qty: int = 100, limit: int = 539_990_000, tif: TimeInForce = TimeInForce.DAY) -> NewOrder:
    """A limit sell of SPY."""
    return NewOrder(order_id, "SPY", Side.SELL, qty, OrderKind.LIMIT, limit, tif)


class MemoryVenue:
    """A venue that keeps every promise: it accepts, fills at the touch what crosses it, and rests the remainder."""

    def __init__(self, world: World, *, cancel_on_disconnect: bool = False) -> None:
        self.listener: VenueListener | None = None
        self.resting: dict[int, NewOrder] = {}
        self.filled: dict[int, int] = {}
        self.arrived: list[tuple[int, Instruction, int]] = []
        self.quotes = {"SPY": quote()}
        self._world = world
        self._cancel_on_disconnect = cancel_on_disconnect
        self._execs = 0

    def submit(self, instruction: Instruction, sent_ns: int) -> None:
        self.arrived.append((self._world.now_ns, instruction, sent_ns))
        if isinstance(instruction, NewOrder):
            self._accept(instruction, 0, 0)
        elif instruction.target_id not in self.resting:
            self.say(OrderUpdate(instruction.order_id, instruction.target_id, OrderState.REJECTED, "too_late", 0))
        elif isinstance(instruction, CancelOrder):
            left = self.resting.pop(instruction.target_id).qty
            self.say(OrderUpdate(instruction.order_id, instruction.target_id, OrderState.CANCELLED, "requested", left))
        else:
            self._replace(instruction)

    def quote(self, symbol: str) -> Quote:
        return self.quotes[symbol]

    def session_up(self, reason: str) -> None:
        self._world.record(VenueSession(self._world.now_ns, up=True, reason=reason))

    def session_down(self, reason: str, *, graceful: bool = False) -> None:
        self._world.record(VenueSession(self._world.now_ns, up=False, reason=reason))
        if self._cancel_on_disconnect and not graceful:
            for order_id, order in tuple(self.resting.items()):
                del self.resting[order_id]
                self.say(OrderUpdate(order_id, 0, OrderState.CANCELLED, "cancel_on_disconnect", order.qty))

    def move(self, new: Quote) -> None:
        """The market moves to *new*."""
        self.quotes[new.symbol] = new
        assert self.listener is not None
        self.listener.on_tick(new)

    def hit(self, order_id: int, qty: int) -> None:
        """Somebody trades against a resting order."""
        order = self.resting[order_id]
        assert order.limit_micros is not None
        self._fill(order, qty, order.limit_micros, Liquidity.MAKER)

    def _replace(self, replace: ReplaceOrder) -> None:
        old = self.resting.pop(replace.target_id)
        filled = self.filled.get(replace.target_id, 0)
        new = NewOrder(
            replace.order_id, old.symbol, old.side, replace.qty - filled, old.kind, replace.limit_micros, old.tif
        )
        self._accept(new, replace.target_id, filled)

    def _accept(self, order: NewOrder, target_id: int, filled: int) -> None:
        self.resting[order.order_id] = order
        self.filled[order.order_id] = filled
        self.say(OrderUpdate(order.order_id, target_id, OrderState.WORKING, "", order.qty))
        touch = self.quotes[order.symbol].touch_micros(order.side)
        if touch and (order.limit_micros is None or order.side * (order.limit_micros - touch) >= 0):
            self._fill(order, order.qty, touch, Liquidity.TAKER)
        elif order.tif is TimeInForce.IOC:
            del self.resting[order.order_id]
            self.say(OrderUpdate(order.order_id, 0, OrderState.CANCELLED, "ioc_remainder", order.qty))

    def _fill(self, order: NewOrder, qty: int, price: int, liquidity: Liquidity) -> None:
        self._execs += 1
        left = order.qty - qty
        self.filled[order.order_id] += qty
        if left:
            self.resting[order.order_id] = NewOrder(
                order.order_id, order.symbol, order.side, left, order.kind, order.limit_micros, order.tif
            )
        else:
            self.resting.pop(order.order_id, None)
        fill = Fill(self._execs, order.order_id, order.symbol, order.side, qty, price, liquidity, 999_999, left)
        assert self.listener is not None
        self.listener.on_fill(fill)

    def say(self, update: OrderUpdate) -> None:
        """Answer the desk."""
        assert self.listener is not None
        self.listener.on_update(update)


@dataclass
class Script:
    """A strategy document and strategy in one: what it wants after its n-th quote, and all that it was told."""

    wants: Sequence[Sequence[Instruction]] = ()
    told: list[object] = field(default_factory=list)
    quotes: int = 0

    def build(self, world: World, instruments: Sequence[Instrument]) -> Script:
        return self

    def on_tick(self, quote: Quote, view: DeskView, ids: Iterator[int]) -> Sequence[Instruction]:
        self.quotes += 1
        wants = self.wants[self.quotes - 1] if self.quotes <= len(self.wants) else ()
        assert [each.order_id for each in wants] == list(islice(ids, len(wants))), "the script must know the desk's ids"
        return wants

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        self.told.append(decision)

    def on_update(self, update: OrderUpdate) -> None:
        self.told.append(update)

    def on_fill(self, fill: Fill) -> None:
        self.told.append(fill)


@dataclass
class Ruler:
    """A governor that follows a rule for decisions and answers each control with the commands it is given."""

    rule: Callable[[Instruction, DeskView], Decision] = lambda _order, _view: APPROVED
    commands: tuple[Command, ...] = ()
    timers: int = 0
    seen: list[Tick | Fill] = field(default_factory=list)

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        return self.rule(order, view)

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        self.seen.append(fill)
        return ()

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        self.seen.append(tick)
        return ()

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        return self.commands

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        self.timers += 1
        return ()


def desk_in(
    world: World,
    venue: MemoryVenue,
    strategy: StrategyDocument,
    governor: Governor | None = None,
    profile: Profile = QUICK,
) -> Desk:
    """A started desk of SPY at *venue*."""
    desk = Desk(world, venue, governor or Ruler(), strategy, Ledger(CAPITAL_MICROS, (SPY,)), profile, FEES, DAY, (SPY,))
    venue.listener = desk
    desk.start()
    return desk


def log_of(world: World, *kinds: type[Record]) -> list[Record]:
    """The records of these kinds, in order."""
    return [record for record in world.log if isinstance(record, kinds)]


def run_ms(world: World, ms: float) -> None:
    """Let *ms* milliseconds pass."""
    world.run(world.now_ns + round(ms * NS_PER_MS))
