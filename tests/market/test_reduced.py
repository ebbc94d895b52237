"""Tests of the model ``reduced`` as a whole."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.orders import Side
from engine.domain.ports import NEVER_NS, Execution, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.market import models
from engine.market.model_document import MarketError
from engine.market.reduced import Reduced, ReducedInstrument, ReducedMarket

from .samples import BUY, DAY, IOC, MS, SELL, S, at_market, limit, parts, play, reduced, sides, still


def test_the_model_is_registered_under_its_word() -> None:
    """``model: reduced`` finds this document."""
    assert models.get("reduced") is Reduced


def test_it_opens_with_a_quote_at_time_0() -> None:
    """The first event is the opening quote, around the price of the document."""
    (quote,) = still().advance(0)

    assert isinstance(quote, Quote)
    assert (quote.t_ns, sides(quote)) == (0, (539.99, 800, 540.01, 800))


def test_it_never_ends() -> None:
    """A model that generates wants no end, and always has a next instant."""
    market = reduced()
    market.advance(3 * S)

    assert market.wants_until_ns == NEVER_NS
    assert market.next_ns() == 3 * S + 100 * MS


def test_time_does_not_go_back() -> None:
    """Asking for an earlier instant is an error of the caller."""
    market = reduced()
    market.advance(10)

    with pytest.raises(ValueError, match="stands at 10 ns and was asked to go back to 9 ns"):
        market.advance(9)


def test_the_same_seed_gives_the_same_events() -> None:
    """And another seed others."""
    assert play(reduced(3), 60 * S) == play(reduced(3), 60 * S)
    assert play(reduced(3), 60 * S) != play(reduced(4), 60 * S)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_another_symbol_does_not_change_the_first(correlation: float) -> None:
    """SPY's events are the same alone, before QQQ, and after it."""
    alone = play(reduced(symbols=["SPY"], correlation=correlation), 30 * S)

    for symbols in (["SPY", "QQQ"], ["QQQ", "SPY"]):
        together = play(reduced(symbols=symbols, correlation=correlation), 30 * S)
        assert [event for event in together if event.symbol == "SPY"] == alone


@pytest.mark.parametrize(("correlation", "low", "high"), [(0.0, -0.1, 0.1), (0.8, 0.75, 0.85), (1.0, 0.97, 1.0)])
def test_prices_move_together_as_declared(correlation: float, low: float, high: float) -> None:
    """The correlation of 2,000 one-second returns is the one asked for."""
    market = reduced(symbols=["SPY", "QQQ"], correlation=correlation, volatility_bps_per_sqrt_s=5)
    mids = []
    for second in range(2_001):
        market.advance(second * S)
        mids.append([market.quote(symbol).mid_micros or math.nan for symbol in ("SPY", "QQQ")])
    returns = np.diff(np.log(np.array(mids)), axis=0)

    assert low <= np.corrcoef(returns.T)[0, 1] <= high


def test_volatility_is_as_declared_at_every_horizon() -> None:
    """Standard deviations of 1 s and 100 s returns, within a few standard errors."""
    market = reduced(volatility_bps_per_sqrt_s=2)
    mids = []
    for second in range(10_001):
        market.advance(second * S)
        mids.append(market.quote("SPY").mid_micros or math.nan)
    log_mids = np.log(np.array(mids))

    assert np.std(np.diff(log_mids)) * 1e4 == pytest.approx(2.0, rel=0.03)
    assert np.std(np.diff(log_mids[::100])) * 1e4 == pytest.approx(20.0, rel=0.25)


def test_others_trade_the_volume_asked_for() -> None:
    """700 shares a second, and three times that under the lever."""
    market = reduced()
    calm = sum(event.qty for event in play(market, 600 * S) if isinstance(event, Trade))
    market.levers("SPY").volume_factor = 3
    busy = sum(event.qty for event in play(market, 1_200 * S) if isinstance(event, Trade))

    assert calm / 600 == pytest.approx(700, rel=0.1)
    assert busy / 600 == pytest.approx(2_100, rel=0.1)


def test_a_market_order_walks_the_levels() -> None:
    """1,700 shares: two whole levels and a part of the third; the quote shows the hole."""
    market = still()
    market.advance(0)

    assert parts(market.submit(at_market(1, BUY, 1_700))) == [(1, 800, 540.01), (1, 800, 540.02), (1, 100, 540.03)]
    assert sides(market.quote("SPY")) == (539.99, 800, 540.03, 700)
    (quote,) = market.advance(0)
    assert quote == market.quote("SPY")


def test_what_the_ladder_cannot_fill_dies_or_rests() -> None:
    """8,000 shares stand there; a market order's other 1,000 die, a day limit order's rest."""
    market = still()
    market.advance(0)

    assert market.submit(at_market(1, BUY, 9_000))[-1].left == 1_000
    assert market.cancel(1) == 0
    assert market.submit(limit(2, SELL, 9_000, 539.0))[-1].left == 1_000
    assert market.cancel(2) == 1_000
    assert market.cancel(2) == 0


def test_a_hole_closes_with_the_half_life() -> None:
    """After 5 s half of what was taken is back."""
    market = still()
    market.advance(0)
    market.submit(at_market(1, BUY, 800))
    market.advance(5 * S)

    assert sides(market.quote("SPY")) == (539.99, 800, 540.01, 400)


def test_cancelling_what_is_not_there_gives_nothing() -> None:
    """No order, no shares."""
    assert still().cancel(7) == 0


@pytest.mark.parametrize(
    ("instruments", "blamed", "words"),
    [
        ((), (), "no instrument"),
        ((ReducedInstrument(symbol="A", price=1.0),) * 2, ("instruments", 1, "symbol"), "lists A twice"),
        (
            (ReducedInstrument(symbol="A", price=1.0, tick=1e-7),),
            ("instruments", 0, "tick"),
            "A: .*at most six decimals",
        ),
        (
            (ReducedInstrument(symbol="A", price=0.99),),
            ("instruments", 0, "price"),
            "A: a price of at least 100 ticks was expected, was 0.99 at a tick of 0.01 USD",
        ),
    ],
)
def test_a_market_that_makes_no_sense_is_refused(
    instruments: tuple[ReducedInstrument, ...], blamed: tuple[str | int, ...], words: str
) -> None:
    """When it is read, at its place, with the symbol and what was expected."""
    with pytest.raises(MarketError, match=words) as caught:
        Reduced(instruments=instruments)
    assert caught.value.at == blamed


Action = tuple[str, int, int, int]
"""What to do, then two numbers for it, and how long to wait afterwards."""

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "sell", "ioc", "market", "cancel", "depth", "price", "spread", "volume"]),
        st.integers(1, 3_000),
        st.integers(-12, 12),
        st.integers(0, 400 * MS),
    ),
    max_size=12,
)
FACTORS = (1.0, 0.0, 0.0005, 0.05, 0.9, 1.1, 4.0)


def act(market: ReducedMarket, order_id: int, action: Action) -> tuple[Execution, ...]:
    """Do one thing to the market now, and check that no fill is better than shown or worse than the limit."""
    what, qty, ticks, _ = action
    levers = market.levers("SPY")
    factor = FACTORS[qty % len(FACTORS)]
    match what:
        case "cancel":
            market.cancel(qty % (order_id + 1))
        case "depth" | "price" | "spread" | "volume":
            setattr(levers, f"{what}_factor", factor)
        case _:
            return fill(market, order_id, what, qty, ticks)
    return ()


def fill(market: ReducedMarket, order_id: int, what: str, qty: int, ticks: int) -> tuple[Execution, ...]:
    """Send an order and check its executions against the quote before it."""
    side = Side.SELL if what == "sell" or (what in ("ioc", "market") and qty % 2) else Side.BUY
    usd = max(round(540 + ticks / 100, 2), 0.01)
    tif = IOC if what == "ioc" else DAY
    order = at_market(order_id, side, qty) if what == "market" else limit(order_id, side, qty, usd, tif)
    touch = market.quote("SPY").touch_micros(side)
    executions = market.submit(order)
    left = qty
    for execution in executions:
        left -= execution.qty
        assert execution.qty > 0
        assert execution.left == left >= 0
        assert int(side) * (execution.price_micros - touch) >= 0
        if order.limit_micros is not None:
            assert int(side) * (order.limit_micros - execution.price_micros) >= 0
    assert not executions or touch
    return executions


def script(market: ReducedMarket, actions: list[Action], cuts: int) -> list[MarketEvent]:
    """Play *actions*, each followed by its wait, which is cut into so many advances with reads between."""
    events, now_ns = list(market.advance(0)), 0
    for order_id, action in enumerate(actions):
        events += act(market, order_id, action)
        for cut in range(1, cuts + 1):
            events += market.advance(now_ns + action[3] * cut // cuts)
            market.quote("SPY")
            market.next_ns()
        now_ns += action[3]
    return events + list(market.advance(now_ns + S))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), ACTIONS, st.integers(2, 7))
def test_events_do_not_depend_on_how_time_is_cut(seed: int, actions: list[Action], cuts: int) -> None:
    """One advance or seven with reads between: the same events, in the same order."""
    assert script(reduced(seed), actions, cuts) == script(reduced(seed), actions, 1)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), ACTIONS)
def test_quotes_are_always_sane(seed: int, actions: list[Action]) -> None:
    """Uncrossed, on the grid, at least a tick, sizes and prices empty together, and time in order."""
    events = script(reduced(seed), actions, 1)
    last_ns = 0
    for event in events:
        assert event.t_ns >= last_ns
        last_ns = event.t_ns
        if isinstance(event, Quote):
            assert (event.bid_micros > 0) == (event.bid_qty > 0)
            assert (event.ask_micros > 0) == (event.ask_qty > 0)
            assert event.bid_micros % 10_000 == event.ask_micros % 10_000 == 0
            assert not event.two_sided or event.bid_micros < event.ask_micros


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), ACTIONS)
def test_every_share_is_filled_or_left(seed: int, actions: list[Action]) -> None:
    """For every order: filled plus left is what was sent, at each execution, and a rest is cancelled whole."""
    market = reduced(seed)
    left: dict[int, int] = {}
    for event in script(market, actions, 1):
        if isinstance(event, Execution):
            before = left.get(event.order_id, actions[event.order_id][1])
            assert event.left == before - event.qty >= 0
            left[event.order_id] = event.left
    for order_id, rest in left.items():
        assert market.cancel(order_id) in (rest, 0)
