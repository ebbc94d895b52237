"""Limits tampered with: the store that the governor reads its limits from holds something that nobody may judge by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import nan
from types import MappingProxyType
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.domain.records import LimitsSet
from engine.faults.fault import Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.limits import Bound, FirmLimits, Limits

Tamper = Callable[[Limits], Limits | None]


def _older(limits: Limits) -> Limits:
    return replace(limits, effective_from="1970-01-01", capital_usd=limits.capital_usd * 2)


def _changed(limits: Limits) -> Limits:
    return replace(limits, capital_usd=limits.capital_usd * 2)


def _nan(limits: Limits) -> Limits:
    return replace(limits, firm=replace(limits.firm, gross_notional_usd=Bound(hard=nan)))


def _emptied(limits: Limits) -> Limits:
    return replace(limits, firm=FirmLimits(), instrument={}, version=limits.version + 1)


def _missing(limits: Limits) -> Limits:
    own = {symbol: replace(each, position_shares=None) for symbol, each in limits.instrument.items()}
    return replace(limits, instrument=own, version=limits.version + 1)


TAMPERED: Mapping[str, Tamper] = MappingProxyType(
    {
        "emptied": _emptied,
        "missing": _missing,
        "nan": _nan,
        "older": _older,
        "changed": _changed,
        "unreachable": lambda _limits: None,
    }
)
"""What the store holds instead of the limits, of what needs no figures."""


def wrong(limits: Limits, times: float, approvals: int) -> Limits:
    """The next version of *limits*: every limit of size and exposure *times* as wide, by so many approvers."""

    def wider(bound: Bound | None) -> Bound | None:
        if bound is None:
            return None
        soft, hard = (None if step is None else step * times for step in (bound.soft, bound.hard))
        return replace(bound, soft=soft, hard=hard)

    own = {
        symbol: replace(
            each,
            order_qty_shares=wider(each.order_qty_shares),
            order_notional_usd=wider(each.order_notional_usd),
            position_shares=wider(each.position_shares),
        )
        for symbol, each in limits.instrument.items()
    }
    firm = replace(limits.firm, gross_notional_usd=wider(limits.firm.gross_notional_usd))
    approvers = tuple(f"nobody.{number}" for number in range(1, approvals + 1))
    return replace(limits, instrument=own, firm=firm, version=limits.version + 1, approved_by=approvers)


@fault
@dataclass(frozen=True, kw_only=True)
class LimitTamper:
    """The limits are emptied, lose one of them, one becomes no number, an older document comes back, the document
    changes under the same version, a wrong one takes its place, or the store is out of reach; after the heal the sound
    document is there again.

    A governor that watches its limits takes no new risk meanwhile; one that does not has no store to tamper with. A
    ``wrong`` document that two people approved is like any other: no governor can tell, and the observer, which judges
    by the limits of the run, counts what comes of it.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    what: Literal["emptied", "missing", "nan", "older", "changed", "wrong", "unreachable"] = key(
        "What becomes of the limits; missing: those of positions", example="emptied"
    )
    times: float = key("Of wrong limits: how much wider those of orders and exposure are", default=10, above=1, max=1e6)
    approvals: int = key("Of wrong limits: how many people approved them", default=1, min=0, max=2)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the limits of everything."""
        return ()

    def tampered(self, limits: Limits) -> Limits | None:
        """What the store holds instead of *limits*; None: it is out of reach."""
        return wrong(limits, self.times, self.approvals) if self.what == "wrong" else TAMPERED[self.what](limits)

    def play(self, site: Site, heal: Event) -> Process:
        """Put the tampered document into the store, and at the heal what was there before."""
        store = site.desk.limits_store
        sound = store.limits if store is not None else None
        if sound is not None:
            site.desk.publish_limits(self.tampered(sound))
        yield heal
        if sound is not None:
            site.desk.publish_limits(sound)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many documents were put into the store between begin and heal."""
        published = sum(t0_ns <= record.t_ns < heal_ns for record in log.of(LimitsSet))
        return Effect("limits_published", published, 1, "documents")
