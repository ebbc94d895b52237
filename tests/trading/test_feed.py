"""Tests of the feed."""

from __future__ import annotations

import pytest

from engine.domain.orders import Side
from engine.domain.quotes import MarketState, StateChange, Tick, Trade
from engine.domain.records import DeskTick
from engine.kernel.world import World
from engine.trading.feed import Feed
from engine.trading.stages import Link, Stage

from .desk_world import fixed, quote, run_ms

Seen = tuple[Tick, int, int]


def with_gaps(world: World, *lost: int) -> tuple[Feed, list[object]]:
    """A feed that loses the events of these numbers, and what is read of it: events, and "gap"."""
    read: list[object] = []
    link, handler = Link(world, "feed_link", fixed(100)), Stage(world, "feed_handler", fixed(10))
    feed = Feed(world, link, handler, lambda tick, _: read.append(tick.t_ns), print, lambda: read.append("gap"))
    sent: list[Tick] = []

    def loses(tick: Tick) -> bool:
        sent.append(tick)
        return len(sent) in lost

    feed.losses.append(loses)
    return feed, read


def feed_in(world: World, seen: list[Seen], handler_us: float = 10, told: list[StateChange] | None = None) -> Feed:
    """A feed whose ticks land in *seen* with arrival time and time of hand-over, and whose states land in *told*."""
    link, handler = Link(world, "feed_link", fixed(100)), Stage(world, "feed_handler", fixed(handler_us))
    states: list[StateChange] = [] if told is None else told
    return Feed(
        world, link, handler, lambda tick, arrival_ns: seen.append((tick, arrival_ns, world.now_ns)), states.append
    )


def test_a_quote_is_recorded_on_arrival_and_handed_on_after_the_handler() -> None:
    """DeskTick carries the arrival and the venue's own time; the handler's time comes on top."""
    world = World(1)
    seen: list[Seen] = []
    feed_in(world, seen).send(quote(t_ns=0))
    run_ms(world, 1)

    [(tick, arrival_ns, handed_ns)] = seen
    assert world.log.of(DeskTick) == [DeskTick(arrival_ns, "SPY", 0)]
    assert 0 < arrival_ns < handed_ns
    assert tick == quote(t_ns=0)


def test_a_trade_is_handed_on_without_a_record() -> None:
    """DeskTick is for quotes only."""
    world = World(1)
    seen: list[Seen] = []
    feed_in(world, seen).send(Trade(0, "SPY", 540_000_000, 100, Side.BUY))
    run_ms(world, 1)

    assert len(seen) == 1
    assert world.log.of(DeskTick) == []


def test_the_extra_delay_makes_quotes_late_and_keeps_their_order() -> None:
    """Quotes sent during the delay come 200 ms later, and those after it do not overtake them."""
    world = World(1)
    seen: list[Seen] = []
    feed = feed_in(world, seen)
    feed.extra_delay_ns += 200_000_000
    feed.send(quote(t_ns=1))
    feed.extra_delay_ns -= 200_000_000
    feed.send(quote(t_ns=2))
    run_ms(world, 300)

    ticks = world.log.of(DeskTick)
    assert [tick.venue_ns for tick in ticks] == [1, 2]
    assert [tick.t_ns >= 200_000_000 for tick in ticks] == [True, True]
    assert feed.extra_delay_ns == 0


def test_a_negative_delay_is_refused() -> None:
    """Nothing arrives before it was sent."""
    with pytest.raises(ValueError, match="0 ns or more was expected, was -1"):
        feed_in(World(1), []).extra_delay_ns = -1


def test_a_burst_waits_in_the_handler() -> None:
    """The backlog of the handler is counted, and its queue shows in the hand-over, not in the arrival."""
    world = World(1)
    seen: list[Seen] = []
    feed = feed_in(world, seen, handler_us=1000)
    for _ in range(10):
        feed.send(quote())
    run_ms(world, 0.1)
    backlog = feed.pending
    run_ms(world, 20)

    assert backlog == 10
    assert [arrival_ns <= 100_000 for _, arrival_ns, _ in seen] == [True] * 10
    assert seen[-1][2] > 10 * 250_000


def trade(t_ns: int, qty: int, price: int = 540_000_000, side: Side = Side.BUY) -> Trade:
    """A trade of SPY."""
    return Trade(t_ns, "SPY", price, qty, side)


def test_a_frozen_feed_says_nothing_not_even_what_was_on_the_wire() -> None:
    """What was sent before the freeze and has not arrived is held up like the rest."""
    world = World(1)
    seen: list[Seen] = []
    feed = feed_in(world, seen)
    feed.send(quote(t_ns=1))
    feed.freeze()
    feed.send(quote(t_ns=2))
    run_ms(world, 1000)

    assert feed.frozen
    assert seen == []
    assert world.log.of(DeskTick) == []


def test_a_thawed_feed_refreshes() -> None:
    """One trade with the missed volume at the last price, then the latest quote: not what stood in between."""
    world = World(1)
    seen: list[Seen] = []
    feed = feed_in(world, seen)
    feed.freeze()
    for tick in (quote(t_ns=1), trade(2, 100), quote(t_ns=3, symbol="AAPL"), quote(t_ns=4), trade(5, 50, 541_000_000)):
        feed.send(tick)
    run_ms(world, 1000)
    feed.thaw()
    run_ms(world, 1)

    assert [tick for tick, _, _ in seen] == [trade(5, 150, 541_000_000), quote(t_ns=4), quote(t_ns=3, symbol="AAPL")]
    assert world.log.of(DeskTick) == [DeskTick(1_000_000_000, "SPY", 4), DeskTick(1_000_000_000, "AAPL", 3)]
    assert not feed.frozen


def test_after_a_refresh_the_feed_runs_as_before_and_keeps_its_order() -> None:
    """What is on the wire at the thaw comes after the refresh, once."""
    world = World(1)
    seen: list[Seen] = []
    feed = feed_in(world, seen)
    feed.freeze()
    feed.send(quote(t_ns=1))
    run_ms(world, 1)
    feed.send(quote(t_ns=2))
    feed.thaw()
    feed.send(quote(t_ns=3))
    run_ms(world, 1)

    assert [tick.t_ns for tick, _, _ in seen] == [1, 2, 3]


def test_two_freezes_need_two_thaws() -> None:
    """The first thaw brings nothing; one too many is a mistake."""
    world = World(1)
    seen: list[Seen] = []
    feed = feed_in(world, seen)
    feed.freeze()
    feed.freeze()
    feed.send(quote(t_ns=1))
    run_ms(world, 1)
    feed.thaw()
    run_ms(world, 1)
    before = len(seen)
    feed.thaw()
    run_ms(world, 1)

    assert (before, len(seen)) == (0, 1)
    with pytest.raises(ValueError, match="a frozen feed was expected, was one that runs"):
        feed.thaw()


def test_what_a_loss_takes_never_arrives() -> None:
    """Each loss is asked of every event, also of one that another has taken; without losses all arrive."""
    world = World(1)
    seen: list[Seen] = []
    asked: list[int] = []
    feed = feed_in(world, seen)

    def second(tick: Tick) -> bool:
        asked.append(tick.t_ns)
        return tick.t_ns == 3

    feed.losses += [lambda tick: tick.t_ns == 2, second]
    for t_ns in (1, 2, 3, 4):
        feed.send(quote(t_ns=t_ns))
    feed.losses.clear()
    feed.send(quote(t_ns=2))
    run_ms(world, 1)

    assert [tick.t_ns for tick, _, _ in seen] == [1, 4, 2]
    assert asked == [1, 2, 3, 4]


def paused(symbol: str, state: MarketState = MarketState.PAUSED) -> StateChange:
    """A state of *symbol*."""
    return StateChange(0, symbol, state, "luld_pause")


def test_a_state_takes_the_way_of_the_ticks_and_keeps_its_place() -> None:
    """Behind the quote before it and before the one after it; faults that lose ticks spare it."""
    world, seen, told = World(1), [], []  # type: ignore[var-annotated]
    feed = feed_in(world, seen, told=told)
    feed.losses.append(lambda tick: True)
    feed.send(quote())
    feed.send_state(paused("SPY"))
    run_ms(world, 0.05)
    early = list(told)
    run_ms(world, 1)

    assert (early, told, seen) == ([], [paused("SPY")], [])


def test_a_frozen_feed_tells_the_last_state_of_each_symbol_when_it_thaws() -> None:
    """Before the quotes, which may be marks again only after it."""
    world, seen, told = World(1), [], []  # type: ignore[var-annotated]
    feed = feed_in(world, seen, told=told)
    feed.freeze()
    for each in (paused("SPY"), paused("QQQ"), paused("SPY", MarketState.OPEN)):
        feed.send_state(each)
    run_ms(world, 1)
    frozen = list(told)
    feed.thaw()
    run_ms(world, 1)

    assert (frozen, told) == ([], [paused("SPY", MarketState.OPEN), paused("QQQ")])


def test_an_event_that_was_passed_over_is_a_gap_before_the_next_that_comes() -> None:
    """However many were lost in a row, quotes or trades: one gap each time; none while all arrive."""
    world = World(1)
    feed, read = with_gaps(world, 2, 4, 5)
    for number in range(1, 8):
        feed.send(quote(t_ns=number) if number % 2 else trade(number, 100))
    run_ms(world, 1)

    assert read == [1, "gap", 3, "gap", 6, 7]


def test_a_refresh_leaves_no_gap() -> None:
    """It says what stands: what was held back is in it, and the next event follows on it."""
    world = World(1)
    feed, read = with_gaps(world)
    feed.send(quote(t_ns=1))
    run_ms(world, 1)
    feed.freeze()
    for number in (2, 3):
        feed.send(quote(t_ns=number))
    run_ms(world, 1)
    feed.thaw()
    feed.send(quote(t_ns=4))
    run_ms(world, 1)

    assert read == [1, 3, 4]


def test_what_is_lost_while_the_feed_is_frozen_is_a_gap_when_it_thaws() -> None:
    """The refresh has not what never came; it is told once, with the refresh."""
    world = World(1)
    feed, read = with_gaps(world, 2)
    feed.freeze()
    for number in (1, 2, 3):
        feed.send(quote(t_ns=number, symbol="SPY" if number < 3 else "AAPL"))
    run_ms(world, 1)
    assert read == []
    feed.thaw()
    run_ms(world, 1)

    assert read == ["gap", 1, 3]


def test_a_late_event_is_no_gap() -> None:
    """Events keep their order on the way, whatever the delay."""
    world = World(1)
    feed, read = with_gaps(world)
    feed.extra_delay_ns = 50_000_000
    feed.send(quote(t_ns=1))
    feed.extra_delay_ns = 0
    feed.send(quote(t_ns=2))
    run_ms(world, 100)

    assert read == [1, 2]
