"""A hold that is announced and not enforced: stops stop, but a desk that is paused goes on.

Knight Capital, 1 August 2012: 97 e-mails warned from 08:01 on, and none of them held anything (SEC Release 34-70694).
"""

from __future__ import annotations

from engine.domain.governance import Decision, Level
from engine.trading.checks import CHECKS, Ask, check_level
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "leaks", "the governor had held"),)


def check_stops_only(ask: Ask) -> Decision | None:
    """The level, if it is a stop."""
    return None if ask.level is Level.HOLD else check_level(ask)


class Broken(ReferenceGovernor):
    """The reference governor with a check of its level that looks at stops only."""

    checks = tuple(check_stops_only if check is check_level else check for check in CHECKS)
