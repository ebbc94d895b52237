"""The records of the event log: everything that happens in a run, said once, in plain types.

A record is a NamedTuple whose first field is ``t_ns``. Venue code writes the ``Venue…`` records, desk code
the desk's, the player the rest. Fields are ``int``, ``float``, ``bool`` or ``str`` only, so that each record packs
to the same bytes everywhere; money and prices are micro-dollars, quantities shares, 0 stands for "none".
"""

from __future__ import annotations

from typing import NamedTuple

# ---- the player's -------------------------------------------------------------------------------------------


class PhaseStarted(NamedTuple):
    """A phase of the run began: ``warmup before_faults timeline converge end``."""

    t_ns: int
    phase: str


class FaultStarted(NamedTuple):
    """The timeline item ``item`` began to inject ``fault``."""

    t_ns: int
    item: str
    fault: str


class FaultHealed(NamedTuple):
    """The timeline item ``item`` is over."""

    t_ns: int
    item: str
    fault: str


class FaultSkipped(NamedTuple):
    """The timeline item ``item`` stood at its no-effect value and was not injected."""

    t_ns: int
    item: str
    fault: str
    why: str


# ---- the venue's --------------------------------------------------------------------------------------------


class VenueQuote(NamedTuple):
    """The top of book changed. An empty side is 0/0."""

    t_ns: int
    symbol: str
    bid_micros: int
    bid_qty: int
    ask_micros: int
    ask_qty: int


class VenueTrade(NamedTuple):
    """A trade between others than the desk; ``aggressor`` +1 buys, -1 sells."""

    t_ns: int
    symbol: str
    price_micros: int
    qty: int
    aggressor: int


class VenueAccepted(NamedTuple):
    """The venue accepted a new order (``target_id`` 0) or a replace of ``target_id``.

    An order that the venue itself made smaller is accepted again in its own place (``target_id`` is its own id).

    ``sent_ns`` is the sending time stamped on the message; ``limit_micros`` 0 is a market order; ``touch_micros``
    the best opposite price on arrival (0: none).
    """

    t_ns: int
    order_id: int
    target_id: int
    symbol: str
    side: int
    qty: int
    limit_micros: int
    tif: str
    origin: str
    sent_ns: int
    touch_micros: int
    touch_qty: int


class VenueRejected(NamedTuple):
    """The venue rejected an instruction; ``action`` is ``new``, ``cancel`` or ``replace``."""

    t_ns: int
    order_id: int
    target_id: int
    action: str
    reason: str


class VenueCancelled(NamedTuple):
    """An order left the book unfilled; ``left`` shares were open."""

    t_ns: int
    order_id: int
    symbol: str
    left: int
    reason: str


class VenueFill(NamedTuple):
    """The desk's order was filled at the venue; ``fee_micros`` as charged (negative: rebate)."""

    t_ns: int
    exec_id: int
    order_id: int
    symbol: str
    side: int
    qty: int
    price_micros: int
    liquidity: str
    fee_micros: int
    left: int


class VenueInventory(NamedTuple):
    """The position the account opened the session with, at the venue's reference price."""

    t_ns: int
    symbol: str
    qty: int
    price_micros: int


class VenueSession(NamedTuple):
    """The desk's session at the venue's door went up or down."""

    t_ns: int
    up: bool
    reason: str


# ---- the desk's ---------------------------------------------------------------------------------------------


class DeskTick(NamedTuple):
    """A quote of venue time ``venue_ns`` arrived at the desk's feed handler."""

    t_ns: int
    symbol: str
    venue_ns: int


class Intent(NamedTuple):
    """The strategy (or the governor) wants something; ``t_ns`` is the scheduled send time to the governor.

    ``action`` is ``new``, ``cancel`` or ``replace``; ``tick_ns`` the arrival of the tick that caused it (-1: none);
    ``mid_micros`` the desk's mid (0: none); ``increasing`` whether it would raise exposure by the desk's books;
    ``parent_id`` the parent order that it is a slice of (0: none).
    """

    t_ns: int
    order_id: int
    target_id: int
    action: str
    symbol: str
    side: int
    qty: int
    limit_micros: int
    tif: str
    origin: str
    tick_ns: int
    mid_micros: int
    increasing: bool
    parent_id: int


class Decided(NamedTuple):
    """The governor's decision was received. ``intent_ns`` and ``tick_ns`` as in the intent."""

    t_ns: int
    order_id: int
    approved: bool
    reason: str
    observed: float
    limit: float
    level: str
    intent_ns: int
    tick_ns: int
    increasing: bool


class Sent(NamedTuple):
    """The gateway put an instruction on the wire."""

    t_ns: int
    order_id: int
    target_id: int
    action: str
    origin: str


class DeskOrder(NamedTuple):
    """The desk's knowledge of an order changed: ``pending working filled cancelled rejected unknown``."""

    t_ns: int
    order_id: int
    state: str
    reason: str


class DeskFill(NamedTuple):
    """The desk booked a fill; position, cash and fees are what its own ledger says after it.

    ``cash_micros`` starts at capital minus the cost of the opening inventory and includes fees.
    """

    t_ns: int
    exec_id: int
    order_id: int
    symbol: str
    side: int
    qty: int
    price_micros: int
    fee_micros: int
    position: int
    cash_micros: int
    fees_micros: int


class DeskSession(NamedTuple):
    """The desk noticed that its session went up or down."""

    t_ns: int
    up: bool


class GovernorState(NamedTuple):
    """The governor acknowledged a level for a scope. ``level``: 0 running, 1 hold, 2–5 stop L1–L4.

    ``trigger_ns`` is when the condition became true by the governor's knowledge, or when the command was given.
    """

    t_ns: int
    scope: str
    level: int
    reason: str
    trigger_ns: int


class ControlGiven(NamedTuple):
    """A person or system commanded the governor (``pause resume stop flatten``).

    ``message_id`` is that of the control message; a message that comes twice is given once.
    """

    t_ns: int
    verb: str
    scope: str
    level: int
    by: str
    reason: str
    message_id: str


class GovernorFailed(NamedTuple):
    """The governor raised, hung or returned garbage; ``how`` is ``raised``, ``hung`` or ``garbage``."""

    t_ns: int
    how: str
    where: str
    what: str


class VenueState(NamedTuple):
    """Trading in a symbol stopped, went on or met a limit: ``open limit_state paused halted closed``.

    Until the first one a symbol is open.
    """

    t_ns: int
    symbol: str
    state: str
    reason: str


class VenueBust(NamedTuple):
    """The venue took an execution back; every field but the reason as it was in its VenueFill, the fee returned."""

    t_ns: int
    exec_id: int
    order_id: int
    symbol: str
    side: int
    qty: int
    price_micros: int
    fee_micros: int
    reason: str


class DeskBust(NamedTuple):
    """The desk took an execution out of its books; position, cash and fees as in a DeskFill, after it."""

    t_ns: int
    exec_id: int
    order_id: int
    symbol: str
    position: int
    cash_micros: int
    fees_micros: int


class AgentsChanged(NamedTuple):
    """The settings of the ``agents`` reacting agents of a block changed; ``settings`` are those that differ from what
    the scenario says, as ``name=value, ...`` in the order of their names, empty if none does any more.
    """

    t_ns: int
    agent: str
    settings: str
    agents: int


class AgentLooked(NamedTuple):
    """The agent ``number`` of a block looked at the market for the first time under the block's latest settings."""

    t_ns: int
    agent: str
    number: int


class VenueDepth(NamedTuple):
    """Shares that rest on each side of a symbol's whole book, the desk's own included; written at regular times."""

    t_ns: int
    symbol: str
    bid_shares: int
    ask_shares: int


class VenueFlow(NamedTuple):
    """What the background of a symbol's book has done since the opening; written beside VenueDepth.

    ``added`` and ``cancelled`` are orders that others placed and withdrew of themselves, not in a race for a quote that
    had become stale. ``turns`` tells how busy they were: their messages, without the additional ones that a change of
    their habits brings; ``met`` is the sum, over those, of the orders of others that rested at the time. ``quoted`` are
    the orders of others that came to rest, whatever brought them, with ``quoted_shares`` together; ``quoted_squares``
    is the sum of the squares of their sizes. ``near`` are those who came to quote near the price; ``near_distance`` is
    how far from it they wanted to stand, in ticks at the usual width, summed, and ``near_squares`` the squares.
    """

    t_ns: int
    symbol: str
    added: int
    cancelled: int
    turns: int
    met: int
    quoted: int
    quoted_shares: int
    quoted_squares: float
    near: int
    near_distance: float
    near_squares: float


class VenueTrader(NamedTuple):
    """What one trader beside the desk, number ``owner`` in the book of a symbol, has bought less sold so far, and what
    everybody has traded of it; written when asked.
    """

    t_ns: int
    symbol: str
    owner: int
    position_shares: int
    volume_shares: int


class ParentOrder(NamedTuple):
    """Somebody wants ``qty`` shares worked in slices, which name it (Intent). Said anew, it is amended."""

    t_ns: int
    parent_id: int
    symbol: str
    side: int
    qty: int


class BrokerStatement(NamedTuple):
    """The broker's own books of one symbol, from what the venue told the broker: a third pair of eyes.

    ``cash_micros`` is what opening inventory, fills and fees did to cash; ``executions`` are those booked since the
    statement before, a bust with a minus: ``7 8 -7``.
    """

    t_ns: int
    symbol: str
    position: int
    cash_micros: int
    executions: str


class BrokerOrders(NamedTuple):
    """The broker's list of the orders that work, by id, in order: ``3 17 18``."""

    t_ns: int
    open_orders: str


class Finding(NamedTuple):
    """Something a reader of the result must know; ``code`` is stable."""

    t_ns: int
    code: str
    text: str


class GovernorOverride(NamedTuple):
    """What became of an override of a block: ``asked granted refused used expired``; fields as in ``NoteOverride``."""

    t_ns: int
    what: str
    scope: str
    reason: str
    by: str
    until_ns: int
    order_id: int


class LimitsSet(NamedTuple):
    """What the store of the limits holds from now on; ``sha256`` of the canonical document, empty: it is out of reach.

    Whether the governor takes it is the governor's to say.
    """

    t_ns: int
    limits: str
    version: int
    sha256: str


class DeskGap(NamedTuple):
    """A number was passed over: the broker said message ``said`` when the desk expected ``expected``; it asks again."""

    t_ns: int
    expected: int
    said: int


class DeskHeard(NamedTuple):
    """The session brought an execution out of the ordinary: ``duplicate`` (a second time) or ``reordered`` (after a
    later one).
    """

    t_ns: int
    what: str
    order_id: int
    exec_id: int


class DeskBreak(NamedTuple):
    """The broker did what it must not; it was booked as it was told, and counts as a break.

    ``fill_after_cancel``: a fill came after the order's end was confirmed · ``fill_unexpected``: for an order that has
    nothing open for it · ``bust_unexpected``: of an execution that is not in the books.
    """

    t_ns: int
    code: str
    order_id: int
    exec_id: int


class BooksChecked(NamedTuple):
    """The accounting invariants were checked: how many did not hold, and the first of them in words."""

    t_ns: int
    bookings: int
    broken: int
    first: str


class DeskClosed(NamedTuple):
    """The desk let nothing new out by itself from now on (*closed*), or does no more: something that it needs is away.

    ``governor_away`` · ``kill_switch_unreadable`` · ``record_unwritable``.
    """

    t_ns: int
    reason: str
    closed: bool


class SoftLimit(NamedTuple):
    """The governor let order ``order_id`` pass beyond a soft limit: an alert, with what it saw and where that stands.

    ``reason`` is the code under which the hard limit denies.
    """

    t_ns: int
    order_id: int
    symbol: str
    reason: str
    observed: float
    limit: float
    level: str


class VenueShortSale(NamedTuple):
    """The venue restricted short sales of a symbol for the rest of the session, at this price (0: from before it)."""

    t_ns: int
    symbol: str
    price_micros: int


Record = (
    PhaseStarted
    | FaultStarted
    | FaultHealed
    | FaultSkipped
    | VenueQuote
    | VenueTrade
    | VenueAccepted
    | VenueRejected
    | VenueCancelled
    | VenueFill
    | VenueInventory
    | VenueSession
    | DeskTick
    | Intent
    | Decided
    | Sent
    | DeskOrder
    | DeskFill
    | DeskSession
    | GovernorState
    | ControlGiven
    | GovernorFailed
    | Finding
    | VenueState
    | VenueBust
    | DeskBust
    | AgentsChanged
    | AgentLooked
    | VenueDepth
    | VenueFlow
    | VenueTrader
    | ParentOrder
    | BrokerStatement
    | BrokerOrders
    | GovernorOverride
    | LimitsSet
    | DeskGap
    | DeskHeard
    | DeskBreak
    | BooksChecked
    | DeskClosed
    | SoftLimit
    | VenueShortSale
)

KINDS: tuple[type[Record], ...] = (
    PhaseStarted,
    FaultStarted,
    FaultHealed,
    FaultSkipped,
    VenueQuote,
    VenueTrade,
    VenueAccepted,
    VenueRejected,
    VenueCancelled,
    VenueFill,
    VenueInventory,
    VenueSession,
    DeskTick,
    Intent,
    Decided,
    Sent,
    DeskOrder,
    DeskFill,
    DeskSession,
    GovernorState,
    ControlGiven,
    GovernorFailed,
    Finding,
    VenueState,
    VenueBust,
    DeskBust,
    AgentsChanged,
    AgentLooked,
    VenueDepth,
    VenueFlow,
    VenueTrader,
    ParentOrder,
    BrokerStatement,
    BrokerOrders,
    GovernorOverride,
    LimitsSet,
    DeskGap,
    DeskHeard,
    DeskBreak,
    BooksChecked,
    DeskClosed,
    SoftLimit,
    VenueShortSale,
)
"""Every kind of record; the position is its number in the packed log, so new kinds are added at the end."""
