"""The laboratory of the order book: its days are those of a run, its large orders are worked as they are told."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from engine.base.units import NS_PER_S
from engine.kernel.world import World
from engine.market.flow_document import FlowDocument
from engine.market.order_book import BookInstrument, OrderBook
from engine.market.order_book_laboratory import HORIZON, LEVELS, SESSION_NS, SETTLED_NS, BookLaboratory
from engine.market.order_book_market import simulated_book
from engine.market.realism_facts import figures
from engine.market.realism_laboratory import HasLaboratory, calibrated, laboratory_of
from engine.market.recording import Recording
from engine.market.tape_rows import NEW, VISIBLE

MARKET = OrderBook(instruments=(BookInstrument(symbol="AMZN", price=223.0),))


@pytest.fixture(scope="module")
def laboratory() -> BookLaboratory:
    """The shipped flow, at 223 USD."""
    found = MARKET.laboratory()
    assert isinstance(found, BookLaboratory)
    return found


@pytest.fixture(scope="module")
def day(laboratory: BookLaboratory) -> Recording:
    """One day of it."""
    return laboratory.day(3)


def test_the_model_can_be_measured_with_what_it_ships() -> None:
    """``stress realism order_book`` finds it."""
    assert isinstance(MARKET, HasLaboratory)
    assert calibrated("order_book").instruments[0].flow == FlowDocument()
    assert laboratory_of(calibrated("order_book")) == BookLaboratory(FlowDocument(), "AMZN", 22_300)


def test_a_day_is_the_one_that_a_run_of_this_seed_has(day: Recording) -> None:
    """The same streams by the same names: the top of book after ten minutes is that of a run."""
    world = World(3)
    book = simulated_book(
        MARKET.instruments[0], MARKET.build(world, open_s=0, find=no_file).instruments[0], World(3), 0
    )
    book.advance(600 * NS_PER_S)
    last = int(np.searchsorted(day.t_ns, 600 * NS_PER_S, side="right")) - 1
    shown = day.bid_tick[last], day.bid_qty[last], day.ask_tick[last], day.ask_qty[last]
    assert tuple(int(each) for each in shown) == book.book.top()


def no_file(path: str) -> Path:
    """An order book reads no files."""
    raise AssertionError(path)


def test_a_day_is_the_same_again_and_another_for_another_seed(laboratory: BookLaboratory, day: Recording) -> None:
    """A day depends on its seed alone."""
    again, other = laboratory.day(3), laboratory.day(4)
    assert all(np.array_equal(getattr(day, name), getattr(again, name)) for name in ("t_ns", "tick", "qty", "order_id"))
    assert not np.array_equal(day.t_ns[:1000], other.t_ns[:1000])


def test_a_day_is_a_whole_session_and_whole_in_itself(day: Recording) -> None:
    """Messages up to the close; no order gives more than it has, the book never crosses, both sides are quoted."""
    assert (day.open_ns, day.close_ns) == (0, SESSION_NS)
    assert day.t_ns[-1] > SESSION_NS - 60 * NS_PER_S
    found = figures(day, 600)
    sanity = [found[name] for name in ("crossed_messages", "overdrawn_orders", "one_sided_time_share")]
    assert sanity == [0, 0, 0]


def test_what_is_executed_is_what_is_added_and_known(day: Recording) -> None:
    """Executions name orders that were added on the day, but for those that the book opened with."""
    added, executed = day.order_id[day.kind == NEW], day.order_id[day.kind == VISIBLE]
    assert np.isin(executed, added).mean() > 0.99


def test_depth_is_sampled_every_minute(day: Recording) -> None:
    """Five levels of each side, as on a tape of LOBSTER."""
    assert day.depth is not None
    assert day.depth.bid.shape == (390, LEVELS)
    assert (day.depth.ask > 0).mean() > 0.95
    before = np.searchsorted(day.t_ns, day.depth.t_ns, side="right") - 1
    assert np.array_equal(day.depth.bid[:, 0], day.bid_qty[before])


@pytest.mark.parametrize("side", [1, -1])
def test_a_large_order_is_worked_whole_at_an_even_rate(laboratory: BookLaboratory, side: int) -> None:
    """It executes what it was told to, in its direction, and the path goes to three times its duration."""
    path = laboratory.metaorder(17, side, 0.01, 936.0)
    assert path.share_of_volume == pytest.approx(0.01, rel=1e-3)
    assert path.end_ns - path.begin_ns == 936 * NS_PER_S
    assert path.begin_ns >= SETTLED_NS
    assert path.t_ns[0] == path.begin_ns
    assert path.t_ns[-1] == path.begin_ns + HORIZON * 936 * NS_PER_S
    assert math.isfinite(path.moved(path.end_ns))


def test_a_buying_and_a_selling_order_of_one_seed_begin_alike(laboratory: BookLaboratory) -> None:
    """So that what the market does by itself cancels out."""
    buy, sell = (laboratory.metaorder(17, side, 0.002, 187.0) for side in (1, -1))
    assert buy.begin_ns == sell.begin_ns
    assert buy.mid_ticks[0] == sell.mid_ticks[0]
    assert buy.mid_ticks[-1] != sell.mid_ticks[-1]


def test_an_order_that_fills_the_day_ends_with_it(laboratory: BookLaboratory) -> None:
    """A tenth of the day's volume at a quarter of the flow: there is no three times its duration."""
    path = laboratory.metaorder(5, 1, 0.1, 9360.0)
    assert path.t_ns[-1] <= SESSION_NS
    assert math.isfinite(path.moved(path.end_ns))
    assert math.isnan(path.moved(path.begin_ns + 3 * 9360 * NS_PER_S))


def test_buying_moves_the_price_up_and_selling_down(laboratory: BookLaboratory) -> None:
    """On average over forty seeds, by more than chance has it."""
    moves = []
    for seed in range(40):
        for side in (1, -1):
            path = laboratory.metaorder(seed, side, 0.02, 1872.0)
            moves.append(path.moved(path.end_ns))
    assert np.mean(moves) > 2.5 * np.std(moves) / math.sqrt(len(moves))
