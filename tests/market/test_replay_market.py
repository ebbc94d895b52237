"""Tests of several tapes in one run, and of findings as they are played."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.domain.ports import NEVER_NS
from engine.domain.quotes import Quote, Trade
from engine.kernel.world import World
from engine.market.model_document import MarketError
from engine.market.quality import ROUTINE
from engine.market.replay import Replay, ReplayTape
from engine.market.replay_market import ReplayMarket

from .bar_samples import still, write_bars
from .real_data import DATA, real
from .samples import BUY, CALM, NAME, Row, S, Say, at_market, limit, parts, sides, write_tape

LOW: Row = ((50.02, 300), (50.00, 200), (50.03, 400), (49.99, 500))
CROSSED: Row = ((99.98, 300), (100.00, 200), (100.03, 400), (99.97, 500))
FELL: Row = ((99.95, 70), (99.90, 80), (100.03, 400), (99.89, 500))


def at(t_s: float, kind: int = 1, price: float = 100.00) -> Say:
    """A message at a second."""
    return t_s, kind, 10, price, 1


def named(name: str) -> str:
    """The file name of another symbol's day."""
    return NAME.replace("TEST", name)


def together(folder: Path, days: dict[str, list[tuple[Say, Row]]], **changes: Any) -> ReplayMarket:
    """The days of several symbols, each in a folder of its own."""
    for symbol, rows in days.items():
        (folder / symbol).mkdir()
        write_tape(folder / symbol, rows, name=named(symbol))
    find: Callable[[str], Path] = lambda name: folder / name  # noqa: E731  a finder is a function
    tapes = tuple(ReplayTape(tape=symbol, symbol=symbol) for symbol in days)
    return Replay(tapes=tapes, **changes).build(World(1), open_s=34_200, find=find)


def one(folder: Path, rows: list[tuple[Say, Row]], **changes: Any) -> ReplayMarket:
    """The market of one tape."""
    return together(folder, {"AAA": rows}, **changes)


TWO: dict[str, list[tuple[Say, Row]]] = {
    "AAA": [(at(0), CALM), (at(1.0, 4, 100.00), CALM), (at(3.0), FELL)],
    "BBB": [(at(0), LOW), (at(1.0, 4, 50.00), LOW), (at(2.0), CALM)],
}


# ---- several symbols


def test_tapes_play_together_on_one_clock(tmp_path: Path) -> None:
    """In time order; at the same instant in the order of the document."""
    market = together(tmp_path, TWO)
    events = market.advance(10 * S)

    assert [each.symbol for each in market.instruments] == ["AAA", "BBB"]
    assert [(e.t_ns // S, e.symbol) for e in events if isinstance(e, Quote)] == [
        (0, "AAA"),
        (0, "BBB"),
        (2, "BBB"),
        (3, "AAA"),
    ]
    assert [(e.t_ns // S, e.symbol) for e in events if isinstance(e, Trade)] == [(1, "AAA"), (1, "BBB")]
    assert market.wants_until_ns == 2 * S, "the tape that ends first"
    assert market.next_ns() == NEVER_NS


def test_each_symbol_has_its_own_book_and_levers(tmp_path: Path) -> None:
    """An order and a lever touch one of them only."""
    market = together(tmp_path, TWO)
    market.advance(0)
    market.levers("BBB").price_factor = 0.5

    assert parts(market.submit(at_market(1, BUY, 10, "AAA"))) == [(1, 10, 100.02)]
    market.submit(limit(2, BUY, 10, 49.0, symbol="BBB"))
    assert (market.cancel(2), market.cancel(2)) == (10, 0)
    market.advance(S)
    assert sides(market.quote("AAA")) == (100.00, 200, 100.02, 290)
    assert sides(market.quote("BBB")) == (25.00, 200, 25.01, 300)
    with pytest.raises(KeyError):
        market.quote("CCC")


def test_the_inputs_of_all_tapes_are_named(tmp_path: Path) -> None:
    """Two files for each."""
    assert [name for name, _ in together(tmp_path, TWO).tape_inputs()] == [
        f"{named(symbol)}_{word}_2.csv" for symbol in ("AAA", "BBB") for word in ("message", "orderbook")
    ]


def of(folder: Path, **fields: Any) -> ReplayMarket:
    """The market of a document whose tapes lie in *folder*."""
    return Replay(**fields).build(World(1), open_s=34_200, find=lambda name: folder / name)


def test_exactly_one_of_tape_and_tapes_is_needed(tmp_path: Path) -> None:
    """Neither and both are refused, and a symbol beside several tapes."""
    tapes = (ReplayTape(tape="."),)

    with pytest.raises(MarketError, match="exactly one of tape and tapes was expected, was neither"):
        of(tmp_path)
    with pytest.raises(MarketError, match="exactly one of tape and tapes was expected, was both"):
        of(tmp_path, tape=".", tapes=tapes)
    with pytest.raises(MarketError, match="symbol: SPY stands beside tapes"):
        of(tmp_path, symbol="SPY", tapes=tapes)


def test_tapes_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """Of two days, of one symbol twice, or of messages and bars."""
    for folder, name in (("a", named("AAA")), ("b", named("AAA")), ("c", named("CCC").replace("06-21", "06-22"))):
        (tmp_path / folder).mkdir()
        write_tape(tmp_path / folder, TWO["AAA"], name=name)
    write_bars(tmp_path / "bars.csv", still([0, 60]))

    def tapes(*names: str) -> tuple[ReplayTape, ...]:
        return tuple(ReplayTape(tape=name, symbol=None) for name in names)

    with pytest.raises(MarketError, match="two tapes hold AAA"):
        of(tmp_path, tapes=tapes("a", "b"))
    with pytest.raises(MarketError, match="different days: 2012-06-21, 2012-06-22"):
        of(tmp_path, tapes=tapes("a", "c"))
    with pytest.raises(MarketError, match=r"message_2\.csv holds messages, bars\.csv holds bars"):
        of(tmp_path, tapes=tapes("a", "bars.csv"))


# ---- the window


def test_the_clock_starts_at_from_time(tmp_path: Path) -> None:
    """Wherever clock.start is; nothing is played from to_time on, and all of it twice as fast."""
    market = one(tmp_path, TWO["AAA"], from_time="09:30:01", to_time="09:30:03", speed=2.0)
    events = market.advance(10 * S)

    assert [(e.t_ns, type(e)) for e in events] == [(0, Quote), (0, Trade)]
    assert [e.qty for e in events if isinstance(e, Trade)] == [10]
    assert (market.wants_until_ns, market.next_ns(), market.day) == (S, NEVER_NS, "2012-06-21")


def test_faster_is_the_same_market_in_less_time(tmp_path: Path) -> None:
    """The times are divided, everything else stays."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "fast").mkdir()
    slow = one(tmp_path / "slow", TWO["AAA"]).advance(10 * S)
    fast = one(tmp_path / "fast", TWO["AAA"], speed=10.0).advance(S)

    assert [e.t_ns for e in fast] == [e.t_ns // 10 for e in slow]
    assert [getattr(e, "bid_qty", getattr(e, "qty", 0)) for e in fast] == [
        getattr(e, "bid_qty", getattr(e, "qty", 0)) for e in slow
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from_time": "09:20:00"}, r"begins 600.000 s after from_time 09:20:00 \(row 1\)"),
        ({"from_time": "10:00:00"}, r"ends before from_time 10:00:00, by 1,797.000 s \(row 3\)"),
        ({"to_time": "10:00:00"}, r"ends 1,797.000 s before to_time \(row 3\)"),
        ({"from_time": "09:30:01", "to_time": "09:30:01"}, "to_time 09:30:01 is not after from_time 09:30:01"),
        ({"from_time": "2012-06-21T09:30:00"}, "from_time: a time of day was expected"),
    ],
)
def test_a_window_outside_the_tape_is_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    """With the file and the row at its end."""
    with pytest.raises(MarketError, match=words):
        one(tmp_path, TWO["AAA"], **changes)


# ---- findings


def test_a_crossed_book_is_not_shown_and_found_once_played(tmp_path: Path) -> None:
    """The book above it stands; INVALID unless the scenario allows it."""
    rows = [(at(0), CALM), (at(1.0), CROSSED), (at(2.0), FELL)]
    market = one(tmp_path, rows)
    market.advance(S - 1)
    before = market.findings()
    quotes = [sides(e) for e in market.advance(5 * S) if isinstance(e, Quote)]

    assert before == ()
    assert quotes == [(99.90, 80, 99.95, 70)]
    assert [(each.code, each.file, each.row) for each in market.refused()] == [
        ("crossed_book", f"{named('AAA')}_orderbook_2.csv", 2)
    ]


def test_an_allowed_finding_is_told_and_not_refused(tmp_path: Path) -> None:
    """The list of a scenario stands instead of the usual one."""
    rows = [(at(0), CALM), ((1.0, 5, 10, 100.01, 1), CALM), (at(70.0), CALM)]
    for folder in ("usual", "gap", "both"):
        (tmp_path / folder).mkdir()
    usual = one(tmp_path / "usual", rows)
    gap = one(tmp_path / "gap", rows, allow=("gap",))
    both = one(tmp_path / "both", rows, allow=("gap", *ROUTINE))
    for market in (usual, gap, both):
        market.advance(100 * S)

    assert [each.code for each in usual.findings()] == ["hidden_execution", "gap"]
    assert [each.code for each in usual.refused()] == ["gap"]
    assert [each.code for each in gap.refused()] == ["hidden_execution"]
    assert both.refused() == ()
    assert both.allow == {"gap", *ROUTINE}


def test_rows_outside_the_window_are_not_judged(tmp_path: Path) -> None:
    """Neither those before it nor those after."""
    rows = [(at(0), CROSSED), (at(100.0), CALM), (at(101.0), FELL), (at(300.0), CROSSED)]
    market = one(tmp_path, rows, from_time="09:31:40", to_time="09:33:00")
    market.advance(1_000 * S)

    assert market.findings() == ()


def test_asking_for_findings_changes_nothing(tmp_path: Path) -> None:
    """However often and when."""
    rows = [(at(0), CALM), (at(1.0), CROSSED), (at(70.0), FELL), (at(69.0), CALM), ((71.0, 5, 10, 99.0, 1), CALM)]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    asked, unasked = one(tmp_path / "a", rows), one(tmp_path / "b", rows)
    for t_s in range(0, 80, 3):
        asked.advance(t_s * S)
        asked.findings()
    unasked.advance(80 * S)

    assert asked.findings() == unasked.findings()
    assert [each.code for each in unasked.findings()] == ["crossed_book", "gap", "out_of_order", "hidden_execution"]


def test_an_early_row_is_played_with_the_row_above(tmp_path: Path) -> None:
    """Time never goes back in a run."""
    market = one(tmp_path, [(at(0), CALM), (at(5.0), CALM), (at(3.0), FELL)])
    events = [e for e in market.advance(10 * S) if isinstance(e, Quote)]

    assert [e.t_ns for e in events] == [0, 5 * S]
    assert [each.code for each in market.refused()] == ["out_of_order"]


def test_a_trading_halt_empties_the_market_until_trading_resumes(tmp_path: Path) -> None:
    """Resumed quoting is not enough; an order of the desk finds nobody meanwhile."""
    rows: list[tuple[Say, Row]] = [
        (at(0), CALM),
        ((1.0, 7, 0, -0.0001, -1), CALM),
        ((2.0, 7, 0, 0.0, -1), CALM),
        (at(2.5), FELL),
        ((3.0, 7, 0, 0.0001, -1), FELL),
    ]
    market = one(tmp_path, rows, allow=("halt",))
    events = [(e.t_ns, sides(e)) for e in market.advance(2 * S) if isinstance(e, Quote)]

    assert market.submit(at_market(1, BUY, 10, "AAA")) == ()
    events += [(e.t_ns, sides(e)) for e in market.advance(9 * S) if isinstance(e, Quote)]
    assert events == [(0, (100.0, 200, 100.02, 300)), (S, (0, 0, 0, 0)), (3 * S, (99.90, 80, 99.95, 70))]
    assert (len(market.findings()), market.refused()) == (3, ())


def test_a_start_within_a_halt_opens_empty(tmp_path: Path) -> None:
    """What was halted before the window is halted in it."""
    rows: list[tuple[Say, Row]] = [
        (at(0), CALM),
        ((1.0, 7, 0, -0.0001, -1), CALM),
        ((9.0, 7, 0, 0.0001, -1), CALM),
    ]
    market = one(tmp_path, rows, from_time="09:30:05", allow=())

    assert [sides(e) for e in market.advance(5 * S) if isinstance(e, Quote)] == [
        (0, 0, 0, 0),
        (100.0, 200, 100.02, 300),
    ]


# ---- memory and the real days


def peak_bytes(folder: Path, symbol: str) -> int:
    """The most memory that playing a day takes."""
    tracemalloc.start()
    market = of(folder, tape=symbol)
    while market.next_ns() < NEVER_NS:
        market.advance(market.next_ns() + S)
        market.findings()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_length_of_the_tape(tmp_path: Path) -> None:
    """Twice the messages, the same peak."""
    for symbol, count in (("AAA", 9_000), ("BBB", 18_000)):
        (tmp_path / symbol).mkdir()
        rows = [((n / 100, 5, 10, 100.01, 1), CALM if n % 2 else FELL) for n in range(count)]
        write_tape(tmp_path / symbol, rows, name=named(symbol))
    peak_bytes(tmp_path, "AAA")

    assert peak_bytes(tmp_path, "BBB") < 1.1 * peak_bytes(tmp_path, "AAA")


def test_amzn_and_aapl_play_together() -> None:
    """The first ten minutes of both, with nothing but hidden executions found."""
    tapes = tuple(ReplayTape(tape=real(symbol).name, symbol=symbol) for symbol in ("AMZN", "AAPL"))
    market = of(DATA, tapes=tapes, to_time="09:40:00")
    events = market.advance(600 * S)
    alone = [of(DATA, tape=real(symbol).name, to_time="09:40:00").advance(600 * S) for symbol in ("AMZN", "AAPL")]

    assert [e.t_ns for e in events] == sorted(e.t_ns for e in events)
    assert [[e for e in events if e.symbol == symbol] for symbol in ("AMZN", "AAPL")] == [list(each) for each in alone]
    assert {each.code for each in market.findings()} == {"hidden_execution"}
    assert market.refused() == ()
