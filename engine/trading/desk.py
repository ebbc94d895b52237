"""The desk: feed, strategy, governor, gateway, session and books, put together.

One order's life: a quote arrives, the strategy wants something (Intent), the governor decides (Decided), the gateway
sends (Sent), the venue answers, the books change (DeskOrder, DeskFill). Each step waits for its stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any, Protocol

from engine.base.units import NS_PER_MS
from engine.domain.fees import FeeSchedule
from engine.domain.governance import FIRM, VENUE, CancelAll, Command, Control, Decision, Level, NoteOverride, Reduce
from engine.domain.orders import Bust, CancelOrder, Fill, Instruction, Instrument, NewOrder, OrderUpdate, Origin
from engine.domain.ports import Governor, Venue
from engine.domain.quotes import Quote, StateChange, Tick
from engine.domain.records import ControlGiven, GovernorOverride, GovernorState, LimitsSet, ParentOrder
from engine.kernel.world import Process, World
from engine.trading.books import Books
from engine.trading.broker import BrokerSession
from engine.trading.check_source import CheckSource, CheckSourceDocument
from engine.trading.control_message import ControlMessage
from engine.trading.feed import Feed
from engine.trading.gateway import Gateway
from engine.trading.governor_away import GOVERNOR_AWAY, GovernorAway
from engine.trading.ledger import Ledger
from engine.trading.limits import Limits
from engine.trading.limits_sha import limits_sha
from engine.trading.limits_source import LimitsStore
from engine.trading.order_path import NO_TICK, OrderPath
from engine.trading.order_table import OrderTable
from engine.trading.profile import Profile
from engine.trading.stages import Link, Stage
from engine.trading.statements import Statements
from engine.trading.strategy import StrategyDocument
from engine.trading.view import View

TIMER_NS = 100 * NS_PER_MS
"""How often the governor's timer runs (the governor contract)."""

LOG_OUT_LOOK_NS = 10 * NS_PER_MS
LOG_OUT_PATIENCE_NS = 1_000 * NS_PER_MS
"""How long a logout waits for the last cancels to be answered, at most: our assumption."""


TellUpdate = Callable[[OrderUpdate, View], Sequence[Command]]
TellParent = Callable[[ParentOrder, View], Sequence[Command]]


class Asker(Protocol):
    """Somebody who wants instructions decided and hears what becomes of them: the strategy, or a guest."""

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """The governor approved or denied *instruction*."""
        ...

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was answered, or an order ended."""
        ...

    def on_fill(self, fill: Fill) -> None:
        """An order was filled."""
        ...


class Desk:
    """The trading system under test, as the venue's listener. Faults pull ``feed`` and ``session``, and :meth:`ask`."""

    def __init__(
        self,
        world: World,
        venue: Venue,
        governor: Governor,
        strategy: StrategyDocument,
        ledger: Ledger,
        profile: Profile,
        fees: FeeSchedule,
        day: str,
        instruments: Sequence[Instrument],
    ) -> None:
        """*day* (``YYYY-MM-DD``) says which fees are in force. Raise LookupError if none are."""
        times = profile.stages
        self.governor = governor
        self.new_governor: Callable[[Mapping[str, Any] | None], Governor] | None = None
        """Starts the governor anew from a saved state, for a desk that has lost it; the run sets it."""
        self.strategy = strategy.build(world, instruments)
        self.ledger = ledger
        self.orders = OrderTable(world, [instrument.symbol for instrument in instruments])
        self.books = Books(
            world, self.orders, ledger, fees, day, told=self._on_told, booked=self._on_booked, busted=self._on_busted
        )
        order_link, ack_link = Link(world, "order_link", times.order_link), Link(world, "ack_link", times.ack_link)
        self.session = BrokerSession(world, venue, order_link, ack_link, self.books)
        self.books.statement = self.session.statement
        self.view = View(world, instruments, ledger, self.orders, self.session)
        self.gateway = Gateway(Stage(world, "gateway", times.gateway), self.session, refuse=self.books.on_update)
        governor_stage = Stage(world, "governor", times.governor)
        self.path = OrderPath(
            world, governor, governor_stage, self.gateway, self.orders, self.view, decided=self._on_decided
        )
        feed_link, handler = Link(world, "feed_link", times.feed_link), Stage(world, "feed_handler", times.feed_handler)
        self.feed = Feed(world, feed_link, handler, self._on_decoded, self._on_state, self.view.see_gap)
        self._thinking = Stage(world, "strategy_stage", times.strategy)
        self._world = world
        self._ids = count(1)
        self._instruments = {instrument.symbol: instrument for instrument in instruments}
        self._guests: dict[int, Asker] = {}
        """Who asked for an instruction that the strategy did not ask for."""
        self._noticed: GovernorAway | None = None
        """The absence that the desk has closed for."""
        self._leaving = False
        self._wide = {FIRM: Level.RUNNING, VENUE: Level.RUNNING}
        """Where the scopes stand that cover everything: either at L4 ends the session."""
        self.limits_store: LimitsStore | None = None
        """Where a governor that watches its limits reads them; the run sets it."""
        self._seat(governor)
        self._obeyed: set[str] = set()
        """The ids of the control messages that were obeyed."""
        self.statements = Statements(world)
        self.slips: list[Callable[[NewOrder], NewOrder]] = []
        """Faults: each may make another order of one that the strategy wants, before the governor is asked."""
        # As the venue's listener: ticks and states go to the feed.
        self.on_tick: Callable[[Tick], None] = self.feed.send
        self.on_state = self.feed.send_state

    def add_check_source(self, document: CheckSourceDocument) -> None:
        """Hear the venue's quotes by a second line too. Call it before the market begins."""
        source, first = CheckSource(self._world, document, self.view.see_check), self.feed.send

        def both(tick: Tick) -> None:
            first(tick)
            source.send(tick)

        self.on_tick = both

    def open_inventory(self, symbol: str, qty: int, price_micros: int) -> None:
        """The position that the session opens with, taken over at *price_micros*. Call it before :meth:`start`."""
        self.ledger.open_inventory(symbol, qty, price_micros)
        self.view.open_inventory(symbol, price_micros)
        self.statements.open_inventory(symbol, qty, price_micros)

    def start(self) -> None:
        """The session begins: losses are measured from here, and the governor's timer runs."""
        self.view.start()
        self._world.at(self._world.now_ns, self._plan_timer)
        self.statements.start()

    # ---- as the venue's listener: every answer goes to the venue's end of the session, and into the broker's books

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was answered, or an order ended."""
        self.statements.on_update(update)
        self.session.on_update(update)

    def on_fill(self, fill: Fill) -> None:
        """An order was filled."""
        self.statements.on_fill(fill)
        self.session.on_fill(fill)

    def on_bust(self, bust: Bust) -> None:
        """An execution was taken back."""
        self.statements.on_bust(bust)
        self.session.on_bust(bust)

    # ---- from outside

    def receive(self, message: ControlMessage) -> bool:
        """A control message arrives; False if it was obeyed before, and so is not obeyed again."""
        if message.id in self._obeyed:
            return False
        self._obeyed.add(message.id)
        self.control(message.control())
        return True

    def publish_limits(self, limits: Limits | None) -> None:
        """From now on this is what the store of the limits holds; None: it cannot be reached."""
        if self.limits_store is None:
            return
        self.limits_store.limits = limits
        said = ("", 0, "") if limits is None else (limits.limits, limits.version, limits_sha(limits))
        self._world.record(LimitsSet(self._world.now_ns, *said))

    def announce(self, parent: ParentOrder) -> None:
        """Somebody wants *parent* worked in slices, which name it; said anew with another size, it is amended."""
        self._world.record(parent)
        if self._tell_parent is not None:
            self._execute(self._tell_parent(parent, self.view))

    def control(self, control: Control) -> None:
        """A person or a system commands the governor."""
        self._world.record(
            ControlGiven(
                self._world.now_ns,
                control.verb,
                control.scope,
                int(control.level),
                control.by,
                control.reason,
                control.message_id,
            )
        )
        self._execute(self.governor.on_control(control, self.view))

    def lose_governor(self, notice_ns: int) -> GovernorAway:
        """The governor does not answer any more; after *notice_ns* the desk knows, and closes (for faults).

        What is asked until then waits. Everything that happens is kept for :meth:`regain_governor`.
        """
        away = GovernorAway(self.governor)
        self._seat(away)
        self.path.wait()
        self._world.at(self._world.now_ns + notice_ns, lambda: self._notice(away))
        return away

    def regain_governor(self, away: GovernorAway, governor: Governor) -> None:
        """*governor* sits where *away* sat: it is told what has happened, then asked again."""
        self._seat(governor)
        self._execute(away.catch_up(governor, self.view))
        if self._noticed is away:
            self._noticed = None
            self.path.door.open(GOVERNOR_AWAY)
        self.path.go_on()

    def _notice(self, away: GovernorAway) -> None:
        if self.governor is away:
            self._noticed = away
            self.close(GOVERNOR_AWAY)
            self.path.go_on()

    def close(self, reason: str) -> None:
        """Let nothing new out from now on; what was approved and has not left stays. :meth:`open` ends it."""
        self.path.door.close(reason)
        self.gateway.hold(FIRM)

    def open(self, reason: str) -> None:
        """This reason to be closed is over."""
        self.path.door.open(reason)

    def overhear(self, order_id: int, asker: Asker) -> None:
        """*asker*, and not the strategy, hears of this order; it passes on what the strategy must know."""
        self._guests[order_id] = asker

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Everything in which instructions and ticks wait their turn, for faults."""
        return self.feed.handler, self._thinking, self.path.stage, self.gateway.stage

    def new_id(self) -> int:
        """The next id of an instruction."""
        return next(self._ids)

    def instrument(self, symbol: str) -> Instrument:
        """The instrument of that symbol. Raise LookupError if the desk does not trade it."""
        return self._instruments[symbol]

    def ask(self, instruction: Instruction, asker: Asker) -> int:
        """Let the governor decide *instruction*, which no tick caused; its id, given here (pass 0).

        *asker*, and not the strategy, is told what becomes of it. For faults that load the desk.
        """
        order_id = next(self._ids)
        self._guests[order_id] = asker
        self.path.ask(replace(instruction, order_id=order_id), NO_TICK)
        return order_id

    # ---- what happens to it

    def _seat(self, governor: Governor) -> None:
        self.governor = self.path.governor = governor
        # A governor need not want to hear of these (docs/reference/governor.md).
        self._tell_update: TellUpdate | None = getattr(governor, "on_update", None)
        self._tell_parent: TellParent | None = getattr(governor, "on_parent", None)

    def _on_decoded(self, tick: Tick, arrival_ns: int) -> None:
        """The feed handler is done with *tick*. Only quotes go on to the strategy."""
        self.view.see(tick)
        if commands := self.governor.on_market(tick, self.view):
            self._execute(commands)
        if isinstance(tick, Quote):
            self._thinking.through(partial(self._on_quote, tick, arrival_ns))

    def _on_quote(self, quote: Quote, arrival_ns: int) -> None:
        for wanted in self.strategy.on_tick(quote, self.view, self._ids):
            if isinstance(wanted, ParentOrder):
                self.announce(wanted)
            else:
                self.path.ask(self._slipped(wanted) if self.slips else wanted, arrival_ns)

    def _slipped(self, wanted: Instruction) -> Instruction:
        for slip in self.slips if isinstance(wanted, NewOrder) else ():
            assert isinstance(wanted, NewOrder)
            wanted = slip(wanted)
        return wanted

    def _on_decided(self, instruction: Instruction, decision: Decision) -> None:
        self._asker(instruction.order_id).on_decision(instruction, decision)

    def _on_told(self, update: OrderUpdate) -> None:
        # The answer to the governor's cancel of a guest's order names the order only as its target.
        known = update.order_id if update.order_id in self._guests else update.target_id
        self._asker(known).on_update(update)
        if self._tell_update is not None:
            self._execute(self._tell_update(update, self.view))

    def _on_booked(self, fill: Fill) -> None:
        self.view.booked(fill.symbol)
        self._asker(fill.order_id).on_fill(fill)
        self._execute(self.governor.on_fill(fill, self.view))

    def _on_busted(self) -> None:
        self.view.booked()

    def _on_state(self, change: StateChange) -> None:
        """The feed handler is done with a state of the market; the governor finds it in its view."""
        self.view.see_state(change)

    def _plan_timer(self) -> None:
        self._world.at(self._world.now_ns + TIMER_NS, self._on_timer)

    def _on_timer(self) -> None:
        if commands := self.governor.on_timer(self.view):
            self._execute(commands)
        self._plan_timer()

    def _asker(self, order_id: int) -> Asker:
        return self._guests.get(order_id, self.strategy)

    # ---- what the governor wants done

    def _execute(self, commands: Sequence[Command]) -> None:
        for command in commands:
            if isinstance(command, CancelAll):
                self._cancel_all(command.scope)
            elif isinstance(command, Reduce):
                self.path.command(replace(command.order, order_id=next(self._ids), origin=Origin.GOVERNOR))
            elif isinstance(command, NoteOverride):
                self._world.record(
                    GovernorOverride(
                        self._world.now_ns,
                        command.what,
                        command.scope,
                        command.reason,
                        command.by,
                        command.until_ns,
                        command.order_id,
                    )
                )
            else:
                self._set_state(command.scope, command.level, command.reason, command.trigger_ns)

    def _cancel_all(self, scope: str) -> None:
        """Cancel every live order in *scope*, but those that a cancel is on its way to."""
        for order in self.orders.live(scope):
            if not order.cancelling:
                self.path.command(CancelOrder(next(self._ids), order.order_id, order.symbol, Origin.GOVERNOR))

    def _set_state(self, scope: str, level: Level, reason: str, trigger_ns: int) -> None:
        # The governor says when by the desk's clock; the record is by the true one.
        trigger_ns -= self.view.clock_offset_ns
        self._world.record(GovernorState(self._world.now_ns, scope, int(level), reason, trigger_ns))
        if level >= Level.HOLD:
            self.gateway.hold(scope)
        if scope not in self._wide:
            return
        self._wide[scope] = level
        if max(self._wide.values()) < Level.L4:
            self._leaving = False
            self.session.log_in(reason)
        elif not self._leaving:
            self._leaving = True
            self._world.start(self._leave(reason))

    def _leave(self, reason: str) -> Process:
        """Log out once every order is dead, or patience is: the orders of an L4 must still reach the venue."""
        deadline_ns = self._world.now_ns + LOG_OUT_PATIENCE_NS
        while self._leaving and len(self.orders) and self._world.now_ns < deadline_ns:
            yield self._world.wait_ns(LOG_OUT_LOOK_NS)
        if self._leaving:
            self.session.log_out(reason)
