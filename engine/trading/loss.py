"""How much has been lost: since the session began, and from the highest equity seen, which is never re-based.

The clock is the session's, not midnight's: whoever builds the governor for a new session begins with a new one.
"""

from __future__ import annotations

from enum import Enum
from math import isfinite, isnan, nan
from typing import NamedTuple

from engine.base.units import MICROS_PER_USD
from engine.domain.governance import DeskView
from engine.trading.limits import FirmLimits, LossBound

RELEASE_SHARE = 0.8
"""A hold for a loss ends when the loss is under this share of the soft step: the gap keeps it from flapping."""


class Step(Enum):
    """What a loss calls for."""

    NOTHING = "nothing"
    """Under the release share of the soft step."""
    STAY = "stay"
    """Between release and soft step: a hold in force stays, none is begun."""
    HOLD = "hold"
    """At or beyond the soft step."""
    FLATTEN = "flatten"
    """At or beyond the flatten step (the hard limit where no flatten step is given)."""


class Loss(NamedTuple):
    """One way to count the loss: its name, how much it is, and its steps."""

    name: str
    amount: float
    bound: LossBound | None
    first_limit: float | None
    """From here no new risk is taken; None if the compulsory hard limit is missing."""

    @property
    def step(self) -> Step:
        """What the loss calls for."""
        return step_of(self.amount, self.bound)


def first_limit(bound: LossBound | None) -> float | None:
    """The first step of a loss; None if the compulsory hard limit is missing, NaN if a step is no number."""
    if bound is None or bound.hard is None:
        return None
    steps = [step for step in (bound.soft, bound.flatten, bound.hard) if step is not None]
    return nan if any(map(isnan, steps)) else min(steps)


def step_of(amount: float, bound: LossBound | None) -> Step:
    """What a loss of *amount* calls for. One that is not a number holds, and never flattens on its own."""
    if bound is None:
        return Step.NOTHING
    soft, flatten = bound.soft, bound.flatten if bound.flatten is not None else bound.hard
    if flatten is not None and amount >= flatten:
        return Step.FLATTEN
    if soft is None:
        return Step.NOTHING if isfinite(amount) else Step.HOLD
    if not amount < soft:
        return Step.HOLD
    return Step.NOTHING if amount < RELEASE_SHARE * soft else Step.STAY


class LossWatch:
    """Remembers the highest equity, from the first look on. Reckons anew only when equity has changed."""

    def __init__(self, limits: FirmLimits) -> None:
        self.peak_micros: float | None = None
        self.doubtful = False
        """Whether equity is that of a price which is not believed: then it is no loss yet, and no highest equity."""
        self._believed: tuple[float, float] | None = None
        """The last equity, and equity at the start, that was not doubtful."""
        self._reckoned: tuple[float, float] | None = None
        """Those that the rest is of."""
        self._losses: tuple[Loss, Loss]
        self._steps = (Step.NOTHING, Step.NOTHING)
        self.obey(limits)

    def obey(self, limits: FirmLimits) -> None:
        """Judge by these limits from now on; the highest equity stays what it was."""
        self._daily = limits.daily_loss_usd
        self._drawdown = limits.drawdown_pct
        self._first = first_limit(self._daily), first_limit(self._drawdown)
        self._reckoned = None

    def losses(self, view: DeskView) -> tuple[Loss, Loss]:
        """The loss of the day in USD and the drawdown in percent, now."""
        self.steps(view)
        return self._losses

    def steps(self, view: DeskView) -> tuple[Step, Step]:
        """What the two losses call for, now."""
        if not self.doubtful or self._believed is None:
            self._believed = view.equity_micros, view.start_equity_micros
        if self._reckoned != self._believed:
            equity, start = self._reckoned = self._believed
            if isfinite(equity) and (self.peak_micros is None or equity > self.peak_micros):
                self.peak_micros = equity
            lost_usd, lost_pct = (start - equity) / MICROS_PER_USD, _drawdown_pct(self.peak_micros, equity)
            self._losses = (
                Loss("daily_loss", lost_usd, self._daily, self._first[0]),
                Loss("drawdown", lost_pct, self._drawdown, self._first[1]),
            )
            self._steps = step_of(lost_usd, self._daily), step_of(lost_pct, self._drawdown)
        return self._steps


def _drawdown_pct(peak: float | None, equity: float) -> float:
    """Percent of the peak; NaN (which holds) while there is no sound peak."""
    return 100.0 * (peak - equity) / peak if peak is not None and peak > 0 else nan
