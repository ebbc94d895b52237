"""What the venue checks of an order at its door, and the reason code of each refusal."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.orders import Instrument, NewOrder, OrderKind, ReplaceOrder


class OrderChecks:
    """The checks of one venue. An empty reason means that the order may pass.

    ``unknown_symbol`` · ``bad_qty`` (not positive) · ``odd_lot`` (no whole number of lots) · ``no_price`` (a limit
    order without limit) · ``unwanted_price`` (a market order with one) · ``off_grid`` (not positive, or between two
    ticks) · ``side_changed`` (a replace may not) · ``too_late`` (a replace to no more than what is filled already).
    """

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments

    def new(self, order: NewOrder) -> str:
        """Why a new order is refused."""
        instrument = self._instruments.get(order.symbol)
        if instrument is None:
            return "unknown_symbol"
        if order.kind is OrderKind.MARKET:
            return _quantity(order.qty, instrument) or ("" if order.limit_micros is None else "unwanted_price")
        return _quantity(order.qty, instrument) or _price(order.limit_micros, instrument)

    def replace(self, replace: ReplaceOrder, old: NewOrder, filled: int) -> str:
        """Why the replace of the working order *old*, of which *filled* shares are done, is refused."""
        if replace.side is not old.side:
            return "side_changed"
        instrument = self._instruments[old.symbol]
        reason = _quantity(replace.qty, instrument) or _price(replace.limit_micros, instrument)
        return reason or ("too_late" if replace.qty <= filled else "")


def _quantity(qty: int, instrument: Instrument) -> str:
    if qty <= 0:
        return "bad_qty"
    return "odd_lot" if qty % instrument.lot else ""


def _price(limit_micros: int | None, instrument: Instrument) -> str:
    if limit_micros is None:
        return "no_price"
    return "" if instrument.on_grid(limit_micros) else "off_grid"
