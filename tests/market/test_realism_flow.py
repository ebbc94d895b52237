"""The stream of messages: aggressive orders, bursts, gaps, mix."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.realism_flow import aggressors, fano, flow_figures, messages_by_half_hour

from .recordings import ADD, CUT, DELETE, HIDDEN, VISIBLE, Message, S, recording


def test_fills_of_one_stamp_and_side_are_one_order() -> None:
    """Another stamp, or the other side at the same stamp, is another; a hidden fill is none."""
    found = aggressors(
        recording(
            [
                (1, VISIBLE, 1, -1, 100, 1),
                (1, VISIBLE, 2, -1, 50, 1),
                (1, HIDDEN, 0, -1, 70, 1),
                (1, VISIBLE, 3, 1, 30, 1),
                (2, ADD, 4, 1, 10, 1),
                (2, VISIBLE, 5, 1, 20, 1),
            ]
        )
    )

    assert found.side.tolist() == [1, -1, -1]
    assert found.qty.tolist() == [150, 30, 20]
    assert found.fills.tolist() == [2, 1, 1]


def test_a_day_without_trades_has_no_aggressors() -> None:
    """And no memory of their sides."""
    found = recording([(1, ADD, 1, 1, 100, 1), (2, DELETE, 1, 1, 100, 1)])

    assert len(aggressors(found).side) == 0
    assert math.isnan(flow_figures(found)["trade_sign_acf_lag1"])


def test_the_mix_is_counted() -> None:
    """Cancels and deletes over adds; visible executions over everything."""
    kinds = [ADD] * 5 + [CUT] + [DELETE] * 2 + [VISIBLE, HIDDEN]
    found = flow_figures(recording([(n, kind, 0, 1, 100, 1) for n, kind in enumerate(kinds)]))

    assert found["cancel_ratio"] == 3 / 5
    assert found["execution_share"] == 1 / 10
    assert found["messages"] == 10


def test_long_runs_of_one_side_have_long_memory() -> None:
    """Fifty buys, fifty sells, and so on: lag 1 nearly 1, lag 100 nearly 1 again, lag 10 between."""
    messages: list[Message] = [(n, VISIBLE, 0, 1 if n // 50 % 2 else -1, 100, 1) for n in range(5_000)]
    found = flow_figures(recording(messages))

    assert found["trade_sign_acf_lag1"] == pytest.approx(1 - 2 / 50, abs=0.01)
    assert found["trade_sign_acf_lag10"] == pytest.approx(1 - 20 / 50, abs=0.02)
    assert found["trade_sign_acf_lag100"] == pytest.approx(1, abs=0.03)


def test_an_even_flow_has_no_bursts() -> None:
    """Ten messages a second, every second: Fano 0, no variation of the gaps."""
    found = flow_figures(recording([(n / 10, ADD, 0, 1, 100, 1) for n in range(1_000)]))

    assert found["messages_per_s_fano"] == 0
    assert found["interarrival_cv"] == pytest.approx(0, abs=1e-6)
    assert found["interarrival_mean_s"] == pytest.approx(0.1)
    assert found["interarrival_median_s"] == pytest.approx(0.1)


def test_seconds_without_messages_count() -> None:
    """100 messages in one second, then nothing, then one: mean 101/11 over eleven seconds."""
    t_ns = np.concatenate([np.full(100, 5 * S), [15 * S]])
    counts = np.array([100, *[0] * 9, 1])

    assert fano(t_ns, S) == pytest.approx(counts.var() / counts.mean())


def test_one_message_has_no_gap() -> None:
    """And a session without messages has nothing at all."""
    one, none = flow_figures(recording([(1, ADD, 0, 1, 1, 1)])), flow_figures(recording([]))

    assert math.isnan(one["interarrival_mean_s"])
    assert (one["cancel_ratio"], one["messages"]) == (0, 1)
    assert math.isnan(none["messages_per_s_fano"])
    assert math.isnan(none["cancel_ratio"])


def test_messages_are_counted_by_half_hour() -> None:
    """What comes before the open or after the close is in none."""
    found = messages_by_half_hour(recording([(t, ADD, 0, 1, 1, 1) for t in (-1, 0, 1_799.9, 1_800, 23_399, 23_400)]))

    assert found.tolist() == [2, 1, *[0] * 10, 1]


@given(st.lists(st.integers(0, 30 * S), min_size=1, max_size=200))
def test_windows_lose_no_message(since_ns: list[int]) -> None:
    """The Fano factor is that of counts that add up to all messages, by a slow count of its own."""
    t_ns = np.sort(np.array(since_ns))
    counts = np.zeros(int(t_ns[-1] // S - t_ns[0] // S) + 1)
    for at_ns in t_ns.tolist():
        counts[at_ns // S - int(t_ns[0] // S)] += 1

    assert counts.sum() == len(since_ns)
    assert fano(t_ns, S) == pytest.approx(counts.var() / counts.mean())
