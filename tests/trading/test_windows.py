"""Sliding windows: they forget exactly what is old, and give the same as counting everything anew."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.trading.windows import CountWindow, KeyWindow, SumWindow

LENGTH = 10
GAPS = st.lists(st.tuples(st.integers(0, 15), st.integers(1, 3)), max_size=60)


@given(GAPS)
def test_every_window_holds_what_is_younger_than_its_length(gaps: list[tuple[int, int]]) -> None:
    """Against a list of everything that ever came."""
    counts, sums, kinds = CountWindow(LENGTH), SumWindow(LENGTH), KeyWindow(LENGTH)
    now, came = 0, list[tuple[int, int]]()
    for gap, kind in gaps:
        now += gap
        young = [(t, each) for t, each in came if t > now - LENGTH]
        assert counts.count(now) == len(young)
        assert sums.sums(now) == (sum(each for _, each in young), sum(each / 2 for _, each in young))
        assert [kinds.count(now, each) for each in (1, 2, 3)] == [
            sum(one == each for _, one in young) for each in (1, 2, 3)
        ]
        came.append((now, kind))
        counts.add(now)
        sums.add(now, kind, kind / 2)
        kinds.add(now, kind)


def test_a_window_of_no_length_holds_nothing() -> None:
    """Not even what came at this instant."""
    counts, sums = CountWindow(0), SumWindow(0)
    counts.add(5)
    sums.add(5, 1, 1.0)

    assert (counts.count(5), sums.sums(5)) == (0, (0, 0.0))
