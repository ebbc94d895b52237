"""Stop-loss holders: each sells once, and one sets off the next."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest

from engine.domain.orders import Side
from engine.domain.records import VenueTrade
from engine.market.agents.base import FIRST_OWNER
from engine.market.agents.stop_loss import StopLoss
from engine.market.model_document import MarketError
from tests.market.agents.stage import MID, PRESSED_S, SYMBOL, TEST, QuietStage, falls, quiet_stage

ONE = StopLoss(
    id="stops", symbol=SYMBOL, count=1, wake_s=0.2, qty_shares=200, nearest_pct=1, farthest_pct=1, latency_ms=20
)
STOP = MID * 99 // 100


def sold(on: QuietStage, count: int = 1) -> list[int]:
    """What each has sold."""
    return [-on.book.positions.get(FIRST_OWNER + number, 0) for number in range(count)]


@pytest.mark.parametrize(("mid", "sells"), [(STOP + 1, 0), (STOP, 200), (STOP - 500, 200)])
def test_it_sells_everything_when_the_mid_reaches_its_stop(mid: int, sells: int) -> None:
    """One percent below the price at the start, and not above that."""
    on = quiet_stage(ONE)
    on.at(5, mid - 1, mid + 1)
    on.run(5)
    assert sold(on) == [0]
    on.run(10)

    assert sold(on) == [sells]


def test_it_sells_once() -> None:
    """A second fall finds it without shares."""
    on = quiet_stage(ONE)
    on.at(5, STOP - 1, STOP + 1)
    on.at(20, MID - 1, MID + 1)
    on.at(40, STOP - 1, STOP + 1)
    on.run(60)

    assert sold(on) == [200]
    assert on.book.volume == 200


def test_it_goes_on_selling_until_it_has_sold_all_even_if_the_price_comes_back() -> None:
    """Nobody bids for more than 50: it takes four looks; what was set off stays set off."""
    on = quiet_stage(replace(ONE, wake_s=2))
    on.at(5, STOP - 1, STOP + 1, qty=50)
    on.run(9)
    assert sold(on) == [50]
    for t_s in (10, 20, 30):
        on.at(t_s, MID - 1, MID + 1, qty=50)
    on.run(40)

    assert sold(on) == [200]


def test_nobody_sells_while_trading_is_halted() -> None:
    """It sells when trading goes on."""
    on = quiet_stage(ONE)
    on.market.set_trading(SYMBOL, trading=False)
    on.at(5, STOP - 1, STOP + 1)
    on.run(20)
    assert (on.book.volume, sold(on)) == (0, [0])
    on.market.set_trading(SYMBOL, trading=True)
    on.run(25)
    assert sold(on) == [200]


def test_stops_lie_between_the_nearest_and_the_farthest() -> None:
    """Half way down about half of them have sold; beyond the farthest all have."""
    on = quiet_stage(replace(ONE, count=60, nearest_pct=1, farthest_pct=3))
    for t_s, pct in ((5, 0.9), (15, 2.0), (25, 3.1)):
        mid = round(MID * (1 - pct / 100))
        on.at(t_s, mid - 1, mid + 1)
    on.run(14)
    assert sum(sold(on, 60)) == 0
    on.run(24)
    half = sum(each == 200 for each in sold(on, 60))
    on.run(34)

    assert 18 <= half <= 42
    assert sold(on, 60) == [200] * 60


def cascade(stops: StopLoss) -> QuietStage:
    """A book of thin levels, 40 ticks apart, in which somebody sells 100 shares at 10 s."""
    on = quiet_stage(stops)
    on.show(0, MID + 1)
    for level in range(60):
        on.book.enter(0, TEST, (1 << 61) + level, 1, 100, MID - 1 - 40 * level, rests=True)
    hands = on.market.hands(on.world, SYMBOL)
    on.world.at(10_000_000_000, lambda: hands.take(Side.SELL, 100))
    return on


def test_one_stop_sets_off_the_next() -> None:
    """A sale of 100 shares moves the price by 40 ticks; with stops in its way it ends 40 levels deep.

    The mid is half as far: the asks stay.
    """
    stops = replace(ONE, count=20, nearest_pct=0.05, farthest_pct=3)
    with_them, alone = cascade(stops), cascade(replace(stops, nearest_pct=90, farthest_pct=90))
    with_them.run(60)
    alone.run(60)

    assert alone.book.best()[0] == MID - 41
    assert sum(sold(with_them, 20)) == 20 * 200
    assert with_them.book.best()[0] == MID - 1 - 40 * 41
    times = {trade.t_ns for trade in with_them.world.log.of(VenueTrade)}
    assert len(times) > 5, "they sold one after the other"


def test_a_cascade_needs_stops_near_enough_to_each_other() -> None:
    """One stop far below is not reached by what the others sell."""
    on = cascade(replace(ONE, count=5, nearest_pct=5, farthest_pct=6))
    on.run(60)

    assert sum(sold(on, 5)) == 0


def test_without_stops_a_fall_is_smaller() -> None:
    """In a market that answers, on the average of the seeds."""
    stops = replace(ONE, count=60, nearest_pct=0.3, farthest_pct=2.5, qty_shares=1_000, wake_s=0.5)
    end_s = PRESSED_S[1]

    assert mean(falls(until_s=end_s)) < mean(falls(stops, until_s=end_s))


def test_the_farthest_stop_is_not_nearer_than_the_nearest() -> None:
    """Figures that contradict each other are refused."""
    with pytest.raises(MarketError, match="nearest_pct of at most farthest_pct") as caught:
        replace(ONE, nearest_pct=3, farthest_pct=2)
    assert caught.value.at == ("nearest_pct",)
