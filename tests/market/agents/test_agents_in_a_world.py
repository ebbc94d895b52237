"""Agents of all kinds in one market: the same again, whatever reads it, whoever else is there."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import NewOrder, OrderKind, Side
from engine.domain.records import VenueFill, VenueQuote
from engine.market.agents.base import IDS_PER_OWNER, Seat
from engine.market.agents.fundamental import Fundamental
from engine.market.agents.kinds import KINDS
from engine.market.agents.market_maker import MarketMaker
from engine.market.agents.momentum import Momentum
from engine.market.agents.sell_program import SellProgram
from engine.market.agents.stop_loss import StopLoss
from tests.market.agents.stage import MID, SYMBOL, Stage, stage

ALL = (
    MarketMaker(id="makers", symbol=SYMBOL, count=5),
    Momentum(id="followers", symbol=SYMBOL, count=5, threshold_bps=5),
    Fundamental(id="value", symbol=SYMBOL, count=5, discount_pct=0.3, disagreement_pct=0.2),
    StopLoss(id="stops", symbol=SYMBOL, count=5, nearest_pct=0.1, farthest_pct=1),
    SellProgram(id="program", symbol=SYMBOL, shares=5_000, begin_s=30, participation_pct=30),
)
"""One block of each kind, all of them busy within two minutes."""
END_S = 120


def played(
    *agents: Any, seed: int = 1, timers_ms: float | None = None, reads_ns: tuple[int, ...] = (), feed_ms: float = 0
) -> Stage:
    """Two minutes of a market with *agents* and two orders of the desk; timers and reads do nothing."""
    on = stage(*agents, seed=seed, feed_ms=feed_ms)
    for number, (t_s, side) in enumerate(((20, Side.BUY), (40, Side.SELL)), start=1):
        limit_micros = (MID - 10 * int(side)) * 10_000
        order = NewOrder(number, SYMBOL, side, 300, OrderKind.LIMIT, limit_micros)
        on.world.at(t_s * NS_PER_S, lambda order=order: on.venue.submit(order, on.world.now_ns))  # type: ignore[misc]
    if timers_ms is not None:
        for step in range(int(END_S * 1_000 / timers_ms)):
            on.world.at(round(step * timers_ms * NS_PER_MS), lambda: None)
    for t_ns in reads_ns:
        on.world.at(t_ns, lambda: on.venue.quote(SYMBOL))
    on.run(END_S)
    return on


@cache
def fingerprint() -> str:
    """Of the plain run."""
    return played(*ALL).world.log.fingerprint()


def test_every_kind_does_something() -> None:
    """Else the tests of this file would show nothing."""
    on = played(*ALL)
    traded = {owner for owner, held in on.book.positions.items() if held}
    for block in range(5):
        assert traded & set(range(2 + 5 * block, 2 + 5 * (block + 1))), ALL[block].id
    assert on.world.log.of(VenueFill)
    on.book.book.check()


def test_the_kinds_are_all_here() -> None:
    """A new kind is tested with the others."""
    assert set(KINDS.values()) == {type(agent) for agent in ALL}


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    """Everything follows from the seed, also within one process."""
    assert played(*ALL).world.log.fingerprint() == fingerprint()
    assert played(*ALL, seed=2).world.log.fingerprint() != fingerprint()


@pytest.mark.parametrize("feed_ms", [0, 100])
@pytest.mark.parametrize("timers_ms", [1, 100])
def test_events_of_others_change_nothing(timers_ms: float, feed_ms: float) -> None:
    """Time cut into slices of 1 ms or 100 ms: the same records."""
    plain = fingerprint() if not feed_ms else played(*ALL, feed_ms=feed_ms).world.log.fingerprint()
    assert played(*ALL, timers_ms=timers_ms, feed_ms=feed_ms).world.log.fingerprint() == plain


@settings(deadline=None, max_examples=8)
@given(reads=st.lists(st.integers(0, END_S * NS_PER_S), max_size=200))
def test_reads_at_any_time_change_nothing(reads: list[int]) -> None:
    """Who looks at the market does not move it."""
    assert played(*ALL, reads_ns=tuple(reads)).world.log.fingerprint() == fingerprint()


def test_a_block_more_does_not_change_the_draws_of_another() -> None:
    """Streams go by symbol, name and number, not by who came first."""

    def draws(block: str, *agents: Any) -> list[float]:
        chance = stage(*agents).seat(block).chance(3)
        return [chance.draw() for _ in range(5)]

    assert draws("makers", ALL[0]) == draws("makers", *ALL) == draws("makers", *reversed(ALL))
    assert draws("makers", *ALL) != draws("value", *ALL)


def test_agents_of_one_block_have_streams_of_their_own() -> None:
    """They do not wake together."""
    seat = Seat(ALL[0], stage().world)
    first = [seat.chance(number).draw() for number in range(5)]

    assert len(set(first)) == 5
    assert [seat.chance(number).draw() for number in range(5)] == first


def test_agents_that_only_watch_change_nothing() -> None:
    """Followers with a threshold that is never reached leave the market as it is without them."""
    watching = Momentum(id="followers", symbol=SYMBOL, count=20, threshold_bps=10_000)

    assert played(watching).world.log.fingerprint() == played().world.log.fingerprint()


def test_order_numbers_of_agents_are_far_from_the_desks() -> None:
    """Whatever the desk sends in a run, no agent has such a number."""
    on = played(*ALL)
    agents = {number for number in on.book.book.resting() if number > 2}

    assert agents
    assert min(agents) >= 2 * IDS_PER_OWNER > 10**12


def test_in_a_halt_nobody_trades_and_afterwards_they_go_on() -> None:
    """All kinds at once; quotes of agents only leave."""
    on = stage(*ALL)
    on.run(35)
    on.market.set_trading(SYMBOL, trading=False)
    volume, positions = on.book.volume, dict(on.book.positions)
    before = set(on.book.book.resting())
    on.run(65)

    assert (on.book.volume, on.book.positions) == (volume, positions)
    assert set(on.book.book.resting()) <= before
    on.market.set_trading(SYMBOL, trading=True)
    on.run(95)
    assert on.book.volume > volume
    assert len(on.world.log.of(VenueQuote)) > 10
