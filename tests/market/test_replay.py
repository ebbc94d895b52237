"""Tests of the model ``replay``, on small tapes and on the real days."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.ports import NEVER_NS, Execution, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.kernel.world import World
from engine.market import models
from engine.market.model_document import MarketError
from engine.market.replay import Replay
from engine.market.replay_market import ReplayMarket
from engine.market.venue import Venue

from .samples import (
    BUY,
    CALM,
    MS,
    SELL,
    Ear,
    Row,
    S,
    Say,
    at_market,
    fees,
    limit,
    parts,
    play,
    replay,
    sides,
    write_tape,
)
from .test_replay_order_book import sound

DATA = Path(os.environ.get("STRESS_DATA", Path(__file__).parents[3] / "shared" / "data"))
DAYS = [
    ("lobster-amzn-2012-06-21", "AMZN", 5, 155_935, 8_974, 2_445, 23_399_959_359_650),
    ("lobster-aapl-2012-06-21", "AAPL", 1, 118_497, None, None, 23_399_913_117_637),
]
THIN: Row = ((100.02, 280), *CALM[1:])
FELL: Row = ((100.01, 120), (100.00, 200), (100.02, 300), (99.99, 500))
ROWS: list[tuple[Say, Row]] = [
    ((0.5, 1, 100, 100.00, 1), CALM),
    ((1.0, 4, 20, 100.02, -1), THIN),
    ((1.0, 5, 30, 100.015, 1), THIN),
    ((2.0, 1, 1, 99.00, 1), THIN),
    ((3.0, 1, 120, 100.01, -1), FELL),
    ((4.0, 4, 200, 100.00, 1), ((100.01, 120), (99.99, 500), (100.02, 300), (0, 0))),
]


def test_the_model_is_registered_under_its_word() -> None:
    """``model: replay`` finds this document."""
    assert models.get("replay") is Replay


def test_a_tape_becomes_quotes_and_trades(tmp_path: Path) -> None:
    """The opening book at time 0; then prints before the quotes they cause, and no quote without a change."""
    market = replay(write_tape(tmp_path, ROWS))

    assert market.advance(10 * S) == (
        Quote(0, "TEST", 100_000_000, 200, 100_020_000, 300),
        Trade(S, "TEST", 100_020_000, 20, BUY),
        Quote(S, "TEST", 100_000_000, 200, 100_020_000, 280),
        Trade(S, "TEST", 100_015_000, 30, SELL),
        Quote(3 * S, "TEST", 100_000_000, 200, 100_010_000, 120),
        Trade(4 * S, "TEST", 100_000_000, 200, SELL),
        Quote(4 * S, "TEST", 99_990_000, 500, 100_010_000, 120),
    )


def test_it_knows_its_times_and_names(tmp_path: Path) -> None:
    """Rows are at seconds after clock.start; after the last nothing comes."""
    market = replay(write_tape(tmp_path, ROWS))

    assert (market.day, market.wants_until_ns, market.next_ns()) == ("2012-06-21", 4 * S, S // 2)
    assert [each.symbol for each in market.instruments] == ["TEST"]
    market.advance(4 * S)
    assert market.next_ns() == NEVER_NS
    assert sides(market.quote("TEST")) == (99.99, 500, 100.01, 120)
    assert [name for name, _ in market.tape_inputs()] == [
        "TEST_2012-06-21_34200000_57600000_message_2.csv",
        "TEST_2012-06-21_34200000_57600000_orderbook_2.csv",
    ]


def test_a_tape_of_another_symbol_is_refused(tmp_path: Path) -> None:
    """The scenario may say which symbol it needs."""
    tape = write_tape(tmp_path, ROWS)

    assert replay(tape, symbol="TEST").quote("TEST").symbol == "TEST"
    with pytest.raises(MarketError, match="holds TEST, the scenario trades SPY"):
        replay(tape, symbol="SPY")


def test_a_later_start_opens_with_the_book_of_then(tmp_path: Path) -> None:
    """Rows before the start are passed over in silence."""
    market = replay(write_tape(tmp_path, ROWS), open_s=34_202.5)

    assert market.advance(0) == (Quote(0, "TEST", 100_000_000, 200, 100_020_000, 280),)
    assert market.next_ns() == S // 2


@pytest.mark.parametrize(
    ("open_s", "words"), [(34_139.0, "begins 61.500 s after clock.start"), (34_204.5, "ends before clock.start")]
)
def test_a_tape_that_misses_the_start_is_refused(tmp_path: Path, open_s: float, words: str) -> None:
    """Too early or too late: the clock or the tape is wrong."""
    with pytest.raises(MarketError, match=words):
        replay(write_tape(tmp_path, ROWS), open_s=open_s)


def test_a_tick_finer_than_a_micro_is_refused(tmp_path: Path) -> None:
    """Prices are whole micro-dollars."""
    with pytest.raises(MarketError, match="at most six decimals"):
        replay(write_tape(tmp_path, ROWS), tick=1e-7)


def test_time_does_not_go_back(tmp_path: Path) -> None:
    """Asking for an earlier instant is an error of the caller."""
    market = replay(write_tape(tmp_path, ROWS))
    market.advance(S)

    with pytest.raises(ValueError, match="asked to go back"):
        market.advance(S - 1)


def test_what_the_desk_takes_is_missing(tmp_path: Path) -> None:
    """Of 300 the desk takes 100; an execution of 20 takes from what is left."""
    market = replay(write_tape(tmp_path, ROWS))
    market.advance(0)
    executions = market.submit(at_market(1, BUY, 100, "TEST"))

    assert parts(executions) == [(1, 100, 100.02)]
    assert [sides(event) for event in market.advance(S - 1) if isinstance(event, Quote)] == [(100.0, 200, 100.02, 200)]
    assert [sides(event) for event in market.advance(S) if isinstance(event, Quote)] == [(100.0, 200, 100.02, 180)]


def test_an_order_meets_the_row_of_its_instant(tmp_path: Path) -> None:
    """Also when that row changed only behind the touch, and so was not shown."""
    deeper: Row = (*CALM[:2], (100.03, 7), CALM[3])
    rows: list[tuple[Say, Row]] = [ROWS[0], ((1.0, 2, 393, 100.03, -1), deeper)]
    market = replay(write_tape(tmp_path, rows))
    market.advance(2 * S)

    assert parts(market.submit(at_market(1, BUY, 1_000, "TEST"))) == [(1, 300, 100.02), (1, 7, 100.03)]


def test_a_lever_shows_at_the_next_row(tmp_path: Path) -> None:
    """Also at a row that changes nothing by itself."""
    market = replay(write_tape(tmp_path, ROWS))
    market.advance(S)
    market.levers("TEST").price_factor = 0.5

    assert market.advance(2 * S - 1) == ()
    assert market.advance(2 * S) == (Quote(2 * S, "TEST", 50_000_000, 200, 50_010_000, 280),)


Script = list[tuple[str, int, int, int]]
SCRIPTS = st.lists(
    st.tuples(
        st.sampled_from(["order", "market", "cancel", "price", "depth", "spread", "volume"]),
        st.integers(1, 700),
        st.integers(-3, 5),
        st.integers(0, 900 * MS),
    ),
    max_size=10,
)
FACTORS = (1.0, 0.0, 0.004, 0.5, 0.97, 1.2, 3.0)


def act(market: ReplayMarket, script: Script, cuts: int) -> list[MarketEvent]:
    """Play *script* with each wait cut into so many advances; check every immediate fill against the quote."""
    events, now_ns = list(market.advance(0)), 0
    for order_id, (what, qty, ticks, wait_ns) in enumerate(script, 1):
        side = BUY if qty % 2 else SELL
        if what in ("order", "market"):
            touch = market.quote("TEST").touch_micros(side)
            order = at_market(order_id, side, qty, "TEST")
            if what == "order":
                order = limit(order_id, side, qty, round(100 + ticks / 100, 2), symbol="TEST")
            executions = market.submit(order)
            own = any(execution.maker for execution in executions)  # it met an order of the desk itself
            for execution in executions:
                assert own or (touch and int(side) * (execution.price_micros - touch) >= 0)
                assert order.limit_micros is None or int(side) * (order.limit_micros - execution.price_micros) >= 0
                events.append(execution)
        elif what == "cancel":
            market.cancel(qty % order_id + 1)
        else:
            setattr(market.levers("TEST"), f"{what}_factor", FACTORS[qty % len(FACTORS)])
        for cut in range(1, cuts + 1):
            events += market.advance(now_ns + wait_ns * cut // cuts)
            market.quote("TEST")
        now_ns += wait_ns
        sound(market, levers=True)
    return events + list(market.advance(20 * S))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small tape, written once."""
    return write_tape(tmp_path_factory.mktemp("tape"), ROWS, zipped=True)


@settings(max_examples=80, deadline=None)
@given(SCRIPTS, st.integers(2, 6))
def test_events_do_not_depend_on_how_time_is_cut(folder: Path, script: Script, cuts: int) -> None:
    """One advance or six with reads between: the same events, in the same order."""
    assert act(replay(folder), script, cuts) == act(replay(folder), script, 1)


@settings(max_examples=80, deadline=None)
@given(SCRIPTS)
def test_every_share_is_filled_or_left(folder: Path, script: Script) -> None:
    """For every order, at each execution; and no quote is crossed, off the grid or half empty."""
    left: dict[int, int] = {}
    for event in act(replay(folder), script, 1):
        if isinstance(event, Execution):
            assert event.left == left.get(event.order_id, script[event.order_id - 1][1]) - event.qty >= 0
            left[event.order_id] = event.left
        if isinstance(event, Quote):
            assert (event.bid_micros > 0) == (event.bid_qty > 0)
            assert (event.ask_micros > 0) == (event.ask_qty > 0)
            assert not event.two_sided or event.bid_micros < event.ask_micros


# ---- the real days


def real(name: str) -> Any:
    """The folder of a real day; the test is skipped if it is not on this machine."""
    path = DATA / name
    if not path.is_dir():
        pytest.skip(f"the real day {name} is not here: set STRESS_DATA to the folder that holds it")
    return Replay(tape=name).build(World(1), open_s=34_200, find=lambda tape: DATA / tape)


def lines(name: str, word: str, levels: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A file of a real day as numbers, read apart from the code under test."""
    (path,) = (DATA / name).glob(f"*_{word}_{levels}.csv.gz")
    return np.loadtxt(path, delimiter=",", ndmin=2)


@pytest.mark.parametrize(("name", "symbol", "levels", "rows", "visible", "hidden", "end_ns"), DAYS)
def test_a_real_day_is_replayed_exactly(
    name: str, symbol: str, levels: int, rows: int, visible: int | None, hidden: int | None, end_ns: int
) -> None:
    """Every change of the file's top is a quote with the file's figures at the file's time, and nothing else is."""
    market = real(name)
    messages, book = lines(name, "message", levels), lines(name, "orderbook", levels)[:, :4]
    events = market.advance(end_ns)
    changed = np.concatenate([[True], np.any(book[1:] != book[:-1], axis=1)])
    stamps = np.rint(messages[:, 0] * 1e9).astype(np.int64) - 34_200 * S
    stamps[0] = 0  # the opening book is shown from the start
    expected = [
        (int(t_ns), int(bid) * 100, int(bid_qty), int(ask) * 100, int(ask_qty))
        for t_ns, (ask, ask_qty, bid, bid_qty) in zip(stamps[changed], book[changed], strict=True)
    ]
    quotes = [e for e in events if isinstance(e, Quote)]
    trades = [e for e in events if isinstance(e, Trade)]
    executed = messages[np.isin(messages[:, 1], (4, 5))]

    assert len(messages) == rows
    assert market.wants_until_ns == end_ns
    assert [(q.t_ns, q.bid_micros, q.bid_qty, q.ask_micros, q.ask_qty) for q in quotes] == expected
    assert [(t.qty, t.price_micros, -t.aggressor) for t in trades] == [
        (int(qty), int(price) * 100, int(way)) for qty, price, way in executed[:, 3:]
    ]
    if visible is not None and hidden is not None:
        assert len(trades) == visible + hidden
    assert {event.symbol for event in events} == {symbol}
    assert market.next_ns() == NEVER_NS


def test_a_real_day_does_not_depend_on_how_it_is_cut() -> None:
    """Half an hour of AMZN in one advance, and in 997."""
    whole = play(real(DAYS[0][0]), 1_800 * S)

    assert play(real(DAYS[0][0]), 1_800 * S, cuts=[n * 1_805_417_003 for n in range(997)]) == whole


def test_a_real_day_goes_through_the_venue() -> None:
    """A hundred seconds of AMZN with an order: records in time order, the fill at what the tape showed."""
    world, ear = World(1), Ear()
    venue = Venue(world, real(DAYS[0][0]), fees(), "2012-06-21", cancel_on_disconnect=True)
    venue.connect(ear)
    venue.start()
    price_micros = venue.open_inventory("AMZN", 100)
    world.at(50 * S, lambda: venue.submit(at_market(1, SELL, 50, "AMZN"), sent_ns=50 * S))
    world.run(100 * S)
    times = [record.t_ns for record in world.log]

    assert price_micros == (223_180_000 + 223_950_000) // 2
    assert times == sorted(times)
    assert sum(isinstance(each, Trade) for each in ear.heard) > 10
    assert venue.working_ids() == ()
