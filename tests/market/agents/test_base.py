"""Hands in a book, seats in a run, and settings that change."""

from __future__ import annotations

import pytest

from engine.base.units import NS_PER_S
from engine.domain.orders import NewOrder, OrderKind, Side
from engine.domain.records import AgentLooked, AgentsChanged
from engine.market.agents.base import FIRST_OWNER, IDS_PER_OWNER, changed, fixed_of, said
from engine.market.agents.fundamental import Fundamental
from engine.market.agents.market_maker import MarketMaker
from engine.market.agents.sell_program import SellProgram
from engine.market.book_arrays import DESK
from engine.market.model_document import MarketError
from tests.market.agents.stage import MID, SYMBOL, TEST, QuietStage, quiet_stage

MAKERS = MarketMaker(id="makers", symbol=SYMBOL, count=3)


@pytest.fixture
def quiet() -> QuietStage:
    """An empty book with the test's quotes."""
    return quiet_stage()


def test_hands_take_what_is_there_and_no_more(quiet: QuietStage) -> None:
    """At any price, or at a limit and better; positions follow."""
    quiet.show(MID - 1, MID + 1, qty=300)
    hands = quiet.market.hands(quiet.world, SYMBOL)

    assert hands.take(Side.BUY, 100) == 100
    assert hands.take(Side.BUY, 100, MID) == 0
    assert hands.take(Side.BUY, 500, MID + 1) == 200
    assert hands.position == 300
    assert hands.take(Side.SELL, 50, MID - 1) == 50
    assert (hands.position, quiet.book.positions[TEST], quiet.book.volume) == (250, -250, 350)


def test_hands_see_the_top_and_the_mid(quiet: QuietStage) -> None:
    """Without a side there is no mid."""
    hands = quiet.market.hands(quiet.world, SYMBOL)

    assert (hands.top(), hands.mid_ticks()) == ((MID - 1, MID + 1), MID)
    quiet.show(MID - 2, MID + 1)
    assert hands.mid_ticks() == MID - 0.5
    quiet.show(MID - 2, 0)
    assert (hands.top(), hands.mid_ticks()) == ((MID - 2, 0), None)
    quiet.show(0, 0)
    assert (hands.top(), hands.mid_ticks()) == ((0, 0), None)


def test_what_rests_can_be_taken_out_again(quiet: QuietStage) -> None:
    """Also what was filled meanwhile, which is no longer there."""
    hands = quiet.market.hands(quiet.world, SYMBOL)
    hands.rest(Side.BUY, 100, MID)
    hands.rest(Side.SELL, 70, MID + 5)

    assert quiet.orders_of(hands.owner) == [(1, MID, 100), (-1, MID + 5, 70)]
    assert quiet.market.hands(quiet.world, SYMBOL).take(Side.SELL, 100) == 100
    hands.cancel_all()
    hands.cancel_all()
    assert quiet.orders_of(hands.owner) == []
    assert hands.position == 100


@pytest.mark.parametrize("qty", [0, -1])
def test_nothing_is_sent_for_no_shares(quiet: QuietStage, qty: int) -> None:
    """An agent at its limit wants nothing, or less."""
    hands = quiet.market.hands(quiet.world, SYMBOL)
    hands.rest(Side.BUY, qty, MID)

    assert hands.take(Side.SELL, qty) == 0
    assert (quiet.orders_of(hands.owner), quiet.book.volume) == ([], 0)


@pytest.mark.parametrize("tick", [0, -3])
def test_nothing_is_sent_below_the_lowest_price(quiet: QuietStage, tick: int) -> None:
    """A limit that came out below one tick is no market order."""
    hands = quiet.market.hands(quiet.world, SYMBOL)
    hands.rest(Side.BUY, 100, tick)

    assert hands.take(Side.SELL, 100, tick) == 0
    assert (quiet.orders_of(hands.owner), quiet.book.volume) == ([], 0)


def test_while_trading_is_halted_orders_only_leave(quiet: QuietStage) -> None:
    """Nothing is sent, nothing trades; a quote may be taken back."""
    hands = quiet.market.hands(quiet.world, SYMBOL)
    hands.rest(Side.BUY, 100, MID)
    quiet.market.set_trading(SYMBOL, trading=False)

    assert hands.halted
    assert hands.take(Side.SELL, 100) == 0
    hands.rest(Side.SELL, 100, MID + 1)
    assert quiet.orders_of(hands.owner) == [(1, MID, 100)]
    hands.cancel_all()
    assert (quiet.orders_of(hands.owner), quiet.book.volume) == ([], 0)


def test_owners_and_order_numbers_are_nobody_elses(quiet: QuietStage) -> None:
    """Each pair of hands has an owner number of its own; the desk's orders are numbered far below any agent's."""
    first, second = (quiet.market.hands(quiet.world, SYMBOL) for _ in range(2))
    for number in range(5):
        first.rest(Side.BUY, 1, MID - 10 - number)
        second.rest(Side.BUY, 1, MID - 10 - number)
    numbers = [
        (order_id, owner) for tick in range(MID - 14, MID - 9) for order_id, owner, _ in quiet.book.book.queue(tick)
    ]

    assert (first.owner, second.owner) == (FIRST_OWNER, FIRST_OWNER + 1)
    assert len({order_id for order_id, _ in numbers}) == len(numbers) == 10
    assert all(order_id // IDS_PER_OWNER == owner > DESK for order_id, owner in numbers)


def test_an_auction_counts_for_positions_and_volume(quiet: QuietStage) -> None:
    """What an agent's resting order gives in a call auction is its as any other trade."""
    hands = quiet.market.hands(quiet.world, SYMBOL)
    quiet.show(0, 0)
    hands.rest(Side.SELL, 100, MID)
    quiet.market.set_trading(SYMBOL, trading=False)
    wish = NewOrder(1, SYMBOL, Side.BUY, 150, OrderKind.LIMIT, MID * 10_000)
    quiet.market.uncross((wish,), SYMBOL, MID * 10_000)

    assert (hands.position, quiet.book.positions[DESK], quiet.book.volume) == (-100, 100, 100)


# ---- seats


def test_changed_settings_are_in_force_until_they_are_restored() -> None:
    """Whole numbers stay whole; two changes of different keys stand beside each other."""
    seat = quiet_stage(MAKERS).seat("makers")
    seat.change({"widen": 3.0})
    seat.change({"qty_shares": 200.0})

    assert (seat.settings.widen, seat.settings.qty_shares) == (3, 200)
    assert isinstance(seat.settings.qty_shares, int)
    seat.restore({"widen": 3.0})
    assert (seat.settings.widen, seat.settings.qty_shares) == (MAKERS.widen, 200)
    seat.restore({"qty_shares": 200.0})
    assert seat.settings is MAKERS


def test_a_change_that_does_not_fit_changes_nothing() -> None:
    """An unknown key, or figures that contradict each other."""
    seat = quiet_stage(MAKERS).seat("makers")

    with pytest.raises(LookupError, match="were qty_share"):
        seat.change({"qty_share": 200})
    with pytest.raises(MarketError, match="qty_shares of at most inventory_shares") as caught:
        seat.change({"qty_shares": 20_000})
    assert caught.value.at == ("qty_shares",)
    assert seat.settings is MAKERS


def test_a_change_and_the_first_look_at_it_are_recorded() -> None:
    """Once for each agent and change; without a change nothing is recorded."""
    on = quiet_stage(MAKERS)
    on.run(10)
    assert not on.world.log.of(AgentsChanged)
    on.seat("makers").change({"widen": 3, "away_s": 5})
    on.run(30)
    on.seat("makers").restore({"widen": 3, "away_s": 5})
    on.run(60)
    log = on.world.log

    assert log.of(AgentsChanged) == [
        AgentsChanged(10 * NS_PER_S, "makers", "away_s=5, widen=3", 3),
        AgentsChanged(30 * NS_PER_S, "makers", "", 3),
    ]
    looked = log.of(AgentLooked)
    assert sorted(each.number for each in looked) == [0, 0, 1, 1, 2, 2]
    assert {each.number for each in looked if each.t_ns < 30 * NS_PER_S} == {0, 1, 2}


def test_who_an_agent_is_stays_as_it_is() -> None:
    """Name, symbol and number of a block, and what a kind reads only once."""
    assert fixed_of(MAKERS) == {"id", "symbol", "count"}
    assert fixed_of(SellProgram(id="program", symbol=SYMBOL, shares=1)) == {"id", "symbol", "count", "begin_s"}


def test_a_setting_that_may_be_absent_can_be_given() -> None:
    """The value in mind of fundamental traders, which is else the price at the start."""
    value = Fundamental(id="value", symbol=SYMBOL)

    assert value.value_usd is None
    assert changed(value, {"value_usd": 200}).value_usd == 200


def test_changes_are_said_in_the_order_of_their_names() -> None:
    """The same changes are the same text."""
    assert said({"widen": 0.5, "away_s": 3600.0}) == said({"away_s": 3600.0, "widen": 0.5}) == "away_s=3600, widen=0.5"
    assert said({}) == ""
