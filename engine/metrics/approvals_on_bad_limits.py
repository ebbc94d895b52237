"""Orders approved by limits that nobody may judge by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from engine.base.units import NS_PER_S
from engine.domain.records import Decided, LimitsSet
from engine.metrics.causes import bad_limits
from engine.metrics.evidence import HOLD_DEADLINE_NS, Evidence
from engine.metrics.folds import in_window, intents, series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

ATTEMPTS_NEEDED = 20
"""As under a hold: so many increasing orders must be decided before none approved means something (design part 6)."""
SILENCE_S = 5.0
"""How long silence may be bridged if the limits do not say: as long as an alert may take (RTS 6 Article 16(5))."""


@metric(unit="orders", better="lower", stat="sum", zero_tolerance=True)
def approvals_on_bad_limits(evidence: Evidence) -> Series:
    """New orders and replaces that raised exposure and were approved while the limits' store held what nobody may judge
    by.

    That is anything but the limits of the run, from 250 ms after it was put there (a hold must be in effect by then);
    a store that cannot be reached may be bridged for limits_age_s of the limits, 5 s without it. It lasts until the
    limits of the run are there again. Exposure by the desk's books at the decision. 1 for each approval, 0 for each
    deny, and 0 at the end of the window. Proves something only with at least 20 such orders decided meanwhile. Source:
    LimitsSet, Intent and Decided records; exact.
    """
    decided, known = evidence.log.of(Decided), intents(evidence.log)
    times = [one.t_ns for one in decided]
    samples = []
    for begin_ns, end_ns in _spans(evidence):
        for one in decided[bisect_right(times, begin_ns) : bisect_left(times, end_ns)]:
            if one.increasing and one.order_id in known and known[one.order_id].action != "cancel":
                samples.append((one.t_ns, 1.0 if one.approved else 0.0))
    chances = sum(in_window(evidence, t_ns) for t_ns, _ in samples)
    samples.append((window(evidence)[1], 0.0))
    noun = "increasing orders decided under limits that nobody may judge by"
    return series(samples, "orders", Basis.EXACT, (Opportunity(chances, ATTEMPTS_NEEDED, noun),))


def _spans(evidence: Evidence) -> list[tuple[int, int]]:
    """From when to when nothing that raises exposure may be approved."""
    age = evidence.facts.limits.firm.limits_age_s
    bridged_s = age.hard if age is not None and age.hard is not None else SILENCE_S
    silent = {one.t_ns for one in evidence.log.of(LimitsSet) if not one.sha256}
    return [
        (begin_ns + HOLD_DEADLINE_NS + (round(bridged_s * NS_PER_S) if begin_ns in silent else 0), end_ns)
        for begin_ns, end_ns in bad_limits(evidence)
    ]
