"""Overrides of a block (RTS 6 Art. 15(6)): asked for by two different people, for one order, and soon over.

Stops, holds, losses, a missing limit and a malformed order cannot be overridden: those are put right or re-armed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.base.units import NS_PER_S
from engine.domain.governance import Control, NoteOverride, covers

OVERRIDABLE = frozenset(
    {
        "order_qty",
        "order_notional",
        "price_collar",
        "slicing",
        "duplicate_order",
        "concentration",
        "sector_concentration",
        "open_orders",
        "open_order_shares",
        "open_notional",
        "order_to_trade",
        "quote_jump",
    }
)
"""Denies of one order that a risk officer may look at and let pass; nothing that keeps the firm's exposure."""
SECOND_VOICE_WITHIN_NS = 600 * NS_PER_S
"""The second person must agree within this time."""
LASTS_NS = 300 * NS_PER_S
"""An override that no order has used by then is over: temporary, and our assumption of how long that is."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An override in force."""

    scope: str
    reason: str
    by: str
    until_ns: int

    def note(self, what: str, order_id: int = 0) -> NoteOverride:
        """The command that writes down what became of it."""
        return NoteOverride(what, self.scope, self.reason, self.by, self.until_ns, order_id)


class Overrides:
    """Every override that is asked for or in force."""

    def __init__(self) -> None:
        self.grants: list[Grant] = []
        self._first: dict[tuple[str, str], tuple[str, int]] = {}

    def ask(self, control: Control, now_ns: int, *, known: bool) -> NoteOverride:
        """One person asks for an override of *control.reason* in its scope; *known*, whether there is such a scope."""
        place, person = (control.scope, control.reason), control.by.strip().casefold()
        note = Grant(control.scope, control.reason, control.by, 0).note
        if not known or control.reason not in OVERRIDABLE or not person or "+" in person:
            return note("refused")
        first = self._first.get(place)
        if first is None or first[0] == person or now_ns - first[1] > SECOND_VOICE_WITHIN_NS:
            self._first[place] = (person, now_ns)
            return note("asked")
        del self._first[place]
        grant = Grant(*place, f"{first[0]}+{person}", now_ns + LASTS_NS)
        self.grants.append(grant)
        return grant.note("granted")

    def lifting(self, reason: str, symbol: str, strategy: str, now_ns: int) -> Grant | None:
        """An override in force of this deny, the oldest first."""
        for grant in self.grants:
            if grant.reason == reason and now_ns < grant.until_ns and covers(grant.scope, symbol, strategy):
                return grant
        return None

    def use(self, grant: Grant, order_id: int) -> NoteOverride:
        """An order has passed by it: it is spent."""
        self.grants.remove(grant)
        return grant.note("used", order_id)

    def expire(self, now_ns: int) -> tuple[NoteOverride, ...]:
        """Those that nobody used in time."""
        over = [grant for grant in self.grants if now_ns >= grant.until_ns]
        self.grants = [grant for grant in self.grants if now_ns < grant.until_ns]
        return tuple(grant.note("expired") for grant in over)

    def snapshot(self) -> list[list[Any]]:
        """Those in force."""
        return [[grant.scope, grant.reason, grant.by, grant.until_ns] for grant in self.grants]
