"""The background flow: its rates, its levers, its stops, and that nothing but its own past decides about it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.ports import Levers
from engine.market.book_arrays import (
    ADD,
    BACKGROUND,
    DELETE,
    DESK,
    EXECUTE,
    KIND,
    LIVE,
    MESSAGE_ASK,
    MESSAGE_BID,
    MESSAGE_NS,
    MESSAGE_QTY,
    MESSAGE_SIDE,
    MESSAGE_TICK,
)
from engine.market.depth_watch import flow_counts
from engine.market.flow import AT_FILLS, AT_TOP, Flow
from engine.market.flow_arrays import HALF_SPREAD, SPREAD_FACTOR, WIDTH
from engine.market.flow_document import FlowDocument
from engine.market.flow_orders_kernel import least_distance
from tests.market.flow_samples import CALM, TICK, arrivals, changed, flow, messages, per_s, played

HOUR_S = 3600
QUIET = changed(CALM, "makers", reaction_ms=10_000.0, lag_ticks=400.0, stale_share=-5.0)
"""Without reactions, so that every message is one of the Hawkes process."""
DENSE = changed(
    changed(CALM, "impact", ticks=0.4, news_ticks=0.55),
    "makers",
    orders=300,
    half_spread_ticks=0.1,
    near_pct=75.0,
    near_ticks=3.5,
    far_ticks=5.0,
    far_exponent=2.5,
    stale_share=0.9,
    lag_ticks=0.7,
)
"""A spread of a tick or two."""
POISSON = changed(QUIET, "bursts", fast_branching=0.0, slow_branching=0.0)


# ---- rates


@pytest.mark.parametrize("messages_per_s", [2.0, 20.0])
def test_unexcited_messages_come_at_the_rate_that_is_asked_for(messages_per_s: float) -> None:
    """Without excitement they are a Poisson process: its mean, four standard deviations of it, and its gaps."""
    each = played(replace(POISSON, messages_per_s=messages_per_s), s=HOUR_S)
    expected = messages_per_s * HOUR_S
    assert arrivals(each) == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_excited_messages_come_at_the_rate_that_is_asked_for() -> None:
    """A Hawkes process has as many messages as said, whatever of them is excited: the base rate makes room for it.

    The variance of its count is that of a Poisson process over (1 - branching)^2, in the long run.
    """
    each = played(replace(QUIET, messages_per_s=10.0), s=4 * HOUR_S)
    expected = 10.0 * 4 * HOUR_S
    deviation = math.sqrt(expected) / (1 - CALM.excited_share)
    assert arrivals(each) == pytest.approx(expected, abs=4 * deviation)


def test_the_variance_of_counts_shows_the_branching() -> None:
    """Variance over mean of long windows is 1/(1 - branching)^2 (Hawkes, Biometrika 58 (1971) 83)."""
    half = changed(QUIET, "bursts", fast_branching=0.3, slow_branching=0.2, slow_s=0.5)
    each = flow(replace(half, messages_per_s=20.0))
    counts, before = [], 0
    for window in range(1, 2401):
        each.run(window * 10 * NS_PER_S)
        each.book.drain()
        counts.append(arrivals(each) - before)
        before = arrivals(each)
    fano = float(np.var(counts) / np.mean(counts))
    assert fano == pytest.approx(1 / (1 - 0.5) ** 2, rel=0.15)  # five standard errors of 2,400 windows


def test_aggressive_orders_have_their_share_of_the_messages() -> None:
    """As many in a hundred as said; each is a stamp with executions."""
    rows = messages(played(replace(POISSON, messages_per_s=20.0), s=HOUR_S, recorded=True))
    taken = len(stamps(rows, EXECUTE))
    expected = CALM.takers.share_pct / 100 * 20.0 * HOUR_S
    assert taken == pytest.approx(expected, abs=5 * math.sqrt(expected))


def test_the_day_has_the_shape_that_it_is_told() -> None:
    """Half hours of 3 : 1 : 2, joined by straight lines between their middles, of which ten minutes are averaged."""
    shaped = changed(replace(POISSON, messages_per_s=20.0), "activity", half_hours=(3.0, 1.0, 2.0))
    counts = per_s(messages(played(shaped, s=5400, recorded=True)), 5400)
    middles = [counts[middle - 300 : middle + 300].mean() for middle in (900, 2700, 4500)]
    expected = (3 - 2 * 2.5 / 30 / 2, 1 + (2 + 1) * 2.5 / 30 / 2, 2 - 1 * 2.5 / 30 / 2)  # five minutes of each line
    assert middles[0] / middles[1] == pytest.approx(expected[0] / expected[1], rel=0.05)
    assert middles[2] / middles[1] == pytest.approx(expected[2] / expected[1], rel=0.05)


def test_a_wider_hour_has_wider_spreads_and_larger_moves() -> None:
    """The factor of uncertainty is one on distances and on moves."""
    each = flow(changed(CALM, "uncertainty", half_hours=(3.0, 3.0, 1.0, 1.0)))
    spreads, mids = [], []
    for second in range(1, 7201):
        each.run(second * NS_PER_S)
        bid, _, ask, _ = each.book.top()
        spreads.append(ask - bid)
        mids.append((ask + bid) / 2)
    moves = np.diff(mids)
    assert np.mean(spreads[600:2400]) > 2 * np.mean(spreads[4800:])
    assert np.std(moves[600:2400]) > 2 * np.std(moves[4800:])


# ---- what comes


def test_signs_of_metaorders_have_a_long_memory_and_lone_ones_none() -> None:
    """Split orders make one buyer follow another (Lillo, Mike and Farmer 2005)."""

    def memory(document: FlowDocument, lag: int) -> float:
        rows = messages(played(replace(document, messages_per_s=20.0), s=2 * HOUR_S, recorded=True))
        taken = rows[rows[:, KIND] == EXECUTE]
        first = np.append(True, np.diff(taken[:, MESSAGE_NS]) > 0)
        signs = -taken[first, MESSAGE_SIDE].astype(float)
        return float(np.corrcoef(signs[:-lag], signs[lag:])[0, 1])

    assert 0.5 < memory(QUIET, 1) < 0.75
    assert memory(QUIET, 10) > 0.08
    assert memory(changed(QUIET, "takers", lone_pct=100.0), 1) == pytest.approx(0, abs=0.06)


def test_resting_orders_stay_near_the_number_that_the_book_tends_to() -> None:
    """Cancels grow with the orders that there are, so the book neither empties nor swells."""
    each = flow()
    counts = []
    for minute in range(1, 241):
        each.run(minute * 60 * NS_PER_S)
        counts.append(int(each.book.memory[LIVE]))
    assert 0.4 * CALM.makers.orders < min(counts)
    assert max(counts) < 1.6 * CALM.makers.orders


def test_the_book_is_whole_after_a_day_and_never_crossed() -> None:
    """Every invariant of the book holds after 6.5 hours of the shipped flow."""
    each = flow(FlowDocument())
    for minute in range(1, 391):
        each.run(minute * 60 * NS_PER_S)
        each.book.drain()
    each.book.check()
    bid, _, ask, _ = each.book.top()
    assert 0 < bid < ask


def test_prices_are_nobodys_drift() -> None:
    """Over forty half hours of different seeds the mean move of the mid is none that could be told from chance."""
    moves = []
    for seed in range(40):
        bid, _, ask, _ = played(seed=seed, s=1800).book.top()
        moves.append(math.log((bid + ask) / 2 / TICK))
    assert abs(np.mean(moves)) < 3 * np.std(moves) / math.sqrt(len(moves))
    assert np.std(moves) > 1e-4  # and the mid is not frozen


# ---- reactions


def test_a_quote_that_the_price_has_passed_is_gone_within_milliseconds() -> None:
    """A reference price that jumps takes both quotes along before the second is over: no slow creep."""
    each = played(s=60)
    before = each.book.top()
    each.pull(Levers(price_factor=1.01), 60 * NS_PER_S)
    each.run(61 * NS_PER_S)
    bid, _, ask, _ = each.book.top()
    assert bid > before[2]
    assert abs((bid + ask) / 2 - each.reference_tick) < 20


def test_without_reactions_the_mid_creeps_after_the_price() -> None:
    """What the reactions are for: returns of a second foretell the next without them."""

    def foretold(document: FlowDocument) -> float:
        each, mids = flow(document), []
        for second in range(1, 3 * HOUR_S):
            each.run(second * NS_PER_S)
            bid, _, ask, _ = each.book.top()
            mids.append((bid + ask) / 2)
        moves = np.diff(mids[600:])
        return float(np.corrcoef(moves[1:], moves[:-1])[0, 1])

    slow = changed(CALM, "makers", reaction_ms=2_000.0)
    assert foretold(CALM) < 0.06
    assert foretold(slow) > foretold(CALM) + 0.05


def test_a_stale_quote_of_somebody_known_is_picked_off() -> None:
    """The desk's own order is not cancelled for it: whoever leaves it there trades at it."""
    each = played(s=60)
    ask = each.book.top()[2]
    each.book.submit(60 * NS_PER_S, DESK, 1, -1, 100, ask, rests=True)
    each.pull(Levers(price_factor=1.01), 60 * NS_PER_S)
    each.run(62 * NS_PER_S)
    assert each.book.left(1) == 0
    mine = [match for match in each.book.drain() if match.maker_owner == DESK]
    assert sum(match.qty for match in mine) == 100
    assert {match.tick for match in mine} == {ask}


# ---- levers


BUSY = replace(POISSON, messages_per_s=40.0)
SOON_NS = NS_PER_S // 2
"""Before the book has become fuller or emptier for it."""


@pytest.mark.parametrize(
    ("lever", "kind"),
    [("volume_factor", EXECUTE), ("refill_factor", ADD), ("cancel_factor", DELETE)],
)
def test_a_lever_turns_its_own_rate_at_once(lever: str, kind: int) -> None:
    """Three times the trades, adds or cancels in the next half second; the rest of the book answers later."""
    before, after = 0, 0
    for seed in range(80):
        each = flow(BUSY, seed, recorded=True)
        each.run(60 * NS_PER_S)
        each.book.drain()
        before += len(stamps(messages(each), kind))
        each.pull(Levers(**{lever: 3.0}), 60 * NS_PER_S)
        each.run(60 * NS_PER_S + SOON_NS)
        each.book.drain()
        after += len(stamps(messages(each), kind))
    expected = 3 * before / 60 * SOON_NS / NS_PER_S
    assert after == pytest.approx(expected, abs=4 * math.sqrt(expected) + 0.08 * expected)


@pytest.mark.parametrize("levers", [Levers(), Levers(cancel_factor=5.0), Levers(refill_factor=0.5, cancel_factor=3.0)])
def test_what_the_background_does_of_itself_is_counted(levers: Levers) -> None:
    """Additions and cancels are those that the book shows; turns are as many as without the levers."""
    each = flow(BUSY, recorded=True)
    each.pull(levers, 0)
    before = len(messages(each))
    each.run(HOUR_S * NS_PER_S)
    each.book.drain()
    rows = messages(each)[before:]
    added, cancelled, turns, met = flow_counts(each.book.memory)

    assert added == int((rows[:, KIND] == ADD).sum())
    shown = int((rows[:, KIND] == DELETE).sum())
    assert 0.99 * shown < cancelled < shown  # the others withdrew a quote that had become stale: a reaction
    expected = BUSY.messages_per_s * HOUR_S
    assert turns == pytest.approx(expected, abs=4 * math.sqrt(expected))
    resting = met / turns
    assert resting == pytest.approx(
        BUSY.makers.orders * min(levers.refill_factor / levers.cancel_factor, 1.0), rel=0.25
    )


@pytest.mark.parametrize("levers", [Levers(), Levers(depth_factor=0.5), Levers(spread_factor=2.0)])
def test_what_others_quote_is_counted_by_size_and_by_distance(levers: Levers) -> None:
    """Every order that comes to rest with its shares; a lever on either multiplies its mean, and leaves the other."""
    undisturbed, each = flow(BUSY, recorded=True), flow(BUSY, recorded=True)
    undisturbed.run(HOUR_S * NS_PER_S)
    opened, opening = each.quoted(), len(messages(each))
    each.pull(levers, 0)
    each.run(HOUR_S * NS_PER_S)
    each.book.drain()
    rows = messages(each)[opening:]
    quoted, shares, squares, near, distance, _ = (now - then for now, then in zip(each.quoted(), opened, strict=True))
    usual = undisturbed.quoted()

    added = rows[rows[:, KIND] == ADD]
    assert quoted == len(added)
    assert shares == int(added[:, MESSAGE_QTY].sum())
    assert squares == float((added[:, MESSAGE_QTY].astype(float) ** 2).sum())
    assert shares / quoted == pytest.approx(levers.depth_factor * usual[1] / usual[0], rel=0.03)
    assert distance / near == pytest.approx(levers.spread_factor * usual[4] / usual[3], rel=0.03)


def stamps(rows: NDArray[np.int64], kind: int) -> NDArray[np.int64]:
    """The instants at which something of one kind happened."""
    found: NDArray[np.int64] = np.unique(rows[rows[:, KIND] == kind, MESSAGE_NS])
    return found


def test_levers_at_zero_stop_what_they_turn() -> None:
    """No refill and no trading: the book only shrinks, and nothing is executed."""
    each = flow(recorded=True)
    each.run(60 * NS_PER_S)
    each.book.drain()
    messages(each)
    each.pull(Levers(refill_factor=0.0, volume_factor=0.0), 60 * NS_PER_S)
    each.run(600 * NS_PER_S)
    rows = messages(each)
    assert not (rows[:, KIND] == ADD).any()
    assert each.book.memory[LIVE] < 20


def test_levers_back_at_one_bring_the_book_back() -> None:
    """After a collapse of depth and refill the book has its usual orders again, on both sides."""
    each = flow()
    usual = []
    for minute in range(1, 31):
        each.run(minute * 60 * NS_PER_S)
        usual.append(int(each.book.memory[LIVE]))
    each.pull(Levers(refill_factor=0.02, depth_factor=0.1), 1800 * NS_PER_S)
    each.run(2000 * NS_PER_S)
    assert each.book.memory[LIVE] < 0.5 * np.mean(usual)
    each.pull(Levers(), 2000 * NS_PER_S)
    each.run(4000 * NS_PER_S)
    assert each.book.memory[LIVE] > 0.7 * np.mean(usual)
    bid, _, ask, _ = each.book.top()
    assert 0 < ask - bid < 60


@pytest.mark.parametrize("times", [2, 4, 8])
@pytest.mark.parametrize("document", [CALM, DENSE], ids=["wide ticks", "dense"])
def test_a_spread_so_many_times_wider_is_asked_for_and_comes(document: FlowDocument, times: int) -> None:
    """The spread lever multiplies what is seen: in a dense book, where the grid is most of it, as in any other."""

    def mean_spread(each: Flow, from_s: int, to_s: int) -> float:
        spreads = []
        for second in range(from_s, to_s):
            each.run(second * NS_PER_S)
            bid, _, ask, _ = each.book.top()
            spreads.append(ask - bid)
        return float(np.mean(spreads))

    each = flow(document)
    before = mean_spread(each, 60, 600)
    each.pull(Levers(spread_factor=times), 599 * NS_PER_S)
    assert mean_spread(each, 660, 1200) == pytest.approx(times * before, rel=0.2)


@given(half=st.floats(0, 400), width=st.floats(0.05, 20))
def test_an_unpulled_spread_lever_leaves_the_least_distance_to_the_last_bit(half: float, width: float) -> None:
    """The undisturbed flow does not know of the lever."""
    unpulled = np.ones(max(HALF_SPREAD, WIDTH, SPREAD_FACTOR) + 1)
    unpulled[HALF_SPREAD], unpulled[WIDTH] = half, width

    assert least_distance(unpulled) == half * width


def test_less_depth_takes_out_resting_shares_at_once_and_later_orders_are_smaller() -> None:
    """A depth lever of a half thins the book by half, each order with the same probability."""
    each = flow(recorded=True)
    each.run(60 * NS_PER_S)
    messages(each)
    before = int(each.book.memory[LIVE])
    each.pull(Levers(depth_factor=0.5), 60 * NS_PER_S)
    assert int(each.book.memory[LIVE]) == pytest.approx(before / 2, abs=4 * math.sqrt(before / 4))
    messages(each)
    each.run(1800 * NS_PER_S)
    added = messages(each)
    sizes = added[added[:, KIND] == ADD, MESSAGE_QTY]
    assert np.median(sizes) == 50


def test_pulling_the_same_levers_again_changes_nothing() -> None:
    """A fault that turns what stands already leaves the flow alone."""
    one, other = played(s=60), played(s=60)
    other.pull(Levers(), 60 * NS_PER_S)
    one.run(120 * NS_PER_S)
    other.run(120 * NS_PER_S)
    assert one.book.digest() == other.book.digest()


# ---- halts, bands, extremes


def test_a_halt_stops_trades_but_not_quotes() -> None:
    """Nothing is executed while halted, orders come and go, and trading goes on afterwards."""
    each = flow(recorded=True)
    each.run(60 * NS_PER_S)
    messages(each)
    each.halt(halted=True)
    each.run(900 * NS_PER_S)
    each.book.drain()
    rows = messages(each)
    assert not (rows[:, KIND] == EXECUTE).any()
    assert {ADD, DELETE} <= set(rows[:, KIND].tolist())
    each.halt(halted=False)
    each.run(1800 * NS_PER_S)
    assert (messages(each)[:, KIND] == EXECUTE).any()


def test_bands_hold_quotes_and_trades_inside_although_the_price_leaves_them() -> None:
    """Nobody bids above, offers below, or trades outside the bands, wherever the reference price wants to go."""
    each = flow(recorded=True)
    each.run(60 * NS_PER_S)
    bid, _, ask, _ = each.book.top()
    lower, upper = bid - 5, ask + 5
    each.band(lower, upper, 60 * NS_PER_S)
    each.book.drain()
    messages(each)
    each.pull(Levers(price_factor=1.02), 60 * NS_PER_S)
    each.run(600 * NS_PER_S)
    rows = messages(each)
    traded = rows[rows[:, KIND] == EXECUTE, MESSAGE_TICK]
    assert lower <= traded.min()
    assert traded.max() <= upper
    assert rows[:, MESSAGE_BID].max() <= upper
    assert rows[-1, MESSAGE_BID] == upper  # bids stand at the band: the price is beyond it
    each.band(0, 0, 600 * NS_PER_S)
    each.run(660 * NS_PER_S)
    assert each.book.top()[0] > upper


def test_the_price_never_falls_below_one_tick() -> None:
    """When everything collapses there are no bids left below a cent, and still no price of 0."""
    each = flow(tick=600, recorded=True)
    each.run(60 * NS_PER_S)
    each.pull(Levers(price_factor=1e-6), 60 * NS_PER_S)
    each.run(600 * NS_PER_S)
    each.book.drain()
    rows = messages(each)
    quoted = rows[:, [MESSAGE_BID, MESSAGE_ASK]]
    assert rows[:, MESSAGE_TICK].min() >= 1
    assert quoted.min() >= 0
    assert each.reference_tick >= 1
    assert each.book.top()[2] >= 1
    each.book.check()


@pytest.mark.parametrize("side", [1, -1])
def test_an_empty_side_recovers(side: int) -> None:
    """Somebody takes a whole side: it is quoted again within a second, and usual after minutes."""
    each = played(s=600)
    resting = each.book.levels(-side, 10_000)
    each.book.submit(600 * NS_PER_S, 2, 1, side, sum(qty for _, qty in resting), None, rests=False)
    each.book.drain()
    assert not each.book.levels(-side, 1)
    each.run(601 * NS_PER_S)
    assert each.book.levels(-side, 1)
    each.run(1500 * NS_PER_S)
    assert len(each.book.levels(-side, 100)) > 5


def test_what_somebody_takes_moves_the_price_and_brings_messages() -> None:
    """An aggressive order of somebody known is learnt from, and excites others, like any."""
    one, other = played(s=60), played(s=60)
    before = other.reference_tick
    other.learn(60 * NS_PER_S, 1, 100)
    assert other.reference_tick > before
    counts = []
    for each in (one, other):
        seen = arrivals(each)
        each.run(60 * NS_PER_S + 50 * NS_PER_MS)
        counts.append(arrivals(each) - seen)
    for seed in range(2, 60):
        for learnt in (0, 1):
            each = played(seed=seed, s=30)
            if learnt:
                each.learn(30 * NS_PER_S, 1, 100)
            seen = arrivals(each)
            each.run(30 * NS_PER_S + 50 * NS_PER_MS)
            counts[learnt] += arrivals(each) - seen
    assert counts[1] > counts[0] + 40  # at least two thirds of a message each, besides the reactions


def test_a_steady_flow_moves_the_price_less_and_less() -> None:
    """The others come to expect it: twice the size moves less than twice as far, and most of it goes away."""

    def moved(children: int, later_s: int) -> float:
        total = 0.0
        for seed in range(12):
            for side in (1, -1):
                each = played(seed=seed, s=600)
                start = each.reference_tick
                for child in range(children):
                    t_ns = (600 + 5 * child) * NS_PER_S
                    each.run(t_ns)
                    each.learn(t_ns, side, 100)
                each.run((600 + 5 * children + later_s) * NS_PER_S)
                total += side * (each.reference_tick - start)
        return total / 24

    some, many = moved(20, 0), moved(200, 0)
    assert some > 5
    assert some < many < 6 * some  # ten times the size, far less than ten times the move
    assert moved(200, 2000) < 0.75 * many


# ---- reading changes nothing


def sliced(stops_ns: list[int]) -> tuple[str, float]:
    """Twenty seconds read at *stops_ns*."""
    each = flow(FlowDocument(), seed=5)
    for stop_ns in stops_ns:
        each.run(stop_ns)
        each.book.top()
        each.book.levels(1, 3)
    each.book.settle()
    return each.book.digest(), each.reference_tick


END_NS = 20 * NS_PER_S
WHOLE = [END_NS]


@pytest.mark.parametrize("step_ns", [NS_PER_MS, 100 * NS_PER_MS])
def test_slices_give_the_same_book(step_ns: int) -> None:
    """A millisecond or a tenth of a second at a time: the same to the last bit."""
    assert sliced(list(range(step_ns, END_NS + 1, step_ns))) == sliced(WHOLE)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_random_reads_give_the_same_book(seed: int) -> None:
    """Whenever somebody looks, also twice at one instant."""
    stops = sorted(np.random.default_rng(seed).integers(1, END_NS, 300).tolist())
    assert sliced([*stops, stops[-1], END_NS]) == sliced(WHOLE)


def test_stops_change_nothing_and_come_right_at_the_fill() -> None:
    """The flow stands right after the message that traded with the desk, and goes on as if nobody had stopped it."""
    ends = []
    for stop_at in (0, AT_FILLS, AT_FILLS | AT_TOP):
        each = flow(FlowDocument(), seed=9)
        each.run(30 * NS_PER_S)
        for number in range(1, 6):
            each.book.submit(30 * NS_PER_S, DESK, number, 1, 100, each.book.top()[0], rests=True)
        fills = []
        while each.run(600 * NS_PER_S, stop_at):
            mine = [match for match in each.book.drain() if match.maker_owner == DESK]
            assert {match.t_ns for match in mine} <= {each.now_ns}
            assert mine or stop_at & AT_TOP
            fills += mine
        fills += [match for match in each.book.drain() if match.maker_owner == DESK]
        ends.append((each.book.digest(), tuple(fills)))
    assert ends[0] == ends[1] == ends[2]
    assert sum(match.qty for match in ends[0][1]) == 500


def test_seeds_differ_and_repeat() -> None:
    """The same seed gives the same book, another one another."""
    digests = [played(FlowDocument(), seed=seed, s=60).book.digest() for seed in (1, 1, 2)]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_a_flow_that_was_not_run_so_far_takes_no_word_from_there() -> None:
    """A lever or a trade in its future would leave messages behind: it says so, and changes nothing."""
    each = played(s=60)
    before = each.book.digest()
    with pytest.raises(ValueError, match="was run up to"):
        each.learn(90 * NS_PER_S, 1, 100)
    with pytest.raises(ValueError, match="was run up to"):
        each.pull(Levers(volume_factor=2.0), 90 * NS_PER_S)
    assert each.book.digest() == before


def test_orders_of_the_background_belong_to_nobody_known() -> None:
    """A flow alone leaves no order with a number in the book."""
    each = played(s=600)
    assert each.book.resting() == ()
    assert {match.maker_owner for match in each.book.drain()} == {BACKGROUND}
