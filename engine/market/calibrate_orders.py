"""Moments of the orders of a day: sizes, where they are placed, how long they live, what follows what."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from engine.base.units import NS_PER_S
from engine.market.facts import Fact, fact
from engine.market.realism_flow import Aggressors
from engine.market.recording import Bools, Floats, Recording
from engine.market.tape_rows import CUT, DELETED, HIDDEN, NEW, VISIBLE, Ints

ROUND_LOT = 100
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
NEAR_TICKS = (1, 2, 5, 10, 20, 50)
SHORT_S = 0.05
_FOLLOWS = (("add", (NEW,)), ("cancel", (CUT, DELETED)), ("execution", (VISIBLE,)), ("hidden", (HIDDEN,)))


def size_facts(recording: Recording, taken: Aggressors) -> Iterator[Fact]:
    """Sizes of what is added and of what takes."""
    added = recording.qty[recording.kind == NEW]
    yield fact("add_shares_mean", _mean(added), "shares", "mean size of an added order")
    yield fact("add_shares_median", _quantile(added, 0.5), "shares", "its median")
    yield fact("add_shares_q99", _quantile(added, 0.99), "shares", "its 99 % quantile")
    yield fact("add_share_round_lot", _mean(added == ROUND_LOT), "", f"share of adds of exactly {ROUND_LOT} shares")
    yield fact("add_share_odd_lot", _mean(added < ROUND_LOT), "", f"share of adds of less than {ROUND_LOT} shares")
    yield fact("aggressive_shares_mean", _mean(taken.qty), "shares", "mean size of an aggressive order")
    yield fact("aggressive_shares_median", _quantile(taken.qty, 0.5), "shares", "its median")
    yield fact("aggressive_shares_q95", _quantile(taken.qty, 0.95), "shares", "its 95 % quantile")
    yield fact("aggressive_share_several_fills", _mean(taken.fills > 1), "", "share of them that took several orders")


def placement_facts(recording: Recording) -> Iterator[Fact]:
    """Where adds are placed, seen from the best price of their side before them."""
    distances = add_distances(recording)
    yield fact("add_share_inside", _mean(distances < 0), "", "share of adds at a better price than the best before")
    yield fact("add_share_at_best", _mean(distances == 0), "", "share of adds at the best price")
    behind = distances[distances > 0]
    yield fact("add_share_behind", _mean(distances > 0), "", "share of adds behind the best price")
    yield fact("add_inside_ticks_mean", _mean(-distances[distances < 0]), "ticks", "mean improvement of those inside")
    yield fact("add_behind_ticks_mean", _mean(behind), "ticks", "mean distance of those behind; what a tape shows ends")
    for share in QUANTILES:
        yield fact(
            f"add_behind_ticks_q{round(100 * share):02}",
            _quantile(behind, share),
            "ticks",
            f"{100 * share:g} % quantile of the distance of those behind",
        )
    for ticks in NEAR_TICKS:
        words = f"share of those behind that are at most {ticks} ticks from the best"
        yield fact(f"add_behind_share_within_{ticks}_ticks", _mean(behind <= ticks), "", words)


def add_distances(recording: Recording) -> Ints:
    """Of each add but a first message's, how many ticks behind the best of its side it came; negative: inside.

    Those whose side was empty are left out.
    """
    adds = np.flatnonzero(recording.kind == NEW)
    adds = adds[adds > 0]
    bids = recording.side[adds] > 0
    best = np.where(bids, recording.bid_tick[adds - 1], recording.ask_tick[adds - 1])
    quoted = np.where(bids, recording.bid_qty[adds - 1], recording.ask_qty[adds - 1]) > 0
    distances: Ints = np.where(bids, best - recording.tick[adds], recording.tick[adds] - best)[quoted]
    return distances


def life_facts(recording: Recording) -> Iterator[Fact]:
    """How long an order lives that is added and then deleted whole, and how many are ever executed."""
    lives_s = order_lives_s(recording)
    for share in QUANTILES[:5]:
        words = f"{100 * share:g} % quantile of the time from add to delete"
        yield fact(f"order_life_q{round(100 * share):02}_s", _quantile(lives_s, share), "s", words)
    yield fact("order_life_share_short", _mean(lives_s < SHORT_S), "", f"share of lives shorter than {SHORT_S:g} s")
    added = recording.order_id[(recording.kind == NEW) & (recording.order_id != 0)]
    executed = recording.order_id[(recording.kind == VISIBLE) & (recording.order_id != 0)]
    yield fact("added_share_executed", _mean(np.isin(added, executed)), "", "share of added orders ever executed")


def order_lives_s(recording: Recording) -> Floats:
    """Seconds from add to delete of each order that had both."""
    known = recording.order_id != 0
    added, deleted = known & (recording.kind == NEW), known & (recording.kind == DELETED)
    ids, first = np.unique(recording.order_id[added], return_index=True)
    born_ns = recording.t_ns[added][first]
    if not len(ids):
        return np.zeros(0)
    gone = recording.order_id[deleted]
    place = np.minimum(np.searchsorted(ids, gone), len(ids) - 1)
    ours = ids[place] == gone
    lives: Floats = (recording.t_ns[deleted][ours] - born_ns[place[ours]]) / NS_PER_S
    return lives


def follow_facts(recording: Recording) -> Iterator[Fact]:
    """What follows what: the chance of each kind of message after each kind."""
    groups = {name: np.isin(recording.kind, kinds) for name, kinds in _FOLLOWS}
    for before, here in groups.items():
        for after, there in groups.items():
            words = f"chance that the message after a message of kind {before} is of kind {after}"
            yield fact(f"next_{after}_after_{before}", _mean(there[1:][here[:-1]]), "", words)


def _mean(values: Ints | Floats | Bools) -> float:
    return float(values.mean()) if len(values) else math.nan


def _quantile(values: Ints | Floats, share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else math.nan
