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


def _older(limits: Limits) -> Limits:
    return replace(limits, effective_from="1970-01-01", capital_usd=limits.capital_usd * 2)


def _changed(limits: Limits) -> Limits:
    return replace(limits, capital_usd=limits.capital_usd * 2)


def _nan(limits: Limits) -> Limits:
    return replace(limits, firm=replace(limits.firm, gross_notional_usd=Bound(hard=nan)))


def _emptied(limits: Limits) -> Limits:
    return replace(limits, firm=FirmLimits(), instrument={}, version=limits.version + 1)


TAMPERED: Mapping[str, Callable[[Limits], Limits | None]] = MappingProxyType(
    {
        "emptied": _emptied,
        "nan": _nan,
        "older": _older,
        "changed": _changed,
        "unreachable": lambda _limits: None,
    }
)
"""What the store holds instead of the limits."""


@fault
@dataclass(frozen=True, kw_only=True)
class LimitsTamper:
    """The limits are emptied, one becomes no number, an older document comes back, the document changes under the same
    version, or the store is out of reach; after the heal the sound document is there again.

    A governor that watches its limits takes no new risk meanwhile; one that does not has no store to tamper with.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    what: Literal["emptied", "nan", "older", "changed", "unreachable"] = key(
        "What becomes of the limits", example="emptied"
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the limits of everything."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Put the tampered document into the store, and at the heal what was there before."""
        store = site.desk.limits_store
        sound = store.limits if store is not None else None
        if sound is not None:
            site.desk.publish_limits(TAMPERED[self.what](sound))
        yield heal
        if sound is not None:
            site.desk.publish_limits(sound)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many documents were put into the store between begin and heal."""
        published = sum(t0_ns <= record.t_ns < heal_ns for record in log.of(LimitsSet))
        return Effect("limits_published", published, 1, "documents")
