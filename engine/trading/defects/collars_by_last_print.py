"""A collar around the last trade instead of the market: a print that never should have been moves it along.

3 June 2024: Berkshire Hathaway class A was printed at 185.10 USD, 99.97 % below the market (Reuters of that day).
"""

from __future__ import annotations

from engine.domain.governance import Command, Decision, DeskView
from engine.domain.orders import Instrument
from engine.domain.quotes import Tick, Trade
from engine.trading.asked import Check, within
from engine.trading.checks import Ask, check_price_collar
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor
from engine.trading.rules import FirmRules, OrderRules

CAUGHT_BY = (CaughtBy("fat_finger_basket", "breaches", "others_prints"),)


class Broken(ReferenceGovernor):
    """The reference governor, which measures the distance of a price from the last print."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._printed: dict[str, int] = {}

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """Remember the print."""
        if isinstance(tick, Trade):
            self._printed[tick.symbol] = tick.price_micros
        return super().on_market(tick, view)

    def _checks_of(self, rules: OrderRules, firm: FirmRules) -> tuple[Check, ...]:
        return tuple(self._collar if each is check_price_collar else each for each in super()._checks_of(rules, firm))

    def _collar(self, ask: Ask) -> Decision | None:
        last, price = self._printed.get(ask.order.symbol), ask.limit_micros
        if last is None or price is None:
            return check_price_collar(ask)
        return within(ask, "price_collar", 100 * abs(price - last) / last, ask.rules.collar)
