"""An exception is swallowed, and the order approved: what cannot be checked passes.

``except Exception: pass`` around the checks, so that a hiccup of the limits' store does not stop trading.
"""

from __future__ import annotations

from engine.domain.governance import APPROVED, Decision, DeskView
from engine.domain.orders import Instruction
from engine.trading.defects import CaughtBy
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("limit_tamper", "fail_closed", "store_down"),)


class Broken(ReferenceGovernor):
    """The reference governor, which looks into the store before each decision, and shrugs if that fails."""

    _source: LimitsSource | None = None

    def watch(self, source: LimitsSource) -> None:
        """Keep where the limits are."""
        super().watch(source)
        self._source = source

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Look whether the limits are there, then decide."""
        try:
            if self._source is not None and self._source.read() is None:
                raise ConnectionError("the store of the limits does not answer")
            return super().decide(order, view)
        except ConnectionError:
            return APPROVED
