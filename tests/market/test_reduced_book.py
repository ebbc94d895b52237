"""Tests of one symbol of the reduced model, step by step."""

from __future__ import annotations

from engine.domain.orders import Instrument, Side
from engine.domain.ports import Execution
from engine.domain.quotes import Quote, Trade
from engine.kernel.streams import stream
from engine.market.reduced_book import BookSettings, ReducedBook
from engine.market.trade_flow import TradeFlow

from .samples import BUY, SELL, at_market, limit, parts, sides


class Script(TradeFlow):
    """A flow whose trades are written down: one list a step, then nothing."""

    def __init__(self, *steps: list[tuple[Side, int]]) -> None:
        super().__init__(stream(1, "script"), 1)
        self._steps = list(steps)

    def step(self, expected: float) -> list[tuple[Side, int]]:
        """The next list."""
        return self._steps.pop(0) if self._steps else []


def book(*steps: list[tuple[Side, int]], sigma: float = 0, impact: float = 0, levels: int = 10) -> ReducedBook:
    """539.99 to 540.01, 800 shares a level; a hole keeps half of itself each step."""
    settings = BookSettings(
        spread_ticks=2,
        depth_shares=800,
        levels=levels,
        sigma=sigma,
        kept=0.5,
        impact=impact,
        permanent_share=0.4,
        trades=1,
    )
    return ReducedBook(Instrument("SPY", 540_000_000, 10_000), settings, Script(*steps))


def test_a_trade_of_others_prints_at_the_touch() -> None:
    """A buyer pays the ask, a seller gets the bid, and the size shown does not change."""
    calm = book([(BUY, 120), (SELL, 80)])

    assert calm.step(5, 0.0) == [Trade(5, "SPY", 540_010_000, 120, BUY), Trade(5, "SPY", 539_990_000, 80, SELL)]
    assert sides(calm.quote) == (539.99, 800, 540.01, 800)


def test_an_order_at_the_touch_waits_for_its_turn() -> None:
    """800 shares were there first; the ninth hundred fills the desk's 50, the rest goes to others."""
    calm = book([(SELL, 500)], [(SELL, 320)], [(SELL, 100)])
    calm.submit(0, limit(1, BUY, 50, 539.99))

    assert parts(calm.step(1, 0.0)) == []
    assert parts(calm.step(2, 0.0)) == [(1, 20, 539.99)]
    third = calm.step(3, 0.0)
    assert parts(third) == [(1, 30, 539.99)]
    assert [event.qty for event in third if isinstance(event, Trade)] == [70]


def test_two_orders_at_one_price_are_filled_in_turn() -> None:
    """The 800 ahead of both are ahead once, not twice."""
    calm = book([(SELL, 900)])
    calm.submit(0, limit(1, BUY, 60, 539.99))
    calm.submit(0, limit(2, BUY, 60, 539.99))

    assert parts(calm.step(1, 0.0)) == [(1, 60, 539.99), (2, 40, 539.99)]


def test_an_order_inside_the_spread_is_first() -> None:
    """A better price needs no queue; the quote does not show it; the print is what others got."""
    calm = book([(SELL, 70)])
    calm.submit(0, limit(1, BUY, 50, 540.0))
    events = calm.step(1, 0.0)

    assert sides(calm.quote) == (539.99, 800, 540.01, 800)
    assert parts(events) == [(1, 50, 540.0)]
    assert events[-1] == Trade(1, "SPY", 539_990_000, 20, SELL)


def test_a_trade_taken_whole_by_the_desk_prints_nothing() -> None:
    """A print is a trade between others."""
    calm = book([(SELL, 50)])
    calm.submit(0, limit(1, BUY, 50, 540.0))

    assert not [event for event in calm.step(1, 0.0) if isinstance(event, Trade)]


def test_an_order_behind_the_touch_is_not_traded() -> None:
    """Others trade at the touch only."""
    calm = book([(SELL, 100_000)])
    calm.submit(0, limit(1, BUY, 50, 539.98))

    assert parts(calm.step(1, 0.0)) == []


def test_the_queue_is_never_longer_than_what_shows() -> None:
    """When depth falls to 80 shares, those who left are not ahead any more."""
    calm = book([(SELL, 100)])
    calm.submit(0, limit(1, BUY, 50, 539.99))
    calm.levers.depth_factor = 0.1

    assert parts(calm.step(1, 0.0)) == [(1, 20, 539.99)]


def test_a_touch_that_crosses_the_limit_fills_at_the_limit() -> None:
    """The ask falls to 539.97: a bid at 539.98 is filled at 539.98, not better, and takes what stood there."""
    falling = book()
    falling.submit(0, limit(1, BUY, 300, 539.98))
    falling.levers.price_factor = 539.96 / 540
    events = falling.step(1, 0.0)

    assert parts(events) == [(1, 300, 539.98)]
    assert [sides(event)[2:] for event in events if isinstance(event, Quote)] == [(539.97, 800), (539.97, 500)]


def test_a_crossing_fills_no_more_than_shows() -> None:
    """Two levels reach the limit, 1,600 shares; the other 400 of the order stay."""
    falling = book()
    falling.submit(0, limit(1, BUY, 2_000, 539.98))
    falling.levers.price_factor = 539.96 / 540

    assert parts(falling.step(1, 0.0)) == [(1, 1_600, 539.98)]
    assert falling.cancel(1) == 400


def test_impact_comes_with_the_next_step_and_partly_stays() -> None:
    """Two levels bought at 10 bps each: 20 bps at the next step, of which 8 stay for good."""
    pushed = book(impact=10e-4)
    pushed.submit(0, at_market(1, BUY, 1_600))

    assert pushed.quote.bid_micros == 539_990_000
    mids = []
    for t_ns in range(1, 60):
        pushed.step(t_ns, 0.0)
        mids.append((pushed.quote.bid_micros + 10_000) / 540_000_000 - 1)
    assert abs(mids[0] - 20e-4) < 0.3e-4
    assert abs(mids[1] - 14e-4) < 0.3e-4
    assert abs(mids[-1] - 8e-4) < 0.3e-4


def test_a_shock_is_a_step_of_the_random_walk() -> None:
    """One standard deviation of 1 % up, and the level stays there."""
    moved = book(sigma=0.01)
    moved.step(1, 1.0)

    assert sides(moved.quote) == (545.42, 800, 545.44, 800)
    moved.step(2, 0.0)
    assert sides(moved.quote) == (545.42, 800, 545.44, 800)


def test_levers_move_price_spread_and_depth() -> None:
    """Half the price, five times the spread, a tenth of the depth."""
    pulled = book()
    pulled.levers.price_factor, pulled.levers.spread_factor, pulled.levers.depth_factor = 0.5, 5, 0.1
    pulled.step(1, 0.0)

    assert sides(pulled.quote) == (269.95, 80, 270.05, 80)


def test_a_lever_counts_from_the_next_step() -> None:
    """What is shown stays true until then, also for orders."""
    pulled = book()
    pulled.levers.depth_factor = 0

    assert pulled.changes(0) == []
    assert parts(pulled.submit(0, at_market(1, BUY, 10))) == [(1, 10, 540.01)]


def test_no_depth_is_an_empty_book_that_comes_back() -> None:
    """0/0 on both sides, no trade, no fill, a limit order rests; with depth it is two-sided again."""
    empty = book([(SELL, 100)])
    empty.levers.depth_factor = 0.001
    (quote,) = empty.step(1, 0.0)

    assert isinstance(quote, Quote)
    assert sides(quote) == (0, 0, 0, 0)
    assert quote.mid_micros is None
    assert empty.submit(1, at_market(1, SELL, 100)) == ()
    assert empty.submit(1, limit(2, BUY, 100, 540.0)) == ()
    empty.levers.depth_factor = 1
    empty.step(2, 0.0)
    assert empty.quote.two_sided
    assert empty.cancel(2) == 100


def test_one_side_can_be_empty_alone() -> None:
    """Every ask taken: the bid still shows, and the quote is one-sided."""
    bought = book(levels=2)
    bought.submit(0, at_market(1, BUY, 5_000))
    bought.changes(0)

    assert sides(bought.quote) == (539.99, 800, 0, 0)
    assert not bought.quote.two_sided


def test_the_price_stops_at_one_tick() -> None:
    """A price factor of nothing gives a bid of one cent, never zero or less."""
    worthless = book()
    worthless.levers.price_factor = 0.0
    worthless.step(1, 0.0)

    assert sides(worthless.quote) == (0.01, 800, 0.03, 800)


# ---- bands, stops, auctions


def test_a_side_beyond_its_band_stands_at_it() -> None:
    """The price falls to half: the offer is held at 500.00, the bid is shown where it is, and nobody trades at it."""
    calm = book([(SELL, 100), (BUY, 70)])
    calm.set_bands(0, (500_000_000, 580_000_000))
    calm.levers.price_factor = 0.5
    events = calm.step(1, 0.0)

    assert sides(calm.quote) == (269.99, 800, 500.0, 800)
    assert [event for event in events if isinstance(event, Trade)] == [Trade(1, "SPY", 500_000_000, 70, BUY)]


def test_a_bid_beyond_the_upper_band_stands_at_it() -> None:
    """And the offers above it are out of reach for others too."""
    calm = book([(BUY, 100), (SELL, 70)])
    calm.set_bands(0, (500_000_000, 580_000_000))
    calm.levers.price_factor = 2
    events = calm.step(1, 0.0)

    assert sides(calm.quote) == (580.0, 800, 1080.01, 800)
    assert [event for event in events if isinstance(event, Trade)] == [Trade(1, "SPY", 580_000_000, 70, SELL)]


def test_a_resting_order_beyond_the_band_is_not_reached() -> None:
    """The price falls through a bid at 499.99; within the bands nobody may sell to it, without them it is filled."""
    calm = book()
    calm.submit(0, limit(1, BUY, 50, 499.99))
    calm.set_bands(0, (500_000_000, 580_000_000))
    calm.levers.price_factor = 0.5
    held = parts(calm.step(1, 0.0))
    calm.set_bands(1, (0, 0))

    assert held == []
    assert parts(calm.step(2, 0.0)) == [(1, 50, 499.99)]


def test_bands_change_the_quote_at_once() -> None:
    """When they come, and when they go."""
    calm = book()

    assert [sides(quote) for quote in calm.set_bands(3, (541_000_000, 560_000_000)) if isinstance(quote, Quote)] == [
        (539.99, 800, 541.0, 800)
    ]
    assert [event.t_ns for event in calm.set_bands(4, (0, 0))] == [4]
    assert calm.set_bands(5, (500_000_000, 560_000_000)) == []


def test_while_others_do_not_trade_nothing_happens() -> None:
    """No walk, no print, no fill; the hole that the desk left closes all the same."""
    calm = book([(SELL, 900)], sigma=0.1)
    calm.submit(0, at_market(1, BUY, 400))
    calm.submit(0, limit(2, BUY, 50, 539.99))
    calm.changes(0)
    calm.trading = False
    calm.levers.price_factor = 0.5
    stopped = [calm.step(t_ns, 3.0) for t_ns in range(1, 30)]
    calm.trading, calm.levers.price_factor = True, 1.0
    calm.uncross(30, (), 540_000_000)

    assert stopped == [[]] * 29
    assert sides(calm.quote) == (539.99, 800, 540.01, 800)


def test_an_auction_matches_the_waiting_orders_with_what_is_shown() -> None:
    """1,000 wanted at 540.02, 100 offered at 539.00: 1,000 trade at 540.02, what others show at 540.01 and .02 too."""
    calm = book()
    calm.trading = False
    events = calm.uncross(7, (limit(1, BUY, 1_000, 540.02), limit(2, SELL, 100, 539.0)), 540_000_000)

    assert parts(events) == [(1, 1_000, 540.02), (2, 100, 540.02)]
    assert [event.left for event in events if isinstance(event, Execution)] == [0, 0]
    assert not any(event.maker for event in events if isinstance(event, Execution))
    assert sides(calm.quote) == (539.99, 800, 540.02, 700)


def test_what_an_auction_leaves_rests() -> None:
    """Also what rested before it and was only partly filled."""
    calm = book()
    calm.submit(0, limit(1, SELL, 50, 540.0))
    calm.trading = False
    events = calm.uncross(7, (limit(2, BUY, 80, 540.0),), 540_000_000)

    assert parts(events) == [(1, 50, 540.0), (2, 50, 540.0)]
    assert calm.cancel(1) == 0
    assert calm.cancel(2) == 30


def test_an_auction_is_held_at_the_price_of_now() -> None:
    """The lever was pulled during the stop: the book reopens there."""
    calm = book()
    calm.trading = False
    calm.levers.price_factor = 0.9
    events = calm.uncross(7, (limit(1, SELL, 10, 400.0),), 540_000_000)

    assert parts(events) == [(1, 10, 485.99)]
