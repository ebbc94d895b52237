"""Tests of the desk's second source of prices."""

from __future__ import annotations

from engine.domain.orders import Side
from engine.domain.quotes import Quote, Trade
from engine.kernel.world import World
from engine.trading.check_source import CheckSource, CheckSourceDocument

from .desk_world import MemoryVenue, Script, desk_in, quote, run_ms


def test_a_quote_arrives_after_the_delay_and_trades_are_left_out() -> None:
    """In their order, each with the venue's own time."""
    world = World(1)
    heard: list[tuple[int, Quote]] = []
    source = CheckSource(world, CheckSourceDocument(delay_ms=2.5), lambda each: heard.append((world.now_ns, each)))
    source.send(quote(t_ns=1))
    source.send(Trade(2, "SPY", 540_000_000, 100, Side.BUY))
    source.send(quote(t_ns=3))
    run_ms(world, 10)

    assert heard == [(2_500_000, quote(t_ns=1)), (2_500_000, quote(t_ns=3))]


def test_what_stops_the_first_source_does_not_stop_the_second() -> None:
    """The feed is frozen: the view's quote stays, the second's goes on, and nothing is valued by it."""
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script())
    desk.add_check_source(CheckSourceDocument(delay_ms=1))
    venue.move(quote())
    run_ms(world, 5)
    desk.feed.freeze()
    venue.move(quote(t_ns=5, bid=500_000_000, ask=500_020_000))
    run_ms(world, 5)

    assert desk.view.quote("SPY") == quote()
    assert desk.view.check_quote("SPY") == quote(t_ns=5, bid=500_000_000, ask=500_020_000)
    assert desk.view.mark_micros("SPY") == 540_000_000


def test_a_desk_without_a_second_source_has_no_second_quote() -> None:
    """Nobody makes one up."""
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script())
    venue.move(quote())
    run_ms(world, 5)

    assert desk.view.check_quote("SPY") is None
