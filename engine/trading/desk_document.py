"""The ``desk`` part of a scenario: what it holds, how it trades, and what holds it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.base.keys import key
from engine.trading.check_source import CheckSourceDocument
from engine.trading.governor_documents import GOVERNORS
from engine.trading.strategy import STRATEGIES


@dataclass(frozen=True, kw_only=True)
class DeskDocument:
    """The trading desk under test."""

    inventory: dict[str, int] = key(
        "Shares that it holds when the session opens, by symbol; negative is short", default={}, example={"SPY": 7400}
    )
    strategy: Any = key("How it trades", tag="kind", variants=lambda: STRATEGIES)
    governor: Any = key("The pre-trade risk control", tag="kind", variants=lambda: GOVERNORS)
    limits: str = key("The limits document that it trades under", example="limits/equity_day")
    venue: str = key("The venue document that it trades at", example="venues/equity_us")
    profile: str = key("The profile document that says how fast it is", example="profiles/default")
    check_source: CheckSourceDocument | None = key(
        "A second source of prices to hold the first against (source_disagreement_pct of the limits)", default=None
    )
