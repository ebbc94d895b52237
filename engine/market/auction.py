"""The call auction: one price for everybody, found from all orders at once.

The price maximises the volume that trades; of several it takes that with the least imbalance (shares wanted less shares
offered), then the nearest to the reference, then the lower. Shares go by price and then by time: market orders, better
limits, earlier orders. These are the rules of exchange call auctions in general (Quedex and MarketGrid document
exactly this order); the cross of one US listing exchange has more of them, which are not modelled.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from engine.domain.orders import Side


@dataclass(frozen=True, slots=True)
class Interest:
    """One order in the auction, or a level of others' orders. ``limit_micros`` None is a market order."""

    side: Side
    qty: int
    limit_micros: int | None


@dataclass(frozen=True, slots=True)
class Uncrossed:
    """What an auction gave: its price (0 if nothing trades), its volume in shares, the shares of each interest."""

    price_micros: int
    volume: int
    filled: tuple[int, ...]


def uncross(interests: Sequence[Interest], reference_micros: int, tick_micros: int) -> Uncrossed:
    """Match *interests*, which stand in order of time. Prices lie on the grid of *tick_micros*.

    Raise ValueError if a quantity is negative, or reference or tick is not positive.
    """
    _check(interests, reference_micros, tick_micros)
    bids, asks = _Curve(interests, Side.BUY), _Curve(interests, Side.SELL)
    price = min(
        _candidates(interests, reference_micros, tick_micros),
        key=lambda p: (
            -min(bids.qty_at(p), asks.qty_at(p)),
            abs(bids.qty_at(p) - asks.qty_at(p)),
            abs(p - reference_micros),
            p,
        ),
    )
    volume = min(bids.qty_at(price), asks.qty_at(price))
    if not volume:
        return Uncrossed(0, 0, (0,) * len(interests))
    filled = [0] * len(interests)
    for side in (Side.BUY, Side.SELL):
        _allocate(interests, side, price, volume, filled)
    return Uncrossed(price, volume, tuple(filled))


class _Curve:
    """How many shares one side would trade at each price."""

    def __init__(self, interests: Sequence[Interest], side: Side) -> None:
        mine = [each for each in interests if each.side is side]
        limits = sorted((each.limit_micros, each.qty) for each in mine if each.limit_micros is not None)
        self._side = side
        self._limits = [limit for limit, _ in limits]
        self._below = [0, *accumulate(qty for _, qty in limits)]
        self._market = sum(each.qty for each in mine if each.limit_micros is None)

    def qty_at(self, price_micros: int) -> int:
        """Shares that would trade at *price_micros* or better."""
        if self._side is Side.SELL:
            return self._market + self._below[bisect_right(self._limits, price_micros)]
        return self._market + self._below[-1] - self._below[bisect_left(self._limits, price_micros)]


def _candidates(interests: Sequence[Interest], reference_micros: int, tick_micros: int) -> list[int]:
    """Every price at which the answer may lie: volume and imbalance change at limits and nowhere else.

    Between two limits the price nearest to the reference is the tick beside a limit, or the reference itself.
    """
    down = reference_micros - reference_micros % tick_micros
    prices = {down, down + tick_micros * bool(reference_micros % tick_micros)}
    for limit in {each.limit_micros for each in interests if each.limit_micros is not None}:
        prices |= {limit - tick_micros, limit, limit + tick_micros}
    return sorted(price for price in prices if price > 0) or [tick_micros]


def _allocate(interests: Sequence[Interest], side: Side, price: int, volume: int, filled: list[int]) -> None:
    """Give *volume* shares to the orders of one side that may trade at *price*, by price and then by time."""

    def rank(place: int) -> tuple[bool, int]:
        limit = interests[place].limit_micros
        return (False, 0) if limit is None else (True, -int(side) * limit)

    places = [place for place, each in enumerate(interests) if each.side is side and _trades_at(each, price)]
    for place in sorted(places, key=rank):  # stable: the earlier order comes first
        filled[place] = min(interests[place].qty, volume)
        volume -= filled[place]


def _trades_at(each: Interest, price: int) -> bool:
    return each.limit_micros is None or int(each.side) * (each.limit_micros - price) >= 0


def _check(interests: Sequence[Interest], reference_micros: int, tick_micros: int) -> None:
    if reference_micros <= 0 or tick_micros <= 0:
        raise ValueError(f"a reference and a tick above 0 were expected, were {reference_micros} and {tick_micros}")
    for each in interests:
        if each.qty < 0:
            raise ValueError(f"shares of 0 or more were expected, was {each}")
