"""Latencies, feed age, errors, backlog: hand-computed values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.metrics.series import Basis

from .logs import END, FACTS, MS, S, Script, chances, measure, points


def test_decision_latency_is_from_the_scheduled_send() -> None:
    """2 ms for a strategy's order; the governor's own is no sample."""
    script = Script().intent(S, 1).decided(S + 2 * MS, 1, intent_ns=S).intent(S, 2, origin="governor")

    assert points(measure("decision_latency_ms", script.evidence())) == [(S + 2 * MS, 2.0)]


@pytest.mark.parametrize(("sent_ns", "expected"), [(END - S, [(END, np.inf)]), (END - S + 1, [])])
def test_an_unanswered_order_is_infinite_if_there_was_time_to_answer(
    sent_ns: int, expected: list[tuple[int, float]]
) -> None:
    """Sent one second before the end it is judged, a nanosecond later it is not."""
    script = Script().intent(sent_ns, 1, tick_ns=sent_ns)

    assert points(measure("decision_latency_ms", script.evidence())) == expected
    assert points(measure("pipeline_latency_ms", script.evidence())) == expected
    assert len(measure("error_rate_pct", script.evidence())) == len(expected)


def test_pipeline_latency_is_from_the_ticks_arrival() -> None:
    """The tick arrived 3 ms before the decision; an order without a tick is no sample."""
    script = Script().intent(S, 1, tick_ns=S - MS).decided(S + 2 * MS, 1, intent_ns=S)
    script.intent(2 * S, 2).decided(2 * S + MS, 2, intent_ns=2 * S)

    assert points(measure("pipeline_latency_ms", script.evidence())) == [(S + 2 * MS, 3.0)]


def test_basis_is_modelled_in_a_simulated_run_and_measured_live() -> None:
    """Counts and money are exact in both."""
    script = Script().intent(S, 1).decided(S + MS, 1, intent_ns=S)
    live = replace(FACTS, live=True)

    for name in ("decision_latency_ms", "pipeline_latency_ms", "feed_age_ms", "backlog_under_load", "recovery_s"):
        assert measure(name, script.evidence()).basis is Basis.MODELLED, name
        assert measure(name, script.evidence(live)).basis is Basis.MEASURED, name
    for name in ("error_rate_pct", "equity_usd", "order_leaks"):
        assert measure(name, script.evidence(live)).basis is Basis.EXACT, name


def test_feed_age_is_arrival_less_venue_time() -> None:
    """3 ms and 4 ms."""
    script = Script().quote(S, 99, 101).quote(2 * S, 99, 101).tick(S + 3 * MS, S).tick(2 * S + 4 * MS, 2 * S)

    assert points(measure("feed_age_ms", script.evidence())) == [(S + 3 * MS, 3.0), (2 * S + 4 * MS, 4.0)]


def test_a_dead_feed_grows_old() -> None:
    """Of B nothing ever arrived: its first quote, of 10 s, waits 90 s at the end."""
    script = Script().quote(S, 99, 101).tick(S + 3 * MS, S).quote(10 * S, 9, 11, "B").quote(11 * S, 9, 12, "B")

    assert points(measure("feed_age_ms", script.evidence())) == [(S + 3 * MS, 3.0), (END, 90_000.0)]


def test_a_quote_on_its_way_at_the_end_is_no_sample() -> None:
    """It left the venue a nanosecond less than a second ago."""
    assert len(measure("feed_age_ms", Script().quote(END - S + 1, 99, 101).evidence())) == 0
    assert len(measure("feed_age_ms", Script().quote(END - S, 99, 101).evidence())) == 1


def test_error_rate_counts_failures_and_lateness_but_no_denials() -> None:
    """Of five orders one failed, one took over a second, one was never answered: 60 %."""
    script = Script()
    for order_id in range(1, 6):
        script.intent(order_id * S, order_id)
    script.decided(S, 1, intent_ns=S).decided(2 * S, 2, intent_ns=2 * S, approved=False, reason="position")
    script.decided(3 * S, 3, intent_ns=3 * S, approved=False, reason="governor_failed")
    script.decided(5 * S + 1, 4, intent_ns=4 * S)
    series = measure("error_rate_pct", script.evidence())

    assert series.value.mean() == 60.0
    assert chances(series) == [4]


def test_exactly_one_second_is_answered() -> None:
    """The bound belongs to the good side."""
    script = Script().intent(S, 1).decided(2 * S, 1, intent_ns=S)

    assert measure("error_rate_pct", script.evidence()).value.tolist() == [0.0]


def test_governor_failures_are_counted_beside_the_decisions() -> None:
    """Two failures, one decision."""
    script = Script().intent(S, 1).decided(S, 1, intent_ns=S).failed(2 * S).failed(3 * S, "garbage")
    series = measure("governor_failures", script.evidence())

    assert points(series) == [(S, 0.0), (2 * S, 1.0), (3 * S, 1.0)]
    assert chances(series) == [1]


def test_backlog_is_sampled_each_100_ms_from_first_to_last_send() -> None:
    """Orders at 1.0, 1.05 and 1.2 s; the first two decided at 1.15 s: 1 at 1.0, 2 at 1.1, 1 at 1.2."""
    script = Script()
    for order_id, t_ms, decided_ms in ((1, 1000, 1150), (2, 1050, 1150), (3, 1200, 1300)):
        script.intent(t_ms * MS, order_id).decided(decided_ms * MS, order_id, intent_ns=t_ms * MS)
    series = measure("backlog_under_load", script.evidence())

    assert points(series) == [(S, 1.0), (1_100 * MS, 2.0), (1_200 * MS, 1.0)]
    assert chances(series) == [1]


def test_no_queue_seen_is_no_opportunity() -> None:
    """An order decided at once never queued behind another."""
    script = Script().intent(S, 1).decided(S + MS, 1, intent_ns=S).intent(S + MS, 2).decided(S + 2 * MS, 2, intent_ns=S)

    for name in ("backlog_under_load", "backlog_after_drain"):
        assert chances(measure(name, script.evidence())) == [0]


def test_backlog_after_drain_is_looked_at_two_seconds_after_the_last_send() -> None:
    """One order decided 1 ns too late counts."""
    script = Script().intent(S, 1).decided(3 * S + 1, 1, intent_ns=S).intent(S, 2).decided(3 * S, 2, intent_ns=S)

    assert points(measure("backlog_after_drain", script.evidence())) == [(3 * S, 1.0)]


def test_backlog_after_drain_of_a_strategy_that_never_stops() -> None:
    """At the end what is older than 2 s and undecided counts, younger ones do not."""
    script = Script().intent(END - 2 * S, 1).intent(END - 2 * S + 1, 2).intent(END - 1, 3)

    assert points(measure("backlog_after_drain", script.evidence())) == [(END, 1.0)]


def test_a_run_too_short_to_drain_has_no_sample() -> None:
    """The first send is less than 2 s before the end."""
    assert len(measure("backlog_after_drain", Script().intent(END - S, 1).evidence())) == 0
