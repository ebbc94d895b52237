"""The session's hours: before the open and after the close no order is taken, and the close ends the day's orders."""

from __future__ import annotations

from dataclasses import dataclass

from engine.market.mechanics.common import day_ns, source_key, time_key
from engine.market.model_document import MarketError

BEFORE_OPEN, AFTER_CLOSE = "before_open", "after_close"
"""The reason codes of what is refused out of hours, and of the state."""
SESSION_CLOSED = "session_closed"
"""Why a day order ends at the close."""


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When the venue trades."""

    source: str = source_key()
    open_time: str = time_key("When trading begins", default="09:30:00")
    close_time: str = time_key("When trading ends", default="16:00:00")

    def __post_init__(self) -> None:
        """Raise MarketError unless the close comes after the open."""
        if day_ns(self.close_time) <= day_ns(self.open_time):
            raise MarketError(
                f"a close_time after open_time {self.open_time} was expected, was {self.close_time}",
                "times are of one day, on the exchange's clock",
                at=("close_time",),
            )

    def opens_ns(self, start_ns: int) -> int:
        """When trading begins, in a run whose time 0 is at the time of day *start_ns*; below 0 if it has begun."""
        return day_ns(self.open_time) - start_ns

    def closes_ns(self, start_ns: int) -> int:
        """When trading ends, in the same way."""
        return day_ns(self.close_time) - start_ns
