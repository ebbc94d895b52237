"""Execution, approval, slippage, participation, and the market's own figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.domain.governance import Level
from engine.domain.records import DeskTick

from .logs import FULL, MS, S, Script, chances, measure, points


def approved(script: Script, t_ns: int, order_id: int, **intent: float) -> Script:
    """An intent that the governor approves at once."""
    return script.intent(t_ns, order_id, mid=intent.get("mid", 0)).decided(t_ns, order_id, intent_ns=t_ns)


def test_execution_rate_is_filled_over_marketable() -> None:
    """30 of 40 after the first order, 30 of 50 after the second; passive and unapproved orders are left out."""
    script = Script()
    for order_id in (1, 2, 3):
        approved(script, S, order_id)
    script.accepted(S, 1, 1, 40, 100, touch=100).fill(S, 1, 1, 1, 30, 100)
    script.accepted(2 * S, 2, -1, 10, 0, touch=99)
    script.accepted(3 * S, 3, 1, 10, 99.99, touch=100).accepted(3 * S, 4, 1, 10, 100, origin="governor")
    series = measure("execution_rate_pct", script.evidence())

    assert points(series) == [(S, 75.0), (2 * S, 60.0)]
    assert chances(series) == [2]


@pytest.mark.parametrize(("limit", "expected"), [(99.99, 1), (100, 1), (100.01, 0)])
def test_a_sell_is_marketable_at_or_below_the_bid(limit: float, expected: int) -> None:
    """The bid is 100."""
    script = approved(Script(), S, 1).accepted(S, 1, -1, 40, limit, touch=100)

    assert len(measure("execution_rate_pct", script.evidence())) == expected


def test_a_market_order_into_an_empty_side_is_not_marketable() -> None:
    """There was nothing to trade with."""
    script = approved(Script(), S, 1).accepted(S, 1, 1, 40, 0, touch=0)

    assert len(measure("execution_rate_pct", script.evidence())) == 0


def trading(script: Script) -> Script:
    """A market at 99.99/100.01 whose quotes reach the desk every second."""
    for second in range(10):
        script.quote(second * S, 99.99, 100.01).add(DeskTick(second * S, "A", second * S))
    return script


def asked(script: Script, t_ns: int, order_id: int, reason: str = "", **intent: Any) -> Script:
    """An intent to buy and its decision: approved, or denied for *reason*."""
    script.intent(t_ns, order_id, **intent)
    return script.decided(t_ns, order_id, intent_ns=t_ns, approved=not reason, reason=reason)


def test_only_the_shares_shown_are_marketable() -> None:
    """Of 150 wanted 100 were shown: 80 filled are 80 %."""
    script = approved(Script(), S, 1).accepted(S, 1, 1, 150, 100, touch=100).fill(S, 1, 1, 1, 80, 100)

    assert points(measure("execution_rate_pct", script.evidence())) == [(S, 80.0)]


def test_approved_pct_leaves_cancels_out() -> None:
    """One of two orders that nothing forbade is approved; the cancel does not count."""
    script = asked(asked(trading(Script()), S, 1), S, 2, "position")
    script.intent(S, 3, action="cancel").decided(S, 3, intent_ns=S)
    series = measure("approved_pct", script.evidence(FULL))

    assert series.value.tolist() == [100.0, 0.0]
    assert chances(series) == [2]


@pytest.mark.parametrize(
    ("intent", "counted"),
    [
        ({"qty": 50, "limit": 80}, 0),
        ({"qty": 50, "limit": 79.9}, 0),
        ({"qty": 39, "limit": 100}, 1),
        ({"qty": 39, "limit": 105.1}, 0),
        ({"qty": 51, "limit": 100}, 0),
    ],
)
def test_an_order_beyond_a_limit_may_be_denied(intent: dict[str, float], counted: int) -> None:
    """Value 4,000 USD at the market's price at least, size 50, collar 5 %: beyond them the denial says nothing."""
    script = asked(trading(Script()), S, 1, "any", **intent)

    assert len(measure("approved_pct", script.evidence(FULL))) == counted


@pytest.mark.parametrize(("held_shares", "counted"), [(90, 1), (91, 0)])
def test_position_plus_the_order_must_keep_the_limit(held_shares: int, counted: int) -> None:
    """10 more shares on 90 make 100, which is allowed."""
    script = asked(trading(Script().inventory("A", held_shares, 100)), S, 1, "position", qty=10, limit=100)

    assert len(measure("approved_pct", script.evidence(FULL))) == counted


def test_a_denial_under_a_hold_says_nothing() -> None:
    """From its in-effect instant to its release, if somebody commanded it."""
    script = asked(trading(Script()).control(2 * S, "pause").state(2 * S, Level.HOLD), 3 * S, 1, "held")
    script.control(4 * S, "resume").state(4 * S, Level.RUNNING)
    asked(script, 5 * S, 2, "held")

    assert points(measure("approved_pct", script.evidence(FULL))) == [(5 * S, 0.0)]


def test_a_hold_for_no_reason_excuses_nothing() -> None:
    """A governor that announces a hold that nothing calls for, and denies everything, is caught by its denials."""
    script = asked(trading(Script()).state(2 * S, Level.HOLD), 3 * S, 1, "held")
    script.add(*(DeskTick(second * S + 500 * MS, "A", second * S + 500 * MS) for second in range(4)))

    assert points(measure("approved_pct", script.evidence(FULL))) == [(3 * S, 0.0)]


def test_a_denial_on_an_old_quote_says_nothing() -> None:
    """The last quote came at 9 s; at 9.5 s it is fresh, at 10.001 s too old."""
    script = asked(trading(Script()), 9 * S + 500 * MS, 1, "stale_quote")
    asked(script, 10 * S + MS, 2, "stale_quote")

    assert len(measure("approved_pct", script.evidence(FULL))) == 1


def test_a_missing_limit_forbids() -> None:
    """Without a rate limit nothing is permissible, so nothing is proven."""
    script = asked(trading(Script()), S, 1)

    assert len(measure("approved_pct", script.evidence())) == 0


def test_slippage_is_weighted_by_notional_and_signed() -> None:
    """Buying 10 at 101 against 100 costs 100 bps; selling 30 at 101 against 100 gains 100: -50 together."""
    script = approved(Script(), S, 1, mid=100)
    approved(script, S, 2, mid=100)
    script.fill(S, 1, 1, 1, 10, 101).fill(2 * S, 2, 2, -1, 30, 101)

    actual = measure("slippage_bps", script.evidence())

    assert actual.t_ns.tolist() == [S, 2 * S]
    assert actual.value.tolist() == pytest.approx([100.0, -50.0])


def test_slippage_without_a_desk_mid_takes_the_venues() -> None:
    """The venue's mid when the order was intended; without any the series is no evidence."""
    known = approved(Script(), S, 1).quote(0, 99, 101).quote(2 * S, 199, 201).fill(3 * S, 1, 1, 1, 10, 101)
    unknown = Script().fill(S, 1, 1, 1, 10, 101)

    assert measure("slippage_bps", known.evidence()).value.tolist() == [pytest.approx(100.0)]
    assert measure("slippage_bps", unknown.evidence()).note == "1 fill had no intent or no mid to be measured against"


def test_flatten_participation_counts_from_its_beginning() -> None:
    """10 of 100 after the first slice, 20 of 210 after 100 more and 10 of the strategy's; earlier volume is out.

    A minute after the stop the first look is taken, so all slices of the first minute show in it.
    """
    script = Script().inventory("A", 100, 100).trade(S, 1_000).state(2 * S, 4).trade(3 * S, 90)
    script.accepted(4 * S, 1, -1, 10, origin="governor").fill(4 * S, 1, 1, -1, 10, 100)
    script.trade(65 * S, 90).accepted(65 * S, 2, -1, 10).fill(65 * S, 2, 2, -1, 10, 100)
    script.accepted(66 * S, 3, -1, 10, origin="governor").fill(66 * S, 3, 3, -1, 10, 100)
    series = measure("flatten_participation_pct", script.evidence())

    assert points(series) == [(66 * S, 100 * 20 / 210)]
    assert chances(series) == [1]


def test_a_flatten_that_is_over_at_once_is_judged_at_its_end() -> None:
    """A governor that dumps everything in the first second does not escape the look."""
    script = Script().inventory("A", 100, 100).state(2 * S, 4).trade(3 * S, 10)
    script.accepted(3 * S, 1, -1, 90, origin="governor").fill(3 * S, 1, 1, -1, 90, 100)

    assert points(measure("flatten_participation_pct", script.evidence())) == [(3 * S, 90.0)]


def test_a_stop_below_l3_is_no_flatten() -> None:
    """L2 cancels; what the governor sells then is no flatten."""
    script = Script().inventory("A", 100, 100).state(S, 3)
    script.accepted(4 * S, 1, -1, 10, origin="governor").fill(4 * S, 1, 1, -1, 10, 100)

    assert chances(measure("flatten_participation_pct", script.evidence())) == [0]


def test_mid_drop_is_the_worst_symbol_from_the_windows_start() -> None:
    """A falls by 15 % and B by 20 % from their mids at 1 s; a one-sided quote is passed over."""
    script = Script().quote(0, 199, 201).quote(S, 99, 101).quote(0, 9, 11, "B")
    script.quote(2 * S, 84, 86).quote(3 * S, 7, 9, "B").quote(4 * S, 0, 50).quote(5 * S, 109, 111)

    actual = points(measure("mid_drop_pct", script.evidence(start_ns=S)))

    assert actual == [(S, 0.0), (2 * S, 15.0), (3 * S, 20.0), (5 * S, 20.0)]


def test_spread_and_depth() -> None:
    """2 on 100 is 200 bps; a one-sided quote has depth but no spread."""
    script = Script().quote(S, 99, 101, qty=70).quote(2 * S, 0, 101, qty=30)

    assert points(measure("spread_bps", script.evidence())) == [(S, 200.0)]
    assert points(measure("depth_shares", script.evidence())) == [(S, 140.0), (2 * S, 30.0)]


def test_memory_growth_is_only_ever_measured() -> None:
    """A simulated run has no process whose memory could grow."""
    series = measure("memory_growth_mb", Script().evidence())

    assert (len(series), series.basis.value) == (0, "measured")


def test_nothing_is_made_of_nothing() -> None:
    """An empty log gives no samples but the closing zeros of the counts, and never a NaN."""
    from engine.metrics import metrics

    for name, metric in metrics:
        series = metric.measure(Script().evidence())
        assert not np.isnan(series.value).any(), name
        closed = {"order_leaks", "hard_limit_breaches", "orders_out_of_nowhere", "child_over_parent_shares", "pauses"}
        closed |= {"approvals_on_bad_limits", "slices_over_limit", "flatten_in_halt", "flatten_over_collar"}
        expected = 2 if name == "reconciliation_breaks" else int(name in closed)  # its last comparison and the end
        assert len(series) == expected, name
        assert series.unit == metric.unit, name
        assert metric.doc, name


def test_every_series_is_in_order_of_time() -> None:
    """Whatever the order in which a metric finds its samples."""
    from engine.metrics import metrics

    script = approved(Script().inventory("A", 50, 100).quote(0, 99, 101), S, 1, mid=100).sent(S, 1)
    script.accepted(S + MS, 1, 1, 10).fill(S + MS, 1, 1, 1, 10, 101, booked_ns=S + 2 * MS).state(S, 1).trade(S, 5)
    for name, metric in metrics:
        assert (np.diff(metric.measure(script.evidence()).t_ns) >= 0).all(), name


def test_a_denied_cancel_is_counted() -> None:
    """One of two cancels; the order that was denied is none."""
    script = asked(asked(Script(), S, 1, action="cancel"), 2 * S, 2, "stopped", action="cancel")
    series = measure("cancels_denied", asked(script, 3 * S, 3, "stopped").evidence())

    assert points(series) == [(S, 0.0), (2 * S, 1.0)]
    assert chances(series) == [2]
