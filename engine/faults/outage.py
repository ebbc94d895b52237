"""What the faults share that take away what the desk needs: it closes, and how that is seen."""

from __future__ import annotations

from engine.base.units import NS_PER_S, ns_from_s
from engine.domain.records import Decided, Intent
from engine.faults.fault import BITE_SHARE, Effect
from engine.faults.meddling import SEEN_NEEDED
from engine.faults.site import Site
from engine.faults.supervisor import closed_s
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


def shut_out(site: Site, heal: Event, reason: str, bridge_s: float) -> Process:
    """Close the desk for *reason* after *bridge_s*, if that is not over by then, until *heal*."""
    yield site.world.wait_ns(ns_from_s(bridge_s)) | heal
    if not heal.triggered:
        site.desk.close(reason)
        yield heal
        site.desk.open(reason)


def closed_effect(log: EventLog, reason: str, t0_ns: int, heal_ns: int, bridge_s: float) -> Effect:
    """How long the desk was closed for *reason*, of the time after the bridge; at least a moment is needed."""
    due_ns = heal_ns - t0_ns - ns_from_s(bridge_s)
    needed_s = max(BITE_SHARE * due_ns / NS_PER_S, 1e-9)
    return Effect("desk_closed_s", closed_s(log, reason, t0_ns, heal_ns), needed_s, "s")


def denied_effects(log: EventLog, t0_ns: int, heal_ns: int, bridge_s: float) -> tuple[Effect, ...]:
    """The share of new orders decided while the desk had to be closed that were denied; nothing below 20 of them."""
    start_ns = t0_ns + ns_from_s(bridge_s)
    new = {one.order_id for one in log.of(Intent) if one.action == "new"}
    asked = [one for one in log.of(Decided) if start_ns < one.t_ns < heal_ns and one.order_id in new]
    if len(asked) < SEEN_NEEDED:
        return ()
    share_pct = 100 * sum(not one.approved for one in asked) / len(asked)
    return (Effect("orders_denied_pct", share_pct, 100 * BITE_SHARE, "%"),)
