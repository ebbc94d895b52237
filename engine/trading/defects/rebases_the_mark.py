"""Losses that are measured from where the last one ended: each time the limit is met the mark is set anew.

QuantConnect LEAN (commit 2486390), MaximumDrawdownPercentPortfolio: it says that it is restarted by hand, re-bases the
high to the loss on each breach, and trades on.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from engine.domain.governance import DeskView
from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.loss import Loss, LossWatch, Step
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("flash_crash", "final_flat", "must be 0 shares"),)


class Rebasing(LossWatch):
    """Losses since the last hold for one."""

    _start_micros: float | None = None

    def steps(self, view: DeskView) -> tuple[Step, Step]:
        """What the losses since then call for."""
        start = view.start_equity_micros if self._start_micros is None else self._start_micros
        since = SimpleNamespace(equity_micros=view.equity_micros, start_equity_micros=start)
        return super().steps(cast("DeskView", since))

    def losses(self, view: DeskView) -> tuple[Loss, Loss]:
        """The losses since then; begin anew, if they call for something."""
        found = super().losses(view)
        if any(loss.step in (Step.HOLD, Step.FLATTEN) for loss in found):
            self._start_micros = self.peak_micros = view.equity_micros
        return found


class Broken(ReferenceGovernor):
    """The reference governor with such a watch on its losses."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._losses.__class__ = Rebasing
