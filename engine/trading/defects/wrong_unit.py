"""A limit in the wrong unit: a collar of 5 is taken for five times the price, and not for five percent of it.

Percent and share, cents and dollars, lots and shares: a number without its unit is read as whatever its reader expects.
"""

from __future__ import annotations

from engine.domain.governance import Decision
from engine.trading.checks import CHECKS, Ask, check_price_collar
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("fat_finger_basket", "breaches", "wrong_price"),)


def check_collar_as_share(ask: Ask) -> Decision | None:
    """The distance in percent against a limit that is taken for a share."""
    denied = check_price_collar(ask)
    if denied is None or denied.observed is None or denied.limit is None:
        return denied
    return denied if denied.observed > 100 * denied.limit else None


class Broken(ReferenceGovernor):
    """The reference governor with such a collar."""

    checks = tuple(check_collar_as_share if check is check_price_collar else check for check in CHECKS)
