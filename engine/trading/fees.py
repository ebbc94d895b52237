"""The desk's own fee computation, from the shared fee schedule, in exact integers.

The venue computes its fees with code of its own; the two agree only because both are right. Fees of one execution:

- maker or taker, per share (negative is a rebate);
- SEC section 31, on sells, per million USD of notional;
- FINRA trading activity fee (TAF), on sells, per share, at most the cap of one execution.

Each of the three is rounded by itself to ``round_to_usd``: ``half_even``, or ``up``: towards what the desk pays
(a rebate shrinks), so that a rounded fee never flatters the desk's own books.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.base.units import MICROS_PER_USD, micros_from_usd
from engine.domain.fees import FeePeriod, FeeSchedule
from engine.domain.orders import Liquidity, Side


@dataclass(frozen=True, slots=True)
class _Ratio:
    """An exact rate: rounding units per counted thing, as ``numerator / denominator``."""

    numerator: int
    denominator: int


class FeeTable:
    """The fees in force on *day* (``YYYY-MM-DD``), ready to compute with.

    Raise LookupError if no fees are in force on the day, ValueError if ``round_to_usd`` has over six decimals.
    """

    def __init__(self, schedule: FeeSchedule, day: str) -> None:
        period = schedule.on(day)
        unit_micros = micros_from_usd(schedule.round_to_usd)
        self._unit_micros = unit_micros
        self._up = schedule.rounding == "up"
        self._per_share = {
            Liquidity.MAKER: _rate(period.maker_usd_per_share, unit_micros),
            Liquidity.TAKER: _rate(period.taker_usd_per_share, unit_micros),
        }
        self._sec, self._taf, self._taf_cap = _regulatory(period, unit_micros)

    def fee_micros(self, side: Side, qty: int, price_micros: int, liquidity: Liquidity) -> int:
        """What one execution costs, in micro-dollars; below zero is a rebate."""
        units = self._rounded(self._per_share[liquidity], qty)
        if side is Side.SELL:
            units += self._rounded(self._sec, qty * price_micros) + self._taf_units(qty)
        return units * self._unit_micros

    def _taf_units(self, qty: int) -> int:
        taf, cap = self._taf, self._taf_cap
        capped = qty * taf.numerator * cap.denominator > cap.numerator * taf.denominator
        return self._rounded(cap, 1) if capped else self._rounded(taf, qty)

    def _rounded(self, rate: _Ratio, count: int) -> int:
        whole, rest = divmod(count * rate.numerator, rate.denominator)
        if self._up:
            return whole + (rest > 0)
        twice = 2 * rest
        return whole + (twice > rate.denominator or (twice == rate.denominator and whole % 2 == 1))


def fee_micros(schedule: FeeSchedule, day: str, side: Side, qty: int, price_micros: int, liquidity: Liquidity) -> int:
    """What one execution on *day* costs, in micro-dollars; for many of one day build a :class:`FeeTable` once."""
    return FeeTable(schedule, day).fee_micros(side, qty, price_micros, liquidity)


def _regulatory(period: FeePeriod, unit_micros: int) -> tuple[_Ratio, _Ratio, _Ratio]:
    """SEC units per micro-dollar of notional, TAF units per share, and the TAF's cap in units."""
    per_micro_usd = _exact(period.sec_usd_per_million) / 1_000_000 / unit_micros
    sec = _Ratio(per_micro_usd.numerator, per_micro_usd.denominator)
    return sec, _rate(period.taf_usd_per_share, unit_micros), _rate(period.taf_cap_usd, unit_micros)


def _rate(usd: float, unit_micros: int) -> _Ratio:
    units = _exact(usd) * MICROS_PER_USD / unit_micros
    return _Ratio(units.numerator, units.denominator)


def _exact(number: float) -> Fraction:
    """The number as written in the document (``0.1`` is one tenth, not the nearest double)."""
    return Fraction(str(number))
