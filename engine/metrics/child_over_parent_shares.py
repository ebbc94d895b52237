"""Slices that came to more than what was to be sliced: the second Knight check."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engine.domain.orders import Origin
from engine.domain.records import ParentOrder, VenueAccepted, VenueFill
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import SETTLE_NS, Evidence
from engine.metrics.folds import in_window, intents, observer, once_per_log, places, series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

CHILDREN_NEEDED = 2
"""What is not sliced cannot be sliced into too much."""
NEAR_PCT = 80.0
"""How far slices have to come with a parent before none too many means something; as exposure for a breach."""


@metric(unit="shares", better="lower", stat="sum", zero_tolerance=True)
def child_over_parent_shares(evidence: Evidence) -> Series:
    """Shares by which slices at the venue came to more than the parent order that they are slices of.

    Of a parent (ParentOrder): what its children have filled and still work at the venue, by the venue observer, may
    never be more than its quantity; a child of another symbol or side, or of a parent that nobody gave, is too much
    altogether. The parent of an order of the governor's is the position that it gives up: what the governor's orders
    may still fill may never be more than the largest position of the 500 ms before it was sent, on the other side.
    Knight Capital's router on 1 August 2012 lost count of what its children had filled, and sent on (SEC release
    34-70694, 2013). The shares too many at each child's acceptance, 0 at the end of the window. Proves something only
    if a parent was sliced, at least two times, and slices came to at least 80 % of one. Source: ParentOrder and Intent
    records, venue records; exact.
    """
    family = _family(evidence.log)
    found = family.found
    samples = [(t_ns, float(over)) for t_ns, over, _ in found] + [(window(evidence)[1], 0.0)]
    children = sum(in_window(evidence, t_ns) for t_ns, _, _ in found)
    inside = [text for t_ns, over, text in found if over and in_window(evidence, t_ns)]
    furthest_pct = max((pct for t_ns, pct in family.worked if in_window(evidence, t_ns)), default=0.0)
    chances = (
        Opportunity(children, CHILDREN_NEEDED, "slices that the venue took"),
        Opportunity(furthest_pct, NEAR_PCT, "% of a parent that slices came to"),
    )
    return series(samples, "shares", Basis.EXACT, chances, first=inside[0] if inside else "")


@once_per_log
def _family(log: EventLog) -> _Family:
    """Parents and children, after everything that the venue said."""
    books = observer(log)
    said: list[tuple[int, int | ParentOrder | VenueAccepted | VenueFill]] = [
        *((seq, order_id) for order_id, (seq, _) in books.ended.items()),  # first: a replace takes its target's place
        *zip(places(log)[ParentOrder].tolist(), log.of(ParentOrder), strict=True),
        *((one.seq, one.record) for one in books.acceptances),
        *((one.seq, one.record) for one in books.executions),
    ]
    family = _Family(log)
    for seq, one in sorted(said, key=lambda pair: pair[0]):
        if isinstance(one, ParentOrder):
            family.parents[one.parent_id] = one
        elif isinstance(one, VenueAccepted):
            over = family.take(seq, one)
            if over is not None:
                family.found.append(
                    (one.t_ns, over, f"order {one.order_id} at t={one.t_ns / 1e9:,.1f} s, {over:,} shares")
                )
        elif isinstance(one, VenueFill):
            family.fill(one.order_id, one.qty)
        else:
            family.open.pop(one, None)
    return family


class _Family:
    """Parents, their children, and what these have filled and still work."""

    def __init__(self, log: EventLog) -> None:
        self.parents: dict[int, ParentOrder] = {}
        self.open: dict[int, int] = {}
        """Shares that each child may still fill."""
        self.found: list[tuple[int, int, str]] = []
        """Each child that the venue took: when, how many shares too many it made, and which it was."""
        self.worked: list[tuple[int, float]] = []
        """At each of them, how far the slices had come with their parent, in percent of it."""
        self._log = log
        self._parent_of: dict[int, int] = {}
        self._children: defaultdict[int, list[int]] = defaultdict(list)
        self._filled: defaultdict[int, int] = defaultdict(int)
        self._governors: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self._told: defaultdict[int, int] = defaultdict(int)
        self._begun_with: defaultdict[tuple[str, int], int] = defaultdict(int)

    def take(self, seq: int, order: VenueAccepted) -> int | None:
        """The venue took *order*: how many shares too many that makes; None if it is nobody's child."""
        parent_id = self._parent(order)
        if parent_id:
            self._parent_of[order.order_id] = parent_id
            self._enter(order, self._children[parent_id])
            return self._over_parent(parent_id, order)
        if order.origin == Origin.GOVERNOR.value:
            siblings = self._governors[order.symbol, order.side]
            self._enter(order, siblings)
            held = max(-order.side * _largest(self._log, order, seq), 0)
            working = sum(self.open.get(one, 0) for one in siblings)
            whole = self._begun_with[order.symbol, order.side] = max(self._begun_with[order.symbol, order.side], held)
            self._came_to(order, whole - held + working, whole)
            return min(max(working - held, 0), order.qty)
        return None

    def fill(self, order_id: int, qty: int) -> None:
        """A child was filled."""
        if order_id in self.open:
            self.open[order_id] -= qty
        if order_id in self._parent_of:
            self._filled[self._parent_of[order_id]] += qty

    def _enter(self, order: VenueAccepted, siblings: list[int]) -> None:
        """One more child works; those that work no more are forgotten."""
        self.open[order.order_id] = order.qty
        siblings[:] = [*(one for one in siblings if one in self.open and one != order.order_id), order.order_id]

    def _came_to(self, order: VenueAccepted, shares: int, whole: int) -> None:
        if whole > 0:
            self.worked.append((order.t_ns, 100 * shares / whole))

    def _parent(self, order: VenueAccepted) -> int:
        """The parent of an order; a replace has that of what it takes the place of."""
        intent = intents(self._log).get(order.order_id)
        named = intent.parent_id if intent is not None else 0
        return named or self._parent_of.get(order.target_id, 0) or self._parent_of.get(order.order_id, 0)

    def _over_parent(self, parent_id: int, order: VenueAccepted) -> int:
        """Shares beyond the parent that were not told before."""
        parent = self.parents.get(parent_id)
        if parent is None or (parent.symbol, parent.side) != (order.symbol, order.side):
            return order.qty
        used = self._filled[parent_id] + sum(self.open.get(one, 0) for one in self._children[parent_id])
        self._came_to(order, used, parent.qty)
        over = max(used - parent.qty, 0)
        new, self._told[parent_id] = max(over - self._told[parent_id], 0), over
        return new


def _largest(log: EventLog, order: VenueAccepted, seq: int) -> int:
    """The position that was largest on the side that *order* gives up, from 500 ms before it was sent until now."""
    steps = observer(log).account(order.symbol).steps()
    first = max(int(np.searchsorted(steps.t_ns, order.sent_ns - SETTLE_NS, side="right")) - 1, 0)
    last = int(steps.at(np.array([seq]))[0])
    positions = steps.position[first : last + 1]
    return int(positions.max() if order.side < 0 else positions.min())
