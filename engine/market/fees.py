"""Fees as the venue charges them, exact to the micro-dollar. The desk computes its own, with code of its own."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal

from engine.base.units import MICROS_PER_USD
from engine.domain.fees import FeeSchedule
from engine.domain.orders import Side
from engine.market.model_document import MarketError

_MILLION = 1_000_000


class VenueFees:
    """The fees of one day. Each fee of an execution is rounded by itself, then they are added.

    ``half_even`` rounds to the nearest unit, a tie to the even one; ``up`` never in the member's favour (towards plus
    infinity: a fee grows, a rebate shrinks). The trading activity fee is capped per execution before it is rounded.
    Raise MarketError if no fees are in force on the day, or if the unit is not whole micro-dollars.
    """

    def __init__(self, schedule: FeeSchedule, day: str) -> None:
        try:
            period = schedule.on(day)
        except LookupError as error:
            raise MarketError(str(error), "add a period to the venue document, or play a later day") from error
        self._unit = _micros(schedule.round_to_usd)
        if self._unit != self._unit.to_integral_value():
            raise MarketError(f"round_to_usd was expected in whole micro-dollars, was {schedule.round_to_usd}")
        self._mode = ROUND_HALF_EVEN if schedule.rounding == "half_even" else ROUND_CEILING
        self._maker = _micros(period.maker_usd_per_share)
        self._taker = _micros(period.taker_usd_per_share)
        self._sec_per_usd = Decimal(str(period.sec_usd_per_million)) / _MILLION
        self._taf = _micros(period.taf_usd_per_share)
        self._taf_cap = _micros(period.taf_cap_usd)

    def charge_micros(self, side: Side, qty: int, price_micros: int, *, maker: bool) -> int:
        """What one execution costs the member, in micro-dollars; negative is a rebate."""
        total = self._rounded(qty * (self._maker if maker else self._taker))
        if side is Side.SELL:
            total += self._rounded(qty * price_micros * self._sec_per_usd)
            total += self._rounded(min(qty * self._taf, self._taf_cap))
        return total

    def _rounded(self, micros: Decimal) -> int:
        return int((micros / self._unit).to_integral_value(self._mode) * self._unit)


def _micros(usd: float) -> Decimal:
    """The amount as it stands in the document, in micro-dollars, exactly."""
    return Decimal(str(usd)) * MICROS_PER_USD
