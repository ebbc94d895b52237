"""What moves the symbols of the reduced market together: common factors, and how strongly each symbol answers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Protocol

from engine.base.keys import key
from engine.base.words import listing, nearest
from engine.market.model_document import MarketError

ROUNDING = 1e-9
"""What a symbol's factors may be more than its whole volatility, as a share: the error of a float, nothing else."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """Something that moves many symbols at once, such as the whole market or one sector."""

    factor: str = key(
        "Its name",
        pattern=r"^[a-z][a-z0-9_]*$",
        pattern_help="small letters, digits and _, beginning with a letter",
        example="market",
    )
    volatility_bps_per_sqrt_s: float = key(
        "Standard deviation of the factor over one second, in basis points; grows with the square root of time",
        above=0,
        max=1_000,
        example=0.4,
    )
    beta: dict[str, float] = key(
        "How far each symbol moves for each basis point of the factor, as {SPY: 1.0, QQQ: 1.2}; one that is not named "
        "does not answer it",
        min=-10,
        max=10,
    )


class Moving(Protocol):
    """A symbol and how much it moves in all."""

    @property
    def symbol(self) -> str:
        """The symbol."""
        ...

    @property
    def volatility_bps_per_sqrt_s(self) -> float:
        """Standard deviation of its fundamental over one second, in basis points."""
        ...


@dataclass(frozen=True, slots=True)
class Loading:
    """A symbol's standard normal draw, as a sum: ``common`` of each factor's draw, ``own`` of its own."""

    common: tuple[float, ...]
    own: float


def loadings(factors: Sequence[Factor], instruments: Sequence[Moving]) -> tuple[Loading, ...]:
    """How each of the *instruments* follows the *factors*: two symbols' correlation is the sum over the factors of the
    product of their ``common`` parts.

    Raise MarketError if a factor names another symbol, or the factors move a symbol by more than its own volatility.
    """
    symbols = [each.symbol for each in instruments]
    for place, factor in enumerate(factors):
        for symbol in factor.beta:
            if symbol not in symbols:
                close = nearest(symbol, symbols)
                hint = f"did you mean '{close}'?" if close else f"it has {listing(symbols)}"
                raise MarketError(f"no instrument '{symbol}' stands beside the factors", hint, at=_at(place, symbol))
    return tuple(_loading(factors, each) for each in instruments)


def equal_loadings(correlation: float, instruments: Sequence[Moving]) -> tuple[Loading, ...]:
    """One factor that all *instruments* follow alike: any two of them have this *correlation* (0 to 1)."""
    return (Loading((sqrt(correlation),), sqrt(1 - correlation)),) * len(instruments)


def _loading(factors: Sequence[Factor], instrument: Moving) -> Loading:
    symbol, whole_bps = instrument.symbol, instrument.volatility_bps_per_sqrt_s
    moves_bps = [factor.beta.get(symbol, 0.0) * factor.volatility_bps_per_sqrt_s for factor in factors]
    common_bps = hypot(*moves_bps)
    if common_bps > whole_bps * (1 + ROUNDING):
        last = max(place for place, move_bps in enumerate(moves_bps) if move_bps)
        raise MarketError(
            f"the factors alone move {symbol} by {common_bps:.4g} bps a second, more than its volatility of "
            f"{whole_bps:g} bps",
            "lower its beta, or raise its volatility_bps_per_sqrt_s",
            at=_at(last, symbol),
        )
    common = tuple(move_bps / whole_bps if whole_bps else 0.0 for move_bps in moves_bps)
    return Loading(common, sqrt(max(1 - sum(part * part for part in common), 0.0)))


def _at(place: int, symbol: str) -> tuple[str | int, ...]:
    return ("factors", place, "beta", symbol)
