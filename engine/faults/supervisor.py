"""What the faults of the governor's process share: how it goes away, and how its supervisor brings it back."""

from __future__ import annotations

import json
from typing import Any

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.ports import Governor
from engine.domain.records import DeskClosed
from engine.faults.fault import BITE_SHARE, Effect
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.trading.governor_away import GOVERNOR_AWAY, GovernorAway

NOTICE_NS = 50 * NS_PER_MS
"""How long the governor may be silent before the desk closes: our assumption, as for a dropped session."""


def silence(site: Site) -> GovernorAway:
    """From now on the governor does not answer."""
    return site.desk.lose_governor(NOTICE_NS)


def saved(governor: Governor) -> dict[str, Any] | None:
    """What the governor has on disk: its state as of its last answer; None if it keeps none."""
    own = getattr(governor, "governor", governor)  # one that is not ours is wrapped in a guard
    snapshot = getattr(own, "snapshot", None)
    return json.loads(json.dumps(snapshot())) if callable(snapshot) else None


def restart(site: Site, away: GovernorAway, state: dict[str, Any] | None) -> None:
    """Start the governor anew from *state*, and tell it what it missed. Raise ValueError if the run has no way to."""
    if site.desk.new_governor is None:
        raise ValueError("a run that can start its governor anew was expected, was one that cannot")
    site.desk.regain_governor(away, site.desk.new_governor(state))


def closed_s(log: EventLog, reason: str, start_ns: int, end_ns: int) -> float:
    """How long the desk was closed for *reason* within [start, end], in seconds."""
    closed_ns, since_ns = 0, None
    for one in log.of(DeskClosed):
        if one.reason != reason or one.t_ns > end_ns:
            continue
        if one.closed:
            since_ns = max(one.t_ns, start_ns)
        elif since_ns is not None:
            closed_ns += max(one.t_ns - since_ns, 0)
            since_ns = None
    if since_ns is not None:
        closed_ns += end_ns - since_ns
    return closed_ns / NS_PER_S


def away_effect(log: EventLog, t0_ns: int, back_ns: int) -> Effect:
    """How long the desk was closed because its governor did not answer, of the time from *t0_ns* to *back_ns*."""
    needed_s = BITE_SHARE * (back_ns - t0_ns) / NS_PER_S
    return Effect("governor_away_s", closed_s(log, GOVERNOR_AWAY, t0_ns, back_ns), needed_s, "s")
