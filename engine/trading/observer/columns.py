"""What the observer saw, as columns: the states of an account, the top of book, the course of equity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domain.records import VenueQuote

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Steps:
    """The states of one account, each in force from the record ``seq`` until the next."""

    seq: Ints
    t_ns: Ints
    position: Ints
    buys: Ints
    sells: Ints
    cash_micros: Ints

    def at(self, seq: Ints) -> Ints:
        """The index of the state in force after each record of *seq*."""
        return np.searchsorted(self.seq, seq, side="right") - 1


@dataclass(frozen=True, slots=True)
class Quotes:
    """The top of book as columns; ``mid_micros`` holds 0 where there is no mark, and ``two_sided`` says so.

    A quote of a stop counts as one-sided: nobody can trade at it.
    """

    seq: Ints
    t_ns: Ints
    bid_micros: Ints
    bid_qty: Ints
    ask_micros: Ints
    ask_qty: Ints
    two_sided: NDArray[np.bool_]
    mid_micros: Floats

    @classmethod
    def of(cls, quotes: list[VenueQuote], seq: list[int], marking: list[bool]) -> Quotes:
        """Columns of *quotes*, each with its place in the stream and whether it may be a mark."""
        t_ns, _, *prices = zip(*quotes, strict=True) if quotes else [()] * len(VenueQuote._fields)
        bid, bid_qty, ask, ask_qty = (np.array(column, dtype=np.int64) for column in prices)
        both = (bid > 0) & (ask > 0) & np.array(marking, dtype=np.bool_)
        return cls(
            np.array(seq, dtype=np.int64),
            np.array(t_ns, dtype=np.int64),
            bid,
            bid_qty,
            ask,
            ask_qty,
            both,
            np.where(both, (bid + ask) / 2, 0.0),
        )

    @property
    def mid_changes(self) -> Ints:
        """Where the last two-sided mid changed."""
        standing = np.flatnonzero(self.two_sided)
        mids = self.mid_micros[standing]
        return standing[np.diff(mids, prepend=-1.0) != 0] if len(mids) else standing


@dataclass(frozen=True, slots=True)
class EquityChange:
    """Equity less capital, in micro-dollars, at every fill and mid change."""

    seq: Ints
    t_ns: Ints
    micros: Floats
