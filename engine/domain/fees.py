"""Fees as effective-dated data. The venue and the desk each compute from this with code of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.base.keys import key


@dataclass(frozen=True, kw_only=True)
class FeePeriod:
    """Fees in force from a day on, until the next period begins."""

    from_: str = key(
        "First day on which these fees hold", pattern=r"^\d{4}-\d{2}-\d{2}$", pattern_help="a day such as 2025-05-14"
    )
    source: str = key("Where the figures are published")
    maker_usd_per_share: float = key("Fee per share that added liquidity; negative is a rebate", min=-1, max=1)
    taker_usd_per_share: float = key("Fee per share that took liquidity", min=-1, max=1)
    sec_usd_per_million: float = key("SEC section 31 fee per million USD sold", min=0, max=1000)
    taf_usd_per_share: float = key("FINRA trading activity fee per share sold", min=0, max=1)
    taf_cap_usd: float = key("Most that the trading activity fee takes of one execution", min=0, max=1000)


@dataclass(frozen=True, kw_only=True)
class FeeSchedule:
    """Maker, taker and regulatory fees over time, and how each is rounded."""

    rounding: Literal["half_even", "up"] = key("How each fee of one execution is rounded to round_to_usd")
    round_to_usd: float = key("The unit that each fee is rounded to", above=0, max=1)
    periods: tuple[FeePeriod, ...] = key("Fees by the day on which they begin", by_id="from")

    def on(self, day: str) -> FeePeriod:
        """The period in force on *day* (``YYYY-MM-DD``). Raise LookupError if none has begun."""
        begun = [period for period in self.periods if period.from_ <= day]
        if not begun:
            raise LookupError(
                f"no fees are in force on {day}; the first period begins {min(p.from_ for p in self.periods)}"
            )
        return max(begun, key=lambda period: period.from_)
