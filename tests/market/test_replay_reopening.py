"""Tests of the auction that ends a stop in a tape's order book."""

from __future__ import annotations

from engine.domain.ports import Execution
from engine.domain.quotes import Quote

from .samples import BUY, MS, SELL, S, parts, sides
from .tape_samples import DEEP, MID, opened
from .test_replay_order_book import book_of, cents, market_of, sound


def test_the_auction_goes_by_price_and_age() -> None:
    """The tape's 110 came before the desk's 10, the tape's 40 after: of 130 shares sold each gets its turn."""
    exchange = opened(1, DEEP)
    exchange.add(1, 40, MID - 1)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID - 1))
    market.advance(S)
    market.set_trading("TEST", trading=False)
    events = market.uncross((cents(2, SELL, 130, MID - 1),), "TEST", MID * 10_000)

    assert [(e.order_id, e.qty, e.price_micros, e.maker) for e in events if isinstance(e, Execution)] == [
        (1, 10, 99_990_000, False),
        (2, 130, 99_990_000, False),
    ]
    assert [sides(e) for e in events if isinstance(e, Quote)] == [(99.99, 30, 100.01, 110)]
    market.set_trading("TEST", trading=True)
    market.advance(2 * S)
    sound(market)


def test_what_is_left_rests_behind() -> None:
    """An order that trades in part, and one that does not trade at all."""
    market = market_of(opened(1, DEEP))
    market.set_trading("TEST", trading=False)
    events = market.uncross((cents(1, BUY, 150, MID + 1), cents(2, BUY, 20, MID - 1)), "TEST", MID * 10_000)
    market.set_trading("TEST", trading=True)

    assert parts(events) == [(1, 110, 100.01)]
    assert book_of(market).ahead(2) == 110
    assert (market.cancel(1), market.cancel(2)) == (40, 20)
    sound(market)


def test_the_auction_is_against_the_book_of_now() -> None:
    """What the tape did during the stop, and the levers of now."""
    exchange = opened(1, DEEP)
    exchange.add(1, 40, MID)
    market = market_of(exchange)
    market.set_trading("TEST", trading=False)
    market.advance(S + MS)
    market.levers("TEST").price_factor = 0.5

    assert parts(market.uncross((cents(1, SELL, 10, 4_000),), "TEST", 50_000_000)) == [(1, 10, 50.0)]


def test_an_auction_without_a_match_changes_nothing() -> None:
    """All that was collected rests."""
    market = market_of(opened(1, DEEP))
    market.set_trading("TEST", trading=False)

    assert market.uncross((cents(1, BUY, 10, MID - 2),), "TEST", MID * 10_000) == ()
    assert market.cancel(1) == 10
