"""The venue observer: what the desk holds, works and is worth, from the venue's records alone.

It shares nothing with governor and ledger but plain types, so that a mistake in the desk's books cannot repeat itself
here. Money is exact integers of micro-dollars. ``seq`` is the place of a record in the stream that the observer was
shown, which settles the order of records of one instant.
"""

from __future__ import annotations

from engine.trading.observer.account import Account, worst_side
from engine.trading.observer.columns import EquityChange, Quotes, Steps
from engine.trading.observer.fold import REPLACED, VenueObserver
from engine.trading.observer.seen import Acceptance, Execution, WorkingOrder

__all__ = [
    "REPLACED",
    "Acceptance",
    "Account",
    "EquityChange",
    "Execution",
    "Quotes",
    "Steps",
    "VenueObserver",
    "WorkingOrder",
    "worst_side",
]
