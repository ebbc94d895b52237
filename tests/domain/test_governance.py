"""The governor contract: levels in the order of their severity, and the contract's version."""

from __future__ import annotations

from engine.domain.governance import APPROVED, CONTRACT_VERSION, Level


def test_levels_rise_from_running_to_l4() -> None:
    """The numbers stand in event logs and are a promise: 0 running, 1 hold, 2 to 5 stop L1 to L4."""
    assert {level.name: level.value for level in Level} == {"RUNNING": 0, "HOLD": 1, "L1": 2, "L2": 3, "L3": 4, "L4": 5}


def test_the_contract_has_a_version() -> None:
    """Somebody else's governor may rely on it: changing it is a decision, not a slip."""
    assert CONTRACT_VERSION == "1"


def test_an_approval_says_nothing_more() -> None:
    """No reason, no number, no level."""
    assert (APPROVED.approved, APPROVED.reason, APPROVED.observed, APPROVED.limit, APPROVED.level) == (
        True,
        "",
        None,
        None,
        "",
    )
