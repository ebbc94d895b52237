"""Approvals beyond the hard limits of order rate (5 a second), quote age (1,000 ms) and price collar (5 %)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.decision_limits import MIDS_KNOWN
from engine.trading.limits import FirmLimits
from engine.trading.past import RATE_WINDOW_NS

from .logs import FULL, MS, S, Script, firm_limits, measure, points


def breaches(script: Script) -> list[tuple[int, float]]:
    """When the metric counts breaches, and how many."""
    return [(t, value) for t, value in points(measure("hard_limit_breaches", script.evidence(FULL))) if value]


def asked(script: Script, t_ns: int, order_id: int, *, approved: bool = True, **intent: Any) -> Script:
    """An instruction that is decided at once."""
    increasing = intent.get("increasing", True)
    script.intent(t_ns, order_id, **intent)
    return script.decided(t_ns, order_id, intent_ns=t_ns, approved=approved, increasing=increasing)


def quoted(script: Script, t_ns: int, mid: float = 100, arrived_ns: int | None = None, symbol: str = "A") -> Script:
    """A quote two dollars wide that reaches the desk, at once unless *arrived_ns* says else."""
    script.quote(t_ns, mid - 1, mid + 1, symbol)
    return script.tick(t_ns if arrived_ns is None else arrived_ns, t_ns, symbol)


def approved_five() -> Script:
    """Five orders approved at S, the most that one second may have."""
    script = quoted(Script(), S)
    for order_id in range(1, 6):
        asked(script, S, order_id)
    return script


# ---- order rate


def test_the_order_that_is_one_too_many_within_a_second_is_a_breach() -> None:
    """Five at one instant are at the limit; a sixth at any time before the first is a second old is above it."""
    assert breaches(approved_five()) == []
    assert breaches(asked(approved_five(), S, 6)) == [(S, 1)]
    assert breaches(asked(approved_five(), 2 * S - 1, 6)) == [(2 * S - 1, 1)]


def test_an_approval_exactly_one_second_old_has_left_the_window() -> None:
    """As the reference governor counts."""
    assert breaches(asked(approved_five(), S + RATE_WINDOW_NS, 6)) == []


def test_every_order_above_the_rate_is_a_breach_of_its_own() -> None:
    """A governor that ignores the rate is counted once for each order it let through."""
    script = asked(asked(approved_five(), S + MS, 6), S + 2 * MS, 7, action="replace", target=1)

    assert breaches(script) == [(S + MS, 1), (S + 2 * MS, 1)]


def test_the_rate_is_the_firms_over_all_symbols() -> None:
    """Another symbol's order is the sixth."""
    assert breaches(asked(quoted(approved_five(), S, symbol="B"), S, 6, symbol="B")) == [(S, 1)]


def test_cancels_denials_and_the_governors_own_orders_do_not_count_for_the_rate() -> None:
    """Neither as the one too many nor among the five."""
    script = asked(asked(approved_five(), S, 6, action="cancel", target=1), S, 7, approved=False)
    asked(script, S, 8, origin="governor").decided(S, 9, intent_ns=S)  # 9 was never asked for
    assert breaches(script) == []

    for order_id in range(10, 15):
        asked(quoted(script, 3 * S), 3 * S, order_id, action="cancel", target=1)
    assert breaches(asked(script, 3 * S, 15)) == []


def test_of_two_answers_to_one_order_the_first_counts() -> None:
    """An order approved twice is one approval, and one denied first is none."""
    script = approved_five().decided(S + 1, 5, intent_ns=S)
    assert breaches(script) == []

    asked(script, S + 2, 6, approved=False).decided(S + 3, 6, intent_ns=S + 2)
    assert breaches(script) == []


@given(st.lists(st.integers(min_value=0, max_value=3 * S), max_size=25))
def test_a_governor_that_counts_as_the_reference_does_never_breaches_the_rate(times: list[int]) -> None:
    """Whatever the times, what a window of its own lets through is within the limit."""
    script, window = Script(), list[int]()
    for order_id, t_ns in enumerate(sorted(times), 1):
        window = [one for one in window if one > t_ns - RATE_WINDOW_NS]
        approved = len(window) < 5
        window += [t_ns] * approved
        asked(script, t_ns, order_id, approved=approved, increasing=False)

    assert breaches(script) == []


# ---- quote age


def test_an_increasing_order_on_a_quote_older_than_the_limit_is_a_breach() -> None:
    """1,000 ms is at the limit, a nanosecond more is above."""
    assert breaches(asked(quoted(Script(), S), 2 * S, 1)) == []
    assert breaches(asked(quoted(Script(), S), 2 * S + 1, 1)) == [(2 * S + 1, 1)]
    assert breaches(asked(quoted(Script(), S), 2 * S + 1, 1, action="replace", target=9)) == [(2 * S + 1, 1)]


def test_the_age_runs_from_the_venue_time_of_what_had_reached_the_desk() -> None:
    """A quote on the wire is not known; one that arrives with the decision is, as old as it is at the venue."""
    late = quoted(quoted(Script(), S), 2 * S, arrived_ns=2 * S + 10)

    assert breaches(asked(late, 2 * S + 9, 1)) == [(2 * S + 9, 1)]
    assert breaches(asked(quoted(Script(), S, arrived_ns=2 * S), 2 * S, 1)) == []
    assert breaches(asked(quoted(Script(), S, arrived_ns=3 * S), 3 * S, 1)) == [(3 * S, 1)]


def test_another_symbols_quote_does_not_make_this_one_fresh() -> None:
    """Each symbol has its own."""
    assert breaches(asked(quoted(quoted(Script(), S), 3 * S, symbol="B"), 3 * S, 1)) == [(3 * S, 1)]


def test_without_any_quote_the_age_is_the_time_since_the_start() -> None:
    """At least that old."""
    assert breaches(asked(Script(), S, 1)) == []
    assert breaches(asked(Script(), S + 1, 1)) == [(S + 1, 1)]


def test_what_takes_no_new_risk_may_be_approved_on_an_old_quote() -> None:
    """A reducing order, a cancel, a denied order and the governor's own."""
    script = asked(quoted(Script(), S), 5 * S, 1, increasing=False)
    asked(script, 5 * S, 2, action="cancel", target=1)
    asked(asked(script, 5 * S, 3, approved=False), 5 * S, 4, origin="governor")

    assert breaches(script) == []


def test_whether_an_order_increases_is_judged_when_it_is_decided() -> None:
    """The books may have moved while it waited."""
    script = quoted(Script(), S).intent(5 * S, 1, increasing=True).intent(5 * S, 2, increasing=False)
    script.decided(5 * S, 1, intent_ns=5 * S, increasing=False)
    assert breaches(script) == []

    script.decided(5 * S, 2, intent_ns=5 * S, increasing=True)
    assert breaches(script) == [(5 * S, 1)]


# ---- price collar


def test_a_limit_beyond_the_collar_on_either_side_is_a_breach() -> None:
    """Around a mid of 100, 95 and 105 are at the limit, a cent further is above."""
    script = quoted(Script(), S)
    assert breaches(asked(asked(script, S, 1, limit=105), S, 2, limit=95, side=-1)) == []

    asked(script, S + 1, 3, limit=105.01, increasing=False)
    asked(script, S + 2, 4, limit=94.99, action="replace", target=1)
    assert breaches(script) == [(S + 1, 1), (S + 2, 1)]


def test_market_orders_cancels_denials_and_the_governors_own_have_no_collar() -> None:
    """A cancel's price is none; a denied order and a slice of a flatten may ask for any."""
    script = asked(quoted(Script(), S), S, 1, limit=0)
    asked(asked(script, S, 2, limit=200, action="cancel", target=1), S, 3, limit=200, approved=False)

    assert breaches(asked(script, S, 4, limit=200, origin="governor")) == []


def test_a_price_right_by_one_of_the_last_three_mids_is_no_breach() -> None:
    """The governor may see one that is not the newest; the mid before these three it cannot see."""
    script = quoted(Script(), S, 80)
    for step in range(1, MIDS_KNOWN):
        quoted(script, S + step, 100)
    assert breaches(asked(script, S + 10, 1, limit=80)) == []

    quoted(script, S + 20, 100)
    assert breaches(asked(script, S + 30, 2, limit=80)) == [(S + 30, 1)]


def test_a_mid_that_had_not_reached_the_desk_is_not_held_against_it() -> None:
    """The venue is at 80 and the desk still sees 100; with the arrival 80 is a price it can know."""
    script = quoted(quoted(Script(), S), 2 * S, 80, arrived_ns=2 * S + 10)

    assert breaches(asked(script, 2 * S, 1, limit=100)) == []
    assert breaches(asked(script, 2 * S + 9, 2, limit=80, increasing=False)) == [(2 * S + 9, 1)]
    assert breaches(asked(script, 2 * S + 10, 3, limit=80)) == [(2 * S + 9, 1)]


def test_one_sided_and_lost_quotes_give_no_mid() -> None:
    """Three one-sided quotes do not push out the two-sided ones, and a quote that never arrived is not known."""
    script = quoted(quoted(Script(), S, 80), S + 1, 100)
    for t_ns in range(S + 2, S + 5):
        script.quote(t_ns, 0, 101).tick(t_ns, t_ns)
    script.quote(S + 5, 119, 121)

    assert breaches(asked(script, S + 10, 1, limit=80)) == []
    assert breaches(asked(script, S + 11, 2, limit=120)) == [(S + 11, 1)]


def test_without_a_mid_there_is_nothing_to_hold_a_price_against() -> None:
    """No quote, only a one-sided one, or one that arrives later."""
    assert breaches(asked(Script(), MS, 1, limit=500)) == []
    assert breaches(asked(Script().quote(0, 0, 101).tick(0, 0), MS, 1, limit=500)) == []
    assert breaches(asked(quoted(Script(), 0, arrived_ns=MS + 1), MS, 1, limit=500)) == []


# ---- together


def test_an_order_that_breaks_three_limits_counts_three_times() -> None:
    """The sixth within a second, on an old quote and off the collar."""
    script = quoted(Script(), S)
    for order_id in range(1, 6):
        asked(script, 3 * S, order_id, increasing=False)

    assert breaches(asked(script, 3 * S, 6, limit=106)) == [(3 * S, 3)]


def test_a_missing_limit_is_held_against_nothing() -> None:
    """A firm without rate and age, and a symbol without a collar or without any limits."""
    script = quoted(quoted(Script(), S), S, symbol="C")
    for order_id in range(1, 9):
        asked(script, 3 * S, order_id, limit=200, symbol="AC"[order_id % 2])

    series = measure("hard_limit_breaches", script.evidence(firm_limits(FirmLimits())))
    assert [value for _, value in points(series) if value] == []
