"""Tests of playing bars."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.orders import Side
from engine.domain.ports import NEVER_NS, Execution, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.kernel.world import World
from engine.market.bars import Bar
from engine.market.model_document import MarketError
from engine.market.replay import Replay
from engine.market.replay_bars import BarQuotes, points
from engine.market.replay_market import ReplayMarket

from .bar_samples import MIN, Ohlcv, seconds, sessions, still, weekdays, write_bars
from .real_data import DATA, real
from .samples import BUY, SELL, S, at_market, limit, parts, sides

T = seconds("2022-05-02T00:00")
UP: Ohlcv = (T, 100.0, 101.0, 99.0, 100.5, 1_003.0)
DOWN: Ohlcv = (T + MIN, 100.5, 100.8, 98.0, 98.5, 400.0)


def market(file: Path, **changes: Any) -> ReplayMarket:
    """The bars of a file as SPY, two basis points wide, 10 % of the volume deep."""
    settled: dict[str, Any] = {"tape": file.name, "symbol": "SPY", "bar_spread_bps": 2.0, "bar_depth_pct": 10.0}
    find = lambda name: file.parent / name  # noqa: E731  a finder is a function
    return Replay(**settled | changes).build(World(1), open_s=0, find=find)


def bars_in(folder: Path, rows: Sequence[Ohlcv], **changes: Any) -> ReplayMarket:
    """A market of these bars."""
    return market(write_bars(folder / "bars.csv", rows), **changes)


def quotes(events: Sequence[MarketEvent]) -> list[tuple[int, tuple[float, int, float, int]]]:
    """Time in seconds and both sides of each quote."""
    return [(event.t_ns // S, sides(event)) for event in events if isinstance(event, Quote)]


def trades(events: Sequence[MarketEvent]) -> list[tuple[int, float, int, Side]]:
    """Time in seconds, price, shares and aggressor of each print."""
    return [(e.t_ns // S, e.price_micros / 1e6, e.qty, e.aggressor) for e in events if isinstance(e, Trade)]


def test_a_rising_bar_goes_down_first_and_a_falling_one_up(tmp_path: Path) -> None:
    """At the quarter points, a quarter of the volume at each, the rest at the last."""
    events = bars_in(tmp_path, [UP, DOWN]).advance(2 * MIN * S)

    assert trades(events) == [
        (0, 100.0, 250, BUY),
        (15, 99.0, 250, SELL),
        (30, 101.0, 250, BUY),
        (45, 100.5, 253, SELL),
        (60, 100.5, 100, SELL),
        (75, 100.8, 100, BUY),
        (90, 98.0, 100, SELL),
        (105, 98.5, 100, BUY),
    ]


def test_quotes_stay_within_the_bar(tmp_path: Path) -> None:
    """Around the price, but not below the low nor above the high."""
    events = bars_in(tmp_path, [UP, DOWN], bar_spread_bps=20.0).advance(MIN * S - 1)

    assert quotes(events) == [
        (0, (99.9, 100, 100.1, 100)),
        (15, (99.0, 100, 99.2, 100)),
        (30, (100.79, 100, 101.0, 100)),
        (45, (100.39, 100, 100.61, 100)),
    ]


def test_the_last_bar_stands_until_its_end(tmp_path: Path) -> None:
    """Its end is where the data end."""
    playing = bars_in(tmp_path, [UP, DOWN])
    playing.advance(2 * MIN * S)

    assert (playing.wants_until_ns, playing.next_ns()) == (2 * MIN * S, NEVER_NS)
    assert sides(playing.quote("SPY")) == (98.49, 40, 98.51, 40)
    assert playing.day == "2022-05-02"
    assert playing.instruments[0].price_micros == 100_000_000


def test_a_market_without_a_bar_is_empty(tmp_path: Path) -> None:
    """From the end of the bar before the gap to the next bar; and while nothing was traded."""
    rows: list[Ohlcv] = [UP, DOWN, (T + 3 * MIN, 98.5, 98.5, 98.5, 98.5, 0.0), (T + 4 * MIN, 98.5, 99, 98, 98.7, 100.0)]
    playing = bars_in(tmp_path, rows, allow=("gap", "flat_bar"))
    events = playing.advance(5 * MIN * S)

    assert [t for t, shown in quotes(events) if shown == (0, 0, 0, 0)] == [120]
    assert [t for t, _ in quotes(events)][-4:] == [240, 255, 270, 285]
    assert [(each.code, each.row) for each in playing.refused()] == [("zero_volume", 3)]


def test_a_bar_out_of_place_is_not_played(tmp_path: Path) -> None:
    """The time of the one above, or an earlier one; it is a finding once the next bar begins."""
    rows = [UP, (T, 500.0, 500.0, 500.0, 500.0, 900.0), DOWN, (T - MIN, 5.0, 5.0, 5.0, 5.0, 900.0)]
    playing = bars_in(tmp_path, [*rows, *still([T + 2 * MIN, T + 3 * MIN], 98.5)])
    early = playing.advance(MIN * S - 1)
    codes = [each.code for each in playing.findings()]
    late = playing.advance(4 * MIN * S)

    assert codes == []
    assert [(each.code, each.row) for each in playing.refused()] == [("duplicate_stamp", 2), ("out_of_order", 4)]
    assert {price for _, price, _, _ in trades([*early, *late])} <= {98.0, 98.49, 98.5, 98.51, 99.0} | {
        100.0,
        100.5,
        100.8,
        101.0,
    }


@pytest.mark.parametrize("lot", [1, 100])
def test_volume_may_be_counted_in_lots(tmp_path: Path, lot: int) -> None:
    """Prints and depth are shares."""
    events = bars_in(tmp_path, [UP, DOWN], bar_volume_lot=lot).advance(MIN * S - 1)

    assert sum(qty for _, _, qty, _ in trades(events)) == 1_003 * lot
    assert quotes(events)[0][1][1] == int(100.3 * lot)


# ---- the window


def test_a_window_opens_with_the_quote_of_then(tmp_path: Path) -> None:
    """In the middle of a bar, faster than recorded, and up to its end."""
    playing = bars_in(tmp_path, [UP, DOWN], from_time="2022-05-02T00:00:50", to_time="2022-05-02T00:01:30", speed=5.0)
    opening = playing.advance(0)

    assert quotes(opening) == [(0, (100.48, 100, 100.52, 100))]
    assert trades(playing.advance(100 * S)) == [(2, 100.5, 100, SELL), (5, 100.8, 100, BUY)]
    assert playing.wants_until_ns == 8 * S


def test_a_window_in_a_hole_opens_empty(tmp_path: Path) -> None:
    """Nobody quoted then; the instrument's price is that of the next bar."""
    rows = [*still([T, T + MIN]), *still([T + 10 * MIN, T + 11 * MIN], 50.0)]
    playing = bars_in(tmp_path, rows, from_time="2022-05-02T00:05:00")

    assert sides(playing.quote("SPY")) == (0, 0, 0, 0)
    assert playing.instruments[0].price_micros == 50_000_000
    assert playing.next_ns() == 5 * MIN * S


def test_only_what_lies_in_the_window_is_found(tmp_path: Path) -> None:
    """A session in it is compared with those before it."""
    days = weekdays("2020-03-02", 5)
    rows = still(sessions(days)[:-30]) + still(sessions(["2020-03-09"], "14:30", "19:55"))
    playing = bars_in(tmp_path, rows, from_time="2020-03-09T14:30:00", allow=())
    playing.advance(0)

    assert [(each.code, each.row) for each in playing.refused()] == [("missing_hour", 361)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_time": "2022-05-02T00:02:00"}, "ends at from_time 2022-05-02T00:02:00"),
        ({"from_time": "2022-05-03T00:00:00"}, r"ends before from_time .*, by 86,280.000 s \(row 2\)"),
        ({"from_time": "2022-05-01T00:00:00"}, r"begins 86,400.000 s after from_time .* \(row 1\)"),
        ({"to_time": "2022-05-03T00:00:00"}, r"ends 86,280.000 s before to_time \(row 2\)"),
        ({"to_time": "2022-05-02T00:00:00"}, "to_time 2022-05-02T00:00:00 is not after the start"),
        ({"from_time": "10:00:00"}, "from_time: a day and time in UTC was expected, was '10:00:00'"),
        ({"bar_spread_bps": None}, "bar_spread_bps is missing: bars.csv holds bars"),
        ({"bar_depth_pct": None}, "bar_depth_pct is missing: bars.csv holds bars"),
        ({"symbol": None}, "the tape bars.csv holds bars without a symbol"),
    ],
)
def test_a_document_that_does_not_fit_is_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    """With the file, and the row where there is one."""
    with pytest.raises(MarketError, match=words):
        bars_in(tmp_path, [UP, DOWN], **changes)


def test_bars_without_volume_cannot_be_played(tmp_path: Path) -> None:
    """There would be nothing to trade against."""
    path = tmp_path / "vix.csv"
    path.write_text("DATE,OPEN,HIGH,LOW,CLOSE\n1990-01-02,17,18,16,17\n1990-01-03,17,18,16,17\n")

    with pytest.raises(MarketError, match="row 1: the bars have no volume"):
        market(path)


# ---- orders


def test_an_order_takes_what_is_quoted(tmp_path: Path) -> None:
    """A hundred at the ask, and the rest of a market order finds nothing."""
    playing = bars_in(tmp_path, [UP, DOWN])
    playing.advance(0)

    assert parts(playing.submit(at_market(1, BUY, 500, "SPY"))) == [(1, 100, 100.01)]
    assert sides(playing.quote("SPY")) == (99.99, 100, 0, 0)


def test_a_resting_order_is_filled_at_its_limit_when_the_tape_trades_through(tmp_path: Path) -> None:
    """No more than was printed there."""
    playing = bars_in(tmp_path, [UP, DOWN])
    playing.advance(0)
    playing.submit(limit(1, BUY, 400, 99.5, symbol="SPY"))
    events = playing.advance(20 * S)

    assert parts(events) == [(1, 250, 99.5), (1, 100, 99.5)]


PRICES = st.integers(50, 150).map(float)
BARS = st.tuples(PRICES, PRICES, PRICES, PRICES, st.integers(0, 5_000)).map(
    lambda each: (each[0], max(each[:4]), min(each[:4]), each[3], float(each[4]))
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BARS, min_size=2, max_size=6), st.floats(0.5, 900), st.lists(st.integers(0, 359), max_size=8))
def test_nothing_is_filled_better_than_the_bar_shows(
    tmp_path_factory: pytest.TempPathFactory,
    shapes: list[tuple[float, float, float, float, float]],
    spread_bps: float,
    times: list[int],
) -> None:
    """A buy never below the low, a sell never above the high of its bar; quotes are never crossed."""
    rows: list[Ohlcv] = [(T + n * MIN, *shape) for n, shape in enumerate(shapes)]
    playing = bars_in(tmp_path_factory.mktemp("bars"), rows, bar_spread_bps=spread_bps)
    for order_id, at_s in enumerate(sorted(times)):
        events = playing.advance(at_s * S)
        row = rows[min(at_s // MIN, len(rows) - 1)]
        side = BUY if order_id % 2 else SELL
        shown = playing.quote("SPY")
        for fill in playing.submit(at_market(order_id, side, 50, "SPY")):
            usd = fill.price_micros / 1e6
            assert usd >= row[3] if side is BUY else usd <= row[2]
            wide = spread_bps / 10_000 * 150 + 0.02
            assert row[2] - row[3] < wide or row[3] - 0.011 <= usd <= row[2] + 0.011
        assert not shown.two_sided or shown.bid_micros < shown.ask_micros
        assert not any(isinstance(event, Execution) for event in events)


@given(BARS, st.integers(0, 3))
def test_the_points_of_a_bar_share_its_volume(shape: tuple[float, float, float, float, float], lot: int) -> None:
    """All of it, at the bar's own prices, the open first and the close last."""
    opened, high, low, close, volume = shape
    micros = [round(price * 1e6) for price in (opened, high, low, close)]
    bar = Bar(1, 0, micros[0], micros[1], micros[2], micros[3], volume, round(volume))
    made = points(bar, 0, MIN * S, BarQuotes(2.0, 10.0, 10_000, lot))

    assert sum(point.qty for point in made) == round(volume) * lot
    assert [made[0].price_micros, made[-1].price_micros] == [bar.open_micros, bar.close_micros]
    assert sorted(point.price_micros for point in made) == sorted(bar.prices_micros)
    assert [point.stamp_ns // S for point in made] == [0, 15, 30, 45]


def test_bars_do_not_depend_on_how_time_is_cut(tmp_path: Path) -> None:
    """In one advance or in many, with reads between."""
    rows = [UP, DOWN, *still([T + 5 * MIN, T + 6 * MIN])]
    whole = list(bars_in(tmp_path, rows).advance(7 * MIN * S))
    playing = bars_in(tmp_path, rows)
    pieces: list[MarketEvent] = []
    for t_s in range(0, 7 * MIN + 1, 7):
        pieces += playing.advance(t_s * S)
        playing.quote("SPY")
        playing.findings()

    assert pieces == whole


def peak_bytes(file: Path) -> int:
    """The most memory that playing a file takes."""
    tracemalloc.start()
    playing = market(file)
    while playing.next_ns() < NEVER_NS:
        playing.advance(playing.next_ns() + 600 * S)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_length_of_the_file(tmp_path: Path) -> None:
    """Twice the bars, the same peak; the findings are kept to a number."""
    short = write_bars(tmp_path / "short.csv", [(T + n * MIN, 100, 100, 100, 100, 0) for n in range(1_500)])
    long = write_bars(tmp_path / "long.csv", [(T + n * MIN, 100, 100, 100, 100, 0) for n in range(3_000)])
    peak_bytes(short)

    assert peak_bytes(long) < 1.1 * peak_bytes(short)


# ---- the real sets


def test_the_halt_of_march_2020_is_played_and_found() -> None:
    """Ten minutes without a quote from 17:00Z, INVALID unless it is allowed, at its two rows."""
    window: dict[str, Any] = {"from_time": "2020-03-18T16:55:00", "to_time": "2020-03-18T17:30:00"}
    file = real("SPY") / "spy_5min_2019_2020.csv.gz"
    playing = market(file, **window)
    shown = quotes(playing.advance(playing.wants_until_ns))

    assert [shown[n + 1][0] - t for n, (t, sides_) in enumerate(shown) if sides_ == (0, 0, 0, 0)] == [600]
    assert [(each.code, each.row) for each in playing.refused()] == [("zero_volume", 23_312), ("zero_volume", 23_313)]
    assert market(file, **window, allow=("zero_volume",)).refused() == ()


def test_lunas_second_coin_is_refused_once_it_is_reached() -> None:
    """Before the gap there is nothing; behind it the gap and the new coin."""
    playing = market(
        real("LUNA") / "LUNAUSDT-1m-2022-05.csv.gz", tick=1e-6, from_time="2022-05-13T00:00:00", speed=3_600.0
    )
    playing.advance(playing.next_ns())
    before = playing.refused()
    playing.advance(playing.wants_until_ns)

    assert before == ()
    assert [(each.code, each.row) for each in playing.refused()] == [("gap", 17_321), ("symbol_change", 17_321)]


def test_the_data_folder_is_read_and_not_written() -> None:
    """A real set is found by its folder as well as by its file."""
    folder = real("SPY")

    assert folder.parent == DATA
    assert market(folder).tape_inputs() == market(folder / "spy_5min_2019_2020.csv.gz").tape_inputs()
