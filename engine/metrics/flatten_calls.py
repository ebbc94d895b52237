"""What calls for giving positions up, as an outside observer sees it: whether the governor heard it plays no part.

A loss that has come to its flatten step by the venue's records, a session that was down for longer than the limits
allow, and every stop of level L3 or above, commanded by somebody or begun by the governor. What the governor says of
itself can only add a call: a governor that stops nothing takes none away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.base.units import ns_from_s, usd_from_micros
from engine.domain.governance import FIRM, Level
from engine.domain.records import VenueSession
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, Ints, window
from engine.metrics.holds import holds
from engine.metrics.marks import equity_usd_steps
from engine.trading.limits import LossBound


@dataclass(frozen=True, slots=True)
class FlattenCall:
    """From *t_ns* on whatever is held in *scope* (a symbol, or the firm) has to be given up."""

    t_ns: int
    scope: str

    def covers(self, symbol: str) -> bool:
        """Whether *symbol* is in its scope."""
        return self.scope in (FIRM, symbol)


@dataclass(frozen=True, slots=True)
class Lost:
    """One way to count the loss: its name and unit, how much it was when, and from where on to flatten."""

    name: str
    unit: str
    t_ns: Ints
    amount: Floats
    step: float

    @property
    def most(self) -> float:
        """The largest loss."""
        return float(self.amount.max(initial=0.0))


def flatten_calls(evidence: Evidence) -> list[FlattenCall]:
    """Everything until the end of the judged window that called for a flatten, in order of time."""
    found = [
        *(FlattenCall(int(lost.t_ns[lost.amount >= lost.step][0]), FIRM) for lost in losses(evidence) if _came(lost)),
        *_sessions(evidence),
        *(FlattenCall(hold.trigger_ns, hold.scope) for hold in holds(evidence.log) if hold.level >= Level.L3),
    ]
    end_ns = window(evidence)[1]
    return sorted((call for call in found if call.t_ns <= end_ns), key=lambda call: call.t_ns)


def losses(evidence: Evidence) -> list[Lost]:
    """The loss of the day and the drawdown by the venue's records, each that has a step from which to flatten."""
    t_ns, usd = equity_usd_steps(evidence)
    firm, capital_usd = evidence.facts.limits.firm, usd_from_micros(evidence.facts.capital_micros)
    peak = np.maximum.accumulate(usd)
    drawdown_pct = np.full(len(usd), np.inf)  # a peak of nothing has nothing left to lose in percent
    np.divide(100 * (peak - usd), peak, out=drawdown_pct, where=peak > 0)
    counted = (
        ("the loss of the day", "USD", capital_usd - usd, firm.daily_loss_usd),
        ("the drawdown", "%", drawdown_pct, firm.drawdown_pct),
    )
    return [
        Lost(name, unit, t_ns, amount, step)
        for name, unit, amount, bound in counted
        if (step := _flatten_step(bound)) is not None
    ]


def _came(lost: Lost) -> bool:
    return bool((lost.amount >= lost.step).any())


def _flatten_step(bound: LossBound | None) -> float | None:
    """From here the position is given up: the flatten step, the hard limit where there is none."""
    if bound is None:
        return None
    return bound.hard if bound.flatten is None else bound.flatten


def _sessions(evidence: Evidence) -> Iterator[FlattenCall]:
    """When the venue had not heard of the desk for longer than the limits allow, once for each time."""
    bound = evidence.facts.limits.firm.session_down_s
    if bound is None or bound.hard is None:
        return
    most_ns, down_ns = ns_from_s(bound.hard), None
    for one in [*evidence.log.of(VenueSession), VenueSession(evidence.facts.end_ns, True, "")]:
        if not one.up and down_ns is None:
            down_ns = one.t_ns
        elif one.up and down_ns is not None:
            if one.t_ns - down_ns > most_ns:
                yield FlattenCall(down_ns + most_ns, FIRM)
            down_ns = None
