"""Stylised facts of a LOBSTER day, in one pass over its rows."""

from __future__ import annotations

import math
from array import array

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_S
from engine.market.facts import Fact, fact
from engine.market.facts_bursts import Bursts
from engine.market.facts_returns import LAGS, MidGrid, return_facts
from engine.market.facts_statistics import Weights, WorstDrop, autocorrelation
from engine.market.tape import Chunk
from engine.market.tape_rows import CUT, DELETED, HIDDEN, NEW, VISIBLE, Ints

TICK_MICROS = 10_000
"""One cent: the tick of every US stock above one dollar (Regulation NMS, rule 612)."""
DROP_WINDOWS_MIN = (5, 15, 30)
_KIND_NAMES = {NEW: "add", CUT: "partial_cancel", DELETED: "delete", VISIBLE: "execution", HIDDEN: "hidden"}


class LobsterFacts:
    """Collects the facts. Memory: 8 bytes per second of the day, 1 per aggressive order, and fixed tables."""

    def __init__(self) -> None:
        self._kinds = np.zeros(8, np.int64)
        self._bursts = Bursts(origin_ns=0)
        self._book = _TopOfBook()
        self._mids = MidGrid()
        self._signs = _Signs()
        self._drops = [WorstDrop(minutes * 60 * NS_PER_S) for minutes in DROP_WINDOWS_MIN]
        self._last_mid = math.nan

    def add(self, chunk: Chunk) -> None:
        """The next rows of the tape. A row out of order counts as simultaneous with the row above it."""
        stamps_ns, top = np.array(chunk.stamp_ns, np.int64), chunk.book[:, :4]
        kinds, directions = chunk.messages[:, 0], chunk.messages[:, 4]
        self._kinds += np.bincount(np.clip(kinds, 0, 7), minlength=8)
        self._bursts.add(stamps_ns)
        visible = kinds == VISIBLE
        self._signs.add(stamps_ns[visible], -directions[visible])
        two_sided = (top[:, 1] > 0) & (top[:, 3] > 0) & np.array(chunk.sound)
        self._book.add(stamps_ns, top, two_sided)
        mids = np.where(two_sided, (top[:, 0] + top[:, 2]) / 2, np.nan)
        self._mids.add(stamps_ns, mids)
        moved = np.concatenate([[self._last_mid], mids[:-1]]) != mids  # NaN differs from all, itself included
        for place in np.flatnonzero(moved & two_sided).tolist():
            for drop in self._drops:
                drop.add(int(stamps_ns[place]), mids[place], mids[place])
        self._last_mid = float(mids[-1])

    def facts(self) -> list[Fact]:
        """The table of facts so far."""
        return [
            *self._mix(),
            *self._book.facts(),
            *self._bursts.facts(),
            *return_facts(self._mids),
            *self._signs.facts(),
            *(
                fact(f"mid_drop_max_{minutes}min_pct", drop.pct, "%", f"largest fall of the mid within {minutes} min")
                for minutes, drop in zip(DROP_WINDOWS_MIN, self._drops, strict=True)
            ),
        ]

    def _mix(self) -> list[Fact]:
        messages = int(self._kinds.sum())
        share = [
            fact(
                f"{name}_pct", _ratio(100 * int(self._kinds[kind]), messages), "%", f"share of messages of type {kind}"
            )
            for kind, name in _KIND_NAMES.items()
        ]
        cancels = int(self._kinds[CUT] + self._kinds[DELETED])
        visible = int(self._kinds[VISIBLE])
        return [
            fact("messages", messages, "messages", "rows of the message file"),
            *share,
            fact("cancel_ratio", _ratio(cancels, int(self._kinds[NEW])), "", "partial cancels and deletes over adds"),
            fact("messages_per_execution", _ratio(messages, visible), "", "messages over visible executions"),
        ]


def _ratio(above: float, below: float) -> float:
    return above / below if below else math.nan


class _TopOfBook:
    """Spread and sizes at the touch, each weighted with the time it stood."""

    def __init__(self) -> None:
        self._spread, self._ask, self._bid = Weights(), Weights(), Weights()
        self._last: tuple[int, Ints, bool] | None = None

    def add(self, stamps_ns: Ints, top: Ints, two_sided: NDArray[np.bool_]) -> None:
        if self._last is not None:
            last_ns, last_top, last_two_sided = self._last
            stamps_ns = np.concatenate([[last_ns], stamps_ns])
            top, two_sided = np.vstack([last_top, top]), np.concatenate([[last_two_sided], two_sided])
        self._last = (int(stamps_ns[-1]), top[-1], bool(two_sided[-1]))
        stood_s, stood, both = np.diff(stamps_ns) / NS_PER_S, top[:-1], two_sided[:-1]
        ticks = np.rint((stood[:, 0] - stood[:, 2]) / TICK_MICROS).astype(np.int64)
        self._spread.add(ticks[both], stood_s[both])
        for side, qty in ((self._ask, stood[:, 1]), (self._bid, stood[:, 3])):
            side.add(qty[qty > 0], stood_s[qty > 0])

    def facts(self) -> list[Fact]:
        weighted = "while both sides are quoted, weighted with time; a tick is 0.01 USD"
        quantiles = [(5, 0.05), (25, 0.25), (50, 0.5), (75, 0.75), (95, 0.95), (99, 0.99)]
        return [
            fact("spread_ticks_mean", self._spread.mean(), "ticks", f"best ask less best bid {weighted}"),
            *(
                fact(
                    f"spread_ticks_q{name:02}",
                    self._spread.quantile(share),
                    "ticks",
                    f"{name} % quantile of the spread",
                )
                for name, share in quantiles
            ),
            fact("spread_ticks_max", self._spread.most(), "ticks", "the widest spread that stood for any time"),
            fact("best_ask_shares_mean", self._ask.mean(), "shares", "shares at the best ask, weighted with time"),
            fact("best_bid_shares_mean", self._bid.mean(), "shares", "shares at the best bid, weighted with time"),
            fact("best_ask_shares_median", self._ask.quantile(0.5), "shares", "likewise, median"),
            fact("best_bid_shares_median", self._bid.quantile(0.5), "shares", "likewise, median"),
        ]


class _Signs:
    """The signs of aggressive orders: visible executions of one stamp are one order."""

    def __init__(self) -> None:
        self._signs = array("b")
        self._last_ns = -1

    def add(self, stamps_ns: Ints, signs: Ints) -> None:
        if not len(stamps_ns):
            return
        fresh = np.concatenate([[self._last_ns], stamps_ns[:-1]]) != stamps_ns
        self._signs.extend(np.sign(signs[fresh]).astype(np.int8).tolist())
        self._last_ns = int(stamps_ns[-1])

    def facts(self) -> list[Fact]:
        signs = np.array(self._signs, np.float64)
        return [
            fact("aggressive_orders", len(signs), "orders", "visible executions, those of one stamp counted once"),
            *(
                fact(
                    f"trade_sign_acf_lag{lag}",
                    autocorrelation(signs, lag),
                    "",
                    f"autocorrelation of the aggressor's side from order to order, lag {lag}",
                )
                for lag in LAGS
            ),
        ]
