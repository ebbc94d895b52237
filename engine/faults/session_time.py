"""How long the venue saw the order session down."""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.domain.records import VenueSession
from engine.faults.fault import BITE_SHARE, Effect
from engine.kernel.event_log import EventLog


def session_down(log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
    """How long the venue saw the session down within [t0, heal], against the whole of it."""
    down_ns, went_down_ns = 0, None
    for session in log.of(VenueSession):
        if not session.up and went_down_ns is None:
            went_down_ns = session.t_ns
        elif session.up and went_down_ns is not None:
            down_ns += max(min(session.t_ns, heal_ns) - max(went_down_ns, t0_ns), 0)
            went_down_ns = None
    if went_down_ns is not None:
        down_ns += max(heal_ns - max(went_down_ns, t0_ns), 0)
    return Effect("session_down_s", down_ns / NS_PER_S, BITE_SHARE * (heal_ns - t0_ns) / NS_PER_S, "s")
