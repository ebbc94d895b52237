"""The order book model as a document, and its market behind a venue on the world's clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.fees import FeePeriod, FeeSchedule
from engine.domain.orders import NewOrder, OrderKind, Side
from engine.domain.records import VenueFill, VenueQuote, VenueTrade
from engine.kernel.world import World
from engine.market.agents.market_maker import MarketMaker
from engine.market.agents.stop_loss import StopLoss
from engine.market.model_document import MarketError
from engine.market.order_book import BookInstrument, OrderBook
from engine.market.venue import Venue

END_NS = 120 * NS_PER_S
FEES = FeeSchedule(
    rounding="half_even",
    round_to_usd=0.0001,
    periods=(
        FeePeriod(
            from_="2000-01-01",
            source="none",
            maker_usd_per_share=0.0,
            taker_usd_per_share=0.0,
            sec_usd_per_million=0.0,
            taf_usd_per_share=0.0,
            taf_cap_usd=0.0,
        ),
    ),
)


def no_file(path: str) -> Path:
    """An order book reads no files."""
    raise AssertionError(path)


def played(timers_ms: int | None, *, feed_ms: float = 0, seed: int = 7) -> World:
    """Two minutes of a venue with two orders of the desk, with a timer that does nothing every *timers_ms*."""
    world = World(seed)
    document = OrderBook(instruments=(BookInstrument(symbol="AMZN", price=223.0),), feed_ms=feed_ms)
    model = document.build(world, open_s=34_200, find=no_file)
    venue = Venue(world, model, FEES, "2025-08-05", cancel_on_disconnect=True)
    venue.start()
    for number, t_s in enumerate((10, 30), start=1):
        order = NewOrder(number, "AMZN", Side.BUY, 150, OrderKind.MARKET, None)
        world.at(t_s * NS_PER_S, lambda order=order: venue.submit(order, world.now_ns))  # type: ignore[misc]
    if timers_ms:
        for t_ns in range(0, END_NS, timers_ms * NS_PER_MS):
            world.at(t_ns, lambda: None)
    world.run(END_NS)
    return world


@pytest.mark.parametrize("feed_ms", [0, 100])
def test_events_of_others_on_the_clock_change_no_record(feed_ms: float) -> None:
    """Timers cut time into slices of 1 ms, 100 ms or none; the fingerprint is the same."""
    fingerprints = {played(timers_ms, feed_ms=feed_ms).log.fingerprint() for timers_ms in (None, 1, 100)}
    assert len(fingerprints) == 1


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    """Everything follows from the seed, also within one process."""
    first, again, other = played(None), played(None), played(None, seed=8)
    assert first.log.fingerprint() == again.log.fingerprint() != other.log.fingerprint()


def test_records_come_in_the_order_of_time() -> None:
    """The market plays ahead of the clock, and yet nothing is written before its time."""
    log = played(None).log
    times = [record.t_ns for record in log]
    assert times == sorted(times)
    assert min(len(log.of(VenueQuote)), len(log.of(VenueTrade)), len(log.of(VenueFill))) > 0


def test_a_held_back_feed_publishes_at_its_times_only() -> None:
    """With feed_ms 100 quotes and prints stand at whole tenths of a second."""
    log = played(None, feed_ms=100).log
    said: list[VenueQuote | VenueTrade] = [*log.of(VenueQuote), *log.of(VenueTrade)]
    stamps = {record.t_ns % (100 * NS_PER_MS) for record in said}
    assert stamps == {0}


def test_a_price_between_two_ticks_is_refused_with_its_place() -> None:
    """The market cannot begin at a price that nobody could quote."""
    with pytest.raises(MarketError) as caught:
        OrderBook(instruments=(BookInstrument(symbol="AMZN", price=223.005),))
    assert caught.value.at == ("instruments", 0, "price")
    assert "whole ticks" in str(caught.value)


def test_a_symbol_may_stand_there_once() -> None:
    """Two books of one symbol would be two markets."""
    twice = BookInstrument(symbol="AMZN", price=223.0)
    with pytest.raises(MarketError, match="twice"):
        OrderBook(instruments=(twice, twice))


@pytest.mark.parametrize(
    ("price", "tick", "blamed", "says"),
    [
        (223.0000001, 0.01, "price", "at most six decimals"),
        (223.0, 0.0000001, "tick", "at most six decimals"),
        (223.0, 0.05, None, ""),
        (223.01, 0.05, "price", "at a tick of 0.05 USD"),
        (0.01, 0.01, "price", "a price of at least 100 ticks was expected, was 0.01 at a tick of 0.01 USD"),
        (540.0, 100.0, "tick", "a price of at least 100 ticks was expected, was 540 at a tick of 100 USD"),
        (1.0, 0.01, None, ""),
    ],
)
def test_a_price_is_whole_ticks_of_whole_micros(price: float, tick: float, blamed: str | None, says: str) -> None:
    """What cannot be said in micro-dollars or ticks is refused where it stands."""
    instrument = BookInstrument(symbol="AMZN", price=price, tick=tick)
    if blamed is None:
        assert OrderBook(instruments=(instrument,)).symbols == ("AMZN",)
        return
    with pytest.raises(MarketError, match=says) as caught:
        OrderBook(instruments=(instrument,))
    assert caught.value.at == ("instruments", 0, blamed)


def test_a_market_has_something_to_trade() -> None:
    """No instrument is no market."""
    with pytest.raises(MarketError, match="no instrument"):
        OrderBook(instruments=())


def test_agents_trade_what_the_market_has_under_names_of_their_own() -> None:
    """An unknown symbol and a name given twice are refused where they stand."""
    amzn = BookInstrument(symbol="AMZN", price=223.0)
    with pytest.raises(MarketError, match="did you mean 'AMZN'") as unknown:
        OrderBook(instruments=(amzn,), agents=(MarketMaker(id="makers", symbol="AMZM"),))
    makers, stops = MarketMaker(id="same", symbol="AMZN"), StopLoss(id="same", symbol="AMZN")
    with pytest.raises(MarketError, match="two blocks of agents are called 'same'") as twice:
        OrderBook(instruments=(amzn,), agents=(makers, stops))
    assert (unknown.value.at, twice.value.at) == (("agents", 0, "symbol"), ("agents", 1, "id"))


def played_twice_over(timers_ms: int | None, *, feed_ms: float = 0) -> str:
    """The fingerprint of half a minute of two books with agents in both, with timers that do nothing."""
    world = World(11)
    document = OrderBook(
        instruments=(BookInstrument(symbol="AMZN", price=223.0), BookInstrument(symbol="XYZ", price=50.0)),
        agents=(
            MarketMaker(id="amzn_makers", symbol="AMZN", count=5, wake_s=0.5),
            MarketMaker(id="xyz_makers", symbol="XYZ", count=5, wake_s=0.5),
        ),
        feed_ms=feed_ms,
    )
    venue = Venue(
        world, document.build(world, open_s=34_200, find=no_file), FEES, "2025-08-05", cancel_on_disconnect=True
    )
    heard: list[tuple[int, int]] = []
    world.log.observers.append(lambda record: heard.append((world.now_ns, record.t_ns)))
    venue.start()
    if timers_ms:
        for t_ns in range(0, 30 * NS_PER_S, timers_ms * NS_PER_MS):
            world.at(t_ns, lambda: None)
    world.run(30 * NS_PER_S)
    assert {now_ns - t_ns for now_ns, t_ns in heard} == {0}, "something was said later than it happened"
    return world.log.fingerprint()


@pytest.mark.parametrize("feed_ms", [0, 100])
def test_two_books_with_agents_say_everything_when_it_happens(feed_ms: float) -> None:
    """What an agent does in one book is not held back until the other has something to say."""
    assert len({played_twice_over(timers_ms, feed_ms=feed_ms) for timers_ms in (None, 1, 70)}) == 1
