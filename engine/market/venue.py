"""The venue: a market model, the member's orders in it, fees, safeguards, and the venue's records of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from engine.base.units import ns_from_s
from engine.domain.fees import FeeSchedule
from engine.domain.orders import Instruction, NewOrder, TimeInForce
from engine.domain.ports import NEVER_NS, Execution, Levers, LooksAhead, MarketEvent, MarketModel, VenueListener
from engine.domain.quotes import MarketState, Quote, Trade
from engine.kernel.world import World
from engine.market.announcer import Announcer
from engine.market.depth_watch import DepthWatch
from engine.market.fees import VenueFees
from engine.market.mechanics.hours import SESSION_CLOSED
from engine.market.model_document import MarketError
from engine.market.venue_document import NO_MECHANICS, Mechanics
from engine.market.venue_entry import OrderEntry
from engine.market.venue_floor import Floor
from engine.market.venue_halts import Halts, Hold
from engine.market.venue_safeguards import Safeguards

OPENING_S = 34_200.0
"""09:30:00, in seconds after midnight."""


class Venue:
    """The venue of one run. The member's session is up from the beginning."""

    def __init__(
        self,
        world: World,
        model: MarketModel,
        fees: FeeSchedule,
        day: str,
        *,
        cancel_on_disconnect: bool,
        mechanics: Mechanics = NO_MECHANICS,
        start_s: float = OPENING_S,
    ) -> None:
        """*day* is ``YYYY-MM-DD``, *start_s* the time of day of time 0 in seconds after midnight.

        Raise MarketError if *fees* has no period in force on *day*, or *mechanics* do not fit what is traded.
        """
        self.model = model
        self._world = world
        self._cancel_on_disconnect = cancel_on_disconnect
        self._instruments = {each.symbol: each for each in model.instruments}
        self._say = Announcer(world)
        self._halts = Halts(world, model, self._say, sync=self.sync, reopen=self._reopen)
        self._safeguards = Safeguards(
            world,
            model,
            self._halts,
            mechanics,
            ns_from_s(start_s),
            sync=self.sync,
            reprice=self._reprice,
            closed=self._end_day,
            restrict=self._say.restrict_short_sales,
        )
        self._watched = mechanics != NO_MECHANICS
        self._floor = Floor(
            model, self._say, VenueFees(fees, day), self._publish, self._safeguards.inside, mechanics.self_trade
        )
        self._entry = OrderEntry(model, self._say, self._floor, self._halts, self._safeguards, watched=self._watched)
        self._depths = DepthWatch(world, model, self.sync)
        self._session_up = True
        self._planned = False
        self.refusals: list[Callable[[NewOrder], str]] = self._entry.refusals
        """Faults: each is asked of every sound new order for a reason to reject it; nothing lets it pass."""

    # ---- the market

    def connect(self, listener: VenueListener) -> None:
        """Tell *listener* everything from now on."""
        self._say.listener = listener

    def start(self) -> None:
        """Let the market move by itself from now on: the opening quotes come at once."""
        self.sync()
        if self._watched:
            self._safeguards.start()
        self._wake_next()
        if isinstance(self.model, LooksAhead):
            self._world.look_ahead = partial(self._before, self.model)
        self._depths.start()

    def _before(self, market: LooksAhead, next_ns: int) -> None:
        """The clock is about to move to *next_ns*: if the market has something to say before, it is said then."""
        reached_ns = market.look_ahead(next_ns)
        if market.pending and not self._planned:
            self._planned = True
            self._world.at(reached_ns, self.sync)

    def sync(self) -> None:
        """Bring the market to now, and say what happened."""
        self._planned = False
        events = self.model.advance(self._world.now_ns)
        while True:
            for event in events:
                self._publish(event)
            if not self._watched:
                return
            self._safeguards.settle()
            events = self.model.advance(self._world.now_ns)
            if not events:
                return

    def quote(self, symbol: str) -> Quote:
        """The top of book now."""
        self.sync()
        return self.model.quote(symbol)

    def levers(self, symbol: str) -> Levers:
        """The levers of one symbol, for faults. Raise LookupError if it is not traded here."""
        if symbol not in self._instruments:
            raise LookupError(f"{symbol} is not traded here; traded are {', '.join(self._instruments)}")
        return self.model.levers(symbol)

    def open_inventory(self, symbol: str, qty: int) -> int:
        """Open the session with *qty* shares (negative: short) at the mid of now: its price in micro-dollars.

        Raise MarketError if there is no mid.
        """
        mid_micros = self.quote(symbol).mid_micros
        if mid_micros is None:
            raise MarketError(
                f"{symbol} has no bid and ask at {self._world.now_ns} ns to open an inventory at",
                "an inventory needs a two-sided market at clock.start",
            )
        price_micros = round(mid_micros)
        self._say.inventory(symbol, qty, price_micros)
        return price_micros

    def write_depth(self, symbol: str) -> None:
        """Write down how much rests in the whole book of *symbol* now; nothing if its market knows no whole book."""
        self._depths.write(symbol)

    # ---- the venue's own doing

    def bust(self, exec_ids: Sequence[int], reason: str) -> None:
        """Take executions back, as clearly erroneous: position, cash and fees as if they had never been.

        Their orders stay as they are. Raise LookupError, and do nothing, if one is unknown or taken back already.
        """
        self.sync()
        self._floor.bust(exec_ids, reason)

    def correct(self, exec_id: int, price_micros: int) -> None:
        """Take an execution back and put another in its place, at *price_micros*: a trade that was corrected.

        Raise LookupError, and do nothing, if it is unknown, taken back already, or its order is still open.
        """
        self.sync()
        self._floor.correct(exec_id, price_micros)

    def cancel_unsolicited(self, order_id: int, reason: str) -> None:
        """Take an order out that nobody asked to cancel. Raise LookupError if the venue does not hold it."""
        self.sync()
        if order_id not in self._floor.working:
            raise LookupError(f"an order that the venue holds was expected, was {order_id}")
        self._floor.end(order_id, reason)

    def halt(self, symbol: str, by: str, reason: str, *, refuses: bool) -> None:
        """Stop trading in *symbol* until :meth:`resume`; *refuses* says whether new orders are refused meanwhile.

        Raise LookupError if it is not traded here.
        """
        self.levers(symbol)
        self.sync()
        self._watched = self._entry.watched = True  # a venue without safeguards of its own can still halt
        self._halts.hold(symbol, Hold(by, MarketState.HALTED, reason, NEVER_NS, refuses))
        self.sync()

    def resume(self, symbol: str, by: str) -> None:
        """Let *symbol* go that *by* halted: a call auction, then trading, unless something else holds it."""
        self.sync()
        self._halts.release(symbol, by)
        self.sync()

    def bend_bands(self, symbol: str, factor: float) -> None:
        """Reckon the price bands of *symbol* from a reference *factor* times what it was.

        Raise MarketError if this venue has no bands.
        """
        self.sync()
        self._safeguards.bend(symbol, factor)
        self.sync()

    def print_trade(self, trade: Trade) -> None:
        """Say a trade that never was; nothing follows from it at the venue."""
        self.sync()
        self._say.tick(trade)

    # ---- the member's session

    def session_up(self, reason: str) -> None:
        """The member's session is up from now on."""
        self._set_session(up=True, reason=reason)

    def session_down(self, reason: str, *, graceful: bool = False) -> None:
        """The member's session is down from now on; with cancel-on-disconnect its day orders are taken out.

        The holes of it: after a *graceful* logout every order stays, and one that is good till cancelled always does.
        """
        if self._set_session(up=False, reason=reason) and self._cancel_on_disconnect and not graceful:
            for order_id in self._day_orders():
                self._floor.end(order_id, "cancel_on_disconnect")

    def working_ids(self) -> tuple[int, ...]:
        """The orders that the venue holds for the member, the oldest first."""
        return tuple(self._floor.working)

    # ---- orders

    def submit(self, instruction: Instruction, sent_ns: int) -> None:
        """An instruction arrives now; *sent_ns* is the sending time on the message."""
        self.sync()
        self._entry.take(instruction, sent_ns, session_up=self._session_up)
        self.sync()

    def _end_day(self) -> None:
        """The session has closed: every day order ends."""
        for order_id in self._day_orders():
            self._floor.end(order_id, SESSION_CLOSED)

    def _day_orders(self) -> list[int]:
        working = self._floor.working
        return [order_id for order_id, each in working.items() if each.order.tif is not TimeInForce.GTC]

    def _set_session(self, *, up: bool, reason: str) -> bool:
        """Whether the session changed."""
        self.sync()
        changed = up != self._session_up
        if changed:
            self._session_up = up
            self._say.session(up=up, reason=reason)
        return changed

    # ---- what the market says

    def _publish(self, event: MarketEvent) -> None:
        if isinstance(event, Execution):
            self._floor.fill(event)
        else:
            self._say.tick(event)
        if self._watched:
            self._safeguards.see(event)

    def _reprice(self, symbol: str) -> None:
        """The bands of *symbol* have moved."""
        self._floor.reprice(symbol)

    def _reopen(self, symbol: str) -> None:
        """Nobody holds *symbol* any more: an auction, then trading. The quote after it is said in any case."""
        self._safeguards.lift(symbol)
        reference_micros = self._safeguards.reference_micros(symbol)
        events = self.model.uncross(self._floor.collected(symbol), symbol, reference_micros)
        for event in events:
            self._publish(event)
        self.model.set_trading(symbol, trading=True)
        if not any(isinstance(event, Quote) for event in events):
            self._say.tick(replace(self.model.quote(symbol), t_ns=self._world.now_ns))
        traded = [event.price_micros for event in events if not isinstance(event, Quote)]
        self._safeguards.restart(symbol, traded[0] if traded else 0)
        self.sync()

    def _wake_next(self) -> None:
        """Come back at the model's next instant."""
        next_ns = self.model.next_ns()
        if next_ns < NEVER_NS:
            self._world.at(next_ns, self._wake)

    def _wake(self) -> None:
        self.sync()
        self._wake_next()
