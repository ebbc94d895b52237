"""How much has been lost: since the session began, and from the highest equity seen, which is never re-based."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from math import isfinite, nan

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


@dataclass(frozen=True, slots=True)
class Loss:
    """One way to count the loss: its name, how much it is, and its steps."""

    name: str
    amount: float
    bound: LossBound | None

    @property
    def step(self) -> Step:
        """What the loss calls for. An amount that is not a number holds, and never flattens on its own."""
        bound = self.bound
        if bound is None:
            return Step.NOTHING
        flatten = bound.flatten if bound.flatten is not None else bound.hard
        if flatten is not None and self.amount >= flatten:
            return Step.FLATTEN
        if bound.soft is None:
            return Step.NOTHING if isfinite(self.amount) else Step.HOLD
        if not self.amount < bound.soft:
            return Step.HOLD
        return Step.NOTHING if self.amount < RELEASE_SHARE * bound.soft else Step.STAY

    @property
    def first_limit(self) -> float | None:
        """From here no new risk is taken; None if the compulsory hard limit is missing."""
        bound = self.bound
        if bound is None or bound.hard is None:
            return None
        return min(step for step in (bound.soft, bound.flatten, bound.hard) if step is not None)


class LossWatch:
    """Remembers the highest equity, from the first look on."""

    def __init__(self, limits: FirmLimits) -> None:
        self._daily = limits.daily_loss_usd
        self._drawdown = limits.drawdown_pct
        self.peak_micros: float | None = None

    def losses(self, view: DeskView) -> Iterator[Loss]:
        """The loss of the day in USD and the drawdown in percent, now."""
        equity = view.equity_micros
        if isfinite(equity) and (self.peak_micros is None or equity > self.peak_micros):
            self.peak_micros = equity
        yield Loss("daily_loss", (view.start_equity_micros - equity) / MICROS_PER_USD, self._daily)
        yield Loss("drawdown", _drawdown_pct(self.peak_micros, equity), self._drawdown)


def _drawdown_pct(peak: float | None, equity: float) -> float:
    """Percent of the peak; NaN (which holds) while there is no sound peak."""
    return 100.0 * (peak - equity) / peak if peak is not None and peak > 0 else nan
