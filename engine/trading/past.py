"""What the governor remembers of a session, beside the desk's books: rates, slices, repeats, rejects, last quotes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from engine.base.units import NS_PER_S
from engine.domain.governance import DeskView
from engine.domain.orders import (
    BUY,
    Fill,
    NewOrder,
    OrderState,
    OrderUpdate,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.quotes import Quote
from engine.trading.own_book import GroupBook, OwnBook
from engine.trading.price_watch import PriceWatch
from engine.trading.resting import Resting
from engine.trading.rules import GroupRules, OrderRules
from engine.trading.windows import CountWindow, KeyWindow, SumWindow

_IOC, _GTC = TimeInForce.IOC, TimeInForce.GTC

Groups = tuple[tuple[GroupRules, GroupBook], ...]
"""The limits of a strategy and a trader, each with what that holds."""

RATE_WINDOW_NS = NS_PER_S
"""Approvals of [t, t + this) count together; one that is exactly this old has left the window."""

OWN_REFUSALS = frozenset({"held", "session_down", "unknown_after_reconnect"})
"""Reasons under which the desk itself sends nothing: no word of the venue's."""


class Past:
    """Everything that :class:`engine.trading.reference.ReferenceGovernor` counts."""

    def __init__(self) -> None:
        self.book = OwnBook()
        self.resting = Resting()
        self.approved = CountWindow(RATE_WINDOW_NS)
        self.re_entries: dict[str, int] = {}
        """By strategy, how often it entered again after a fill since a person last spoke."""
        self.rejects: dict[str, int] = {}
        """By strategy, orders rejected one after the other."""
        self.watches: dict[str, PriceWatch] = {}
        self.fallen: set[str] = set()
        """Symbols that have fallen so far in this session that they may not be sold short at the bid."""
        self.strays: set[int] = set()
        """Orders that left the desk and that the governor neither approved nor commanded."""
        self.known_upto = 0
        """Ids up to this one were approved by a governor before this one."""
        self.reduces = 0
        """Orders that it commanded itself."""
        self.doubtful: set[str] = set()
        """Symbols whose last mid jumped beyond everything usual, and nothing has confirmed it."""
        self._forgiven = 0
        """Strays for which two people have lifted the stop."""
        self._approved_in: dict[str, CountWindow] = {}
        self._asked_in: dict[str, CountWindow] = {}
        self._duplicates: dict[str, KeyWindow] = {}
        # By symbol, then by place of a Side (buys at 1, sells at -1): an enumeration is slow to look up by.
        self._slices: dict[str, list[SumWindow]] = {}
        self._filled: set[tuple[str, str]] = set()

    # ---- what is asked

    def approved_in(self, symbol: str) -> CountWindow:
        """Approvals of the last second in one symbol."""
        return _window(self._approved_in, symbol)

    def duplicates(self, order: NewOrder | ReplaceOrder, now_ns: int, window_ns: int) -> int:
        """Approved orders like this one, within the window."""
        window = self._duplicates.get(order.symbol)
        if window is None:
            window = self._duplicates[order.symbol] = KeyWindow(window_ns)
        window.length_ns = window_ns
        return window.count(now_ns, kind_of(order))

    def slices(self, symbol: str, side: Side, now_ns: int, window_ns: int) -> tuple[int, float]:
        """Shares and micro-dollars approved on one side within the window."""
        windows = self._slices.get(symbol)
        if windows is None:
            windows = self._slices[symbol] = [SumWindow(window_ns) for _ in range(3)]
        window = windows[side]
        window.length_ns = window_ns
        return window.sums(now_ns)

    def enters_again(self, order: NewOrder | ReplaceOrder) -> bool:
        """Whether the strategy was filled in this symbol since it last entered."""
        return bool(self._filled) and isinstance(order, NewOrder) and (order.strategy, order.symbol) in self._filled

    @property
    def too_many_strays(self) -> bool:
        """Whether orders left the desk that nobody can have wanted, beyond those that people know of."""
        return len(self.strays) - self._forgiven > self.reduces

    def doubts(self, view: DeskView) -> bool:
        """Whether something is held whose last price is not believed yet."""
        return bool(self.doubtful) and any(view.position(symbol) for symbol in self.doubtful)

    # ---- what happens

    def forgive_strays(self) -> None:
        """People know of the strays so far: only another one calls for a stop."""
        self._forgiven = max(len(self.strays) - self.reduces, self._forgiven)

    def ask(self, order: NewOrder | ReplaceOrder, rules: OrderRules, groups: Groups, now_ns: int) -> str:
        """An order is asked for: the level whose rate of asking calls for a stop, empty if none does."""
        beyond = ""
        most = rules.rate.terminate
        if most is not None and _window(self._asked_in, order.symbol).add(now_ns) > most:
            beyond = rules.rate.level
        for group, book in groups:
            if group.rate.terminate is not None and book.asked.add(now_ns) > group.rate.terminate:
                beyond = group.level
        return beyond

    def approve(
        self,
        order: NewOrder | ReplaceOrder,
        rules: OrderRules,
        groups: Groups,
        added: int,
        worst_micros: float,
        view: DeskView,
    ) -> None:
        """An order was approved, with *added* shares more than before at *worst_micros* at most."""
        now_ns, symbol = view.now_ns, order.symbol
        self.approved.add(now_ns)
        if rules.rate.is_on:
            _window(self._approved_in, symbol).add(now_ns)
        for _, book in groups:
            book.approved.add(now_ns)
        if (same := self._duplicates.get(symbol)) is not None:
            same.add(now_ns, kind_of(order))
        if added and (slices := self._slices.get(symbol)) is not None:
            slices[order.side].add(now_ns, added, added * worst_micros)
        if self.enters_again(order):
            self.re_entries[order.strategy] = self.re_entries.get(order.strategy, 0) + 1
            self._filled.discard((order.strategy, symbol))
        self.book.approve(order)
        self.book.touch(symbol)
        if _may_rest(order):
            assert order.limit_micros is not None
            self.resting.add(symbol, order.side, order.order_id, order.limit_micros, view)

    def on_fill(self, fill: Fill) -> None:
        """Shares of an order were filled."""
        chain = self.book.on_fill(fill)
        if chain is None:
            self._stray(fill.order_id)
            return
        self._filled.add((chain.strategy, chain.symbol))
        self.rejects.pop(chain.strategy, None)

    def on_update(self, update: OrderUpdate) -> str:
        """An instruction was answered: the strategy whose order the venue has rejected, empty if it has not."""
        chain = self.book.chains.get(update.order_id)
        self.book.on_update(update)
        if chain is None:
            if update.state is OrderState.WORKING and not update.target_id:
                self._stray(update.order_id)
            return ""
        if update.state is OrderState.WORKING:
            self.rejects.pop(chain.strategy, None)
        elif update.state is OrderState.REJECTED and update.reason not in OWN_REFUSALS:
            self.rejects[chain.strategy] = self.rejects.get(chain.strategy, 0) + 1
            return chain.strategy
        return ""

    def _stray(self, order_id: int) -> None:
        if order_id > self.known_upto:
            self.strays.add(order_id)

    def on_quote(self, quote: Quote, jumps: Mapping[str, float], falls: Mapping[str, float]) -> None:
        """A quote arrived: whether it jumped beyond so many sigmas, or its mid came down to where short sales end."""
        symbol = quote.symbol
        if (most_sigmas := jumps.get(symbol)) is not None:
            watch = self.watches.get(symbol)
            if watch is None:
                watch = self.watches[symbol] = PriceWatch()
            watch.see(quote, most_sigmas)
            (self.doubtful.add if watch.sigmas else self.doubtful.discard)(symbol)
        if (from_micros := falls.get(symbol)) is not None:
            mid = quote.mid_micros
            if mid is not None and not mid > from_micros:
                self.fallen.add(symbol)


def _window(windows: dict[str, CountWindow], name: str) -> CountWindow:
    found = windows.get(name)
    if found is None:
        found = windows[name] = CountWindow(RATE_WINDOW_NS)
    return found


def kind_of(order: NewOrder | ReplaceOrder) -> Hashable:
    """What makes two orders the same but for their ids; replaces of different orders never are."""
    if isinstance(order, ReplaceOrder):
        return order.target_id, order.qty, order.limit_micros
    # The price says the kind (none: a market order); an enumeration is slow to look up by.
    return order.strategy, order.side is BUY, order.qty, order.limit_micros, order.tif is _IOC, order.tif is _GTC


def _may_rest(order: NewOrder | ReplaceOrder) -> bool:
    if isinstance(order, ReplaceOrder):
        return True
    return order.limit_micros is not None and order.tif is not _IOC
