"""How long orders that nobody asked for kept leaving."""

from __future__ import annotations

from engine.base.units import s_from_ns
from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, modelled, series
from engine.metrics.metric import metric
from engine.metrics.orders_out_of_nowhere import out_of_nowhere
from engine.metrics.series import Opportunity, Series


@metric(unit="s", better="lower", stat="max")
def runaway_s(evidence: Evidence) -> Series:
    """First instruction that left or arrived without having been asked for, to each later one, in seconds.

    What nobody asked for is that of orders_out_of_nowhere. A runaway cannot be prevented by a control that it goes
    round; this is how long it lasted until something stopped it. Knight Capital's lasted about 45 minutes on 1 August
    2012 (SEC release 34-70694, 2013). Proves something only if there was one. Source: Intent, Decided and Sent records,
    venue records; modelled in a simulated run, measured in a live one.
    """
    times = [t_ns for t_ns, wrong in out_of_nowhere(evidence.log) if wrong and in_window(evidence, t_ns)]
    samples = [(t_ns, s_from_ns(t_ns - times[0])) for t_ns in times]
    return series(samples, "s", modelled(evidence), (Opportunity(len(times), 1, "instructions that nobody asked for"),))
