"""Tests of what the result says of soft limits."""

from __future__ import annotations

from engine.domain.records import SoftLimit
from engine.runs.soft_limits import Passed, soft_limits_passed

from .small import Desk, scenario


def alert(t_s: int, observed: float, reason: str = "order_qty", limit: float = 400, symbol: str = "SPY") -> SoftLimit:
    """One order beyond a soft limit."""
    return SoftLimit(t_s * 10**9, t_s, symbol, reason, observed, limit, "instrument")


def test_each_limit_is_said_once_with_count_first_and_furthest() -> None:
    """In the order in which they were first passed."""
    alerts = [alert(5, 410), alert(6, 9, "position", 8), alert(7, 430), alert(8, 420)]

    assert list(soft_limits_passed(alerts)) == [
        Passed(
            "3 orders passed beyond the soft limit of order_qty, first at t=5 s; furthest 430 of SPY, where the "
            "instrument has 400",
            5 * 10**9,
        ),
        Passed(
            "1 order passed beyond the soft limit of position, first at t=6 s; furthest 9 of SPY, where the "
            "instrument has 8",
            6 * 10**9,
        ),
    ]


def test_furthest_is_by_the_limit_of_each_symbol() -> None:
    """Ten times its limit is further than a little more of a larger one; a limit of nothing is passed by what it is."""
    small, large = alert(1, 100, limit=10, symbol="QQQ"), alert(2, 410)
    [said] = soft_limits_passed([small, large])
    [zero] = soft_limits_passed([alert(1, 3, limit=0)])

    assert "furthest 100 of QQQ" in said.text
    assert "furthest 3 of SPY" in zero.text


def test_nothing_is_said_of_limits_that_were_kept() -> None:
    """No alert, no finding."""
    assert list(soft_limits_passed([])) == []


def test_a_run_says_which_soft_limits_were_passed(desk: Desk) -> None:
    """Orders of 410 shares, where 400 are soft: a finding without a verdict, and an event to ask for."""
    slowly = {**scenario()["desk"]["strategy"], "order_qty_shares": 410, "orders_per_s": 0.2}
    run = desk.run(desk={**scenario()["desk"], "strategy": slowly}, must_happen=["soft_limit_passed"])
    [said] = [each for each in run.result.findings if each.code == "soft_limit" and "of order_qty" in each.text]

    assert said.verdict is None
    assert "furthest 410 of SPY, where the instrument has 400" in said.text
    [event] = [each for each in run.result.must_happen if each.event == "soft_limit_passed"]
    assert event.verdict == "PASS"
