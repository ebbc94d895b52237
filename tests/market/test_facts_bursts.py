"""Rates, peaks and gaps of a stream of messages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.facts_bursts import Bursts

S, MS = 1_000_000_000, 1_000_000
STAMPS = st.lists(st.integers(0, 20 * S), min_size=2, max_size=60).map(sorted)


def figures(stamps: list[int], cuts: list[int], origin_ns: int | None = 0) -> dict[str, float | int | None]:
    """The facts of stamps that are fed in pieces."""
    bursts = Bursts(origin_ns)
    for piece in np.split(np.array(stamps, np.int64), cuts):
        bursts.add(piece)
    return {each.name: each.value for each in bursts.facts()}


def test_seconds_and_peaks_are_counted() -> None:
    """Three in the first second, none in the next, one in the third."""
    seen = figures([0, 10 * MS, 10 * MS + 1, 2 * S], [])

    assert seen["messages_per_s_mean"] == pytest.approx(4 / 3)
    assert (seen["messages_per_s_max"], seen["messages_max_in_10ms"], seen["messages_max_in_1ms"]) == (3, 2, 2)
    assert seen["peak_to_mean_1s"] == pytest.approx(3 / (4 / 3))
    assert seen["interarrival_max_s"] == pytest.approx((2 * S - 10 * MS - 1) / S)


def test_windows_begin_at_the_first_stamp_where_no_origin_is_given() -> None:
    """Half a second before and after a whole second is one second."""
    assert figures([S // 2, S + S // 4], [], None)["messages_per_s_max"] == 2
    assert figures([S // 2, S + S // 4], [], 0)["messages_per_s_max"] == 1


def test_a_stamp_that_falls_back_counts_as_simultaneous() -> None:
    """No gap is negative."""
    seen = figures([0, 5 * S, 4 * S, 6 * S], [2])

    assert seen["interarrival_mean_s"] == pytest.approx(2)
    assert seen["messages_per_s_max"] == 2


@pytest.mark.parametrize("stamps", [[], [7]])
def test_without_two_messages_there_are_no_gaps(stamps: list[int]) -> None:
    """None, not zero."""
    seen = figures(stamps, [])

    assert [seen[name] for name in ("interarrival_mean_s", "interarrival_median_s", "interarrival_cv")] == [None] * 3
    assert seen["messages_per_s_max"] == (1 if stamps else None)


@given(STAMPS, st.lists(st.integers(0, 60), max_size=4).map(sorted))
def test_how_the_stream_is_cut_does_not_matter(stamps: list[int], cuts: list[int]) -> None:
    """The same figures whatever the pieces, empty ones included."""
    whole, pieces = figures(stamps, []), figures(stamps, cuts)

    assert pieces == pytest.approx(whole)


@given(STAMPS)
def test_the_figures_are_those_of_numpy(stamps: list[int]) -> None:
    """Mean, maximum and Fano factor of a count per second."""
    seen, times = figures(stamps, []), np.array(stamps)
    counts = np.bincount(times // S)[int(times[0] // S) :]

    assert seen["messages_per_s_mean"] == pytest.approx(counts.mean())
    assert seen["messages_per_s_p99"] == pytest.approx(np.quantile(counts, 0.99))
    assert seen["messages_per_s_max"] == counts.max()
    assert seen["messages_per_s_fano"] == pytest.approx(counts.var() / counts.mean())
