"""Sums over all symbols that are kept: the same as sums made anew, whatever changes and in whatever order."""

from __future__ import annotations

from math import isnan, nan
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.orders import BUY, SELL, Side
from engine.trading.exposure import NOTHING, Exposures, GrossSum, part

from .plain_view import USD, PlainView

SECTORS = MappingProxyType({"SPY": "indices", "QQQ": ""})


class Counting(PlainView):
    """A view that says which symbols changed, and counts how often it is asked for one."""

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[str] = ["SPY", "QQQ"]
        self.asked = 0

    def moved(self, since: int) -> tuple[int, tuple[str, ...]]:
        """What was put into ``changed`` since the last time."""
        changed, self.changed = tuple(dict.fromkeys(self.changed)), []
        return since + 1, self.symbols() if since == -1 else changed

    def position(self, symbol: str) -> int:
        """Signed shares."""
        self.asked += 1
        return super().position(symbol)


def naive(view: PlainView, *symbols: str) -> tuple[float, float]:
    """Gross and open value of *symbols*, made anew."""
    gross = working = 0.0
    for symbol in symbols:
        position, buys, sells = view.positions.get(symbol, 0), view.working(symbol, BUY), view.working(symbol, SELL)
        shares = max(abs(position + buys), abs(position - sells))
        mark = view.marks.get(symbol, nan)
        gross += shares * mark if shares else 0.0
        working += (buys + sells) * mark if buys + sells else 0.0
    return gross, working


def same(first: tuple[float, float], second: tuple[float, float]) -> bool:
    """Equal, or neither is a number; without a mark neither sum is one."""
    return first == second or (isnan(first[0]) and isnan(second[0]))


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("mark"), st.sampled_from(("SPY", "QQQ")), st.integers(2, 2_000_000_000)),
        st.tuples(st.just("position"), st.sampled_from(("SPY", "QQQ")), st.integers(-100_000, 100_000)),
        st.tuples(st.just("order"), st.sampled_from(("SPY", "QQQ")), st.integers(-50_000, 50_000)),
    ),
    max_size=40,
)


@given(CHANGES, st.integers(0, 1_000))
def test_a_kept_sum_is_the_sum_made_anew(changes: list[tuple[str, str, int]], added: int) -> None:
    """Of the desk and of each sector, also with an order on top; to the last half of a micro-dollar."""
    view, sums = Counting(), Exposures()
    sums.obey(SECTORS)
    for number, (what, symbol, value) in enumerate(changes):
        if what == "mark":
            view.marks[symbol] = value / 2
        elif what == "position":
            view.positions[symbol] = value
        else:
            view.live[number] = (symbol, BUY if value > 0 else SELL, abs(value))
        view.changed.append(symbol)
        if number % 3:
            sums.follow(view)
    sums.follow(view)
    buys = view.working("SPY", BUY) + added
    spy = part(view.positions.get("SPY", 0), buys, view.working("SPY", SELL), sums.marks.get("SPY"))
    view.live[10_000] = ("SPY", BUY, added)

    assert same(sums.desk.instead("SPY", spy), naive(view, "SPY", "QQQ"))
    assert same(sums.sector("SPY").instead("SPY", spy), naive(view, "SPY"))
    assert same(sums.sector("QQQ").instead("SPY", NOTHING), naive(view, "QQQ"))


def test_only_what_has_changed_is_looked_at() -> None:
    """However many symbols there are."""
    view, sums = Counting(), Exposures()
    sums.follow(view)
    first = view.asked
    sums.follow(view)
    view.changed = ["QQQ"]
    sums.follow(view)

    assert (first, view.asked) == (2, 3)


def test_other_sectors_are_summed_anew() -> None:
    """With the limits the sectors change, and nothing of before is left in them."""
    view, sums = Counting(), Exposures()
    view.marks, view.positions = {"SPY": 100.0 * USD, "QQQ": 50.0 * USD}, {"SPY": 10, "QQQ": 10}
    sums.obey(SECTORS)
    sums.follow(view)
    sums.obey({"SPY": "all", "QQQ": "all"})
    sums.follow(view)

    assert sums.sector("SPY").instead("XYZ", NOTHING)[0] == 1_500 * USD
    assert sums.desk.instead("XYZ", NOTHING)[0] == 1_500 * USD


@pytest.mark.parametrize("mark", [nan, float("inf"), None])
def test_a_holding_without_a_sound_mark_makes_the_sum_no_number_until_it_is_gone(mark: float | None) -> None:
    """Nobody knows what it is worth."""
    view, sums = Counting(), Exposures()
    view.marks, view.positions = {"SPY": 100.0 * USD}, {"SPY": 10, "QQQ": 1}
    if mark is not None:
        view.marks["QQQ"] = mark
    sums.follow(view)
    unknown = sums.desk.instead("XYZ", NOTHING)
    view.positions["QQQ"] = 0
    view.changed = ["QQQ"]
    sums.follow(view)

    assert [isnan(each) for each in unknown] == [True, True]
    assert sums.desk.instead("XYZ", NOTHING) == (1_000 * USD, 0.0)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_worse_side_is_the_larger_of_the_two(position: int, buys: int, sells: int) -> None:
    """All buys filled, or all sells."""
    assert part(position, buys, sells, 1)[0] == max(abs(position + buys), abs(position - sells))


def test_a_symbol_counts_once() -> None:
    """Put anew it takes its own place."""
    total = GrossSum()
    for shares in (10, 20, 5):
        total.put("SPY", part(shares, 0, 0, 2))

    assert total.instead("QQQ", NOTHING) == (5.0, 0.0)
    assert total.instead("SPY", part(7, 1, 0, 2)) == (8.0, 1.0)
    assert Side.BUY is BUY
