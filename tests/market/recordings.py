"""Small recordings, and a market of Poisson messages and Gaussian prices that no realism test may pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.base.keys import key
from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.market.realism_document import Realism
from engine.market.realism_laboratory import Laboratory, MidPath
from engine.market.recording import CLOSE_S, OPEN_S, Recording
from engine.runs.documents import REALISM

REPOSITORY = Path(__file__).parents[2]
S = 1_000_000_000
ADD, CUT, DELETE, VISIBLE, HIDDEN = range(1, 6)

Message = tuple[float, int, int, int, int, int]
"""Seconds after the open, kind, order id, side, shares, tick."""
Top = tuple[int, int, int, int]
"""Bid tick, bid shares, ask tick, ask shares."""
CALM: Top = (9_999, 100, 10_001, 100)


def recording(messages: Sequence[Message], tops: Sequence[Top] | Top = CALM, session_s: int = 23_400) -> Recording:
    """A recording of these messages, each with the best prices after it."""
    rows = np.array(messages, np.float64).reshape(-1, 6)
    after = [tops] * len(rows) if len(rows) and isinstance(tops[0], int) else tops
    best = np.array(after if len(rows) else [], np.int64).reshape(-1, 4)
    return Recording(
        open_ns=OPEN_S * S,
        close_ns=(OPEN_S + session_s) * S,
        t_ns=OPEN_S * S + np.rint(rows[:, 0] * S).astype(np.int64),
        kind=rows[:, 1].astype(np.int8),
        order_id=rows[:, 2].astype(np.int64),
        side=rows[:, 3].astype(np.int8),
        qty=rows[:, 4].astype(np.int64),
        tick=rows[:, 5].astype(np.int64),
        bid_tick=best[:, 0],
        bid_qty=best[:, 1],
        ask_tick=best[:, 2],
        ask_qty=best[:, 3],
    )


def moving(mids: Sequence[int]) -> Recording:
    """One message a second after the open, whose mid is the next of *mids* (in ticks)."""
    messages: list[Message] = [(second, ADD, 0, 1, 100, mid - 1) for second, mid in enumerate(mids)]
    return recording(messages, [(mid - 1, 100, mid + 1, 100) for mid in mids])


def walk(generator: np.random.Generator, steps: int, std_ticks: float, start: int = 50_000) -> list[int]:
    """A Gaussian random walk in whole ticks."""
    return [start + round(step) for step in np.cumsum(generator.normal(0, std_ticks, steps)).tolist()]


def poisson_day(seed: int, rate: float = 6.66) -> Recording:
    """Messages of a Poisson process, fair signs, independent sizes, and a mid that walks with Gaussian steps."""
    chance = np.random.default_rng(seed)
    n = int(chance.poisson(rate * 23_400))
    since_open = np.sort(chance.uniform(0, 23_400, n))
    mid = 22_000 + np.cumsum(chance.normal(0, 2.0 / math.sqrt(rate), n))
    bid = np.rint(mid - 6).astype(np.int64)
    kind = chance.choice([ADD, DELETE, VISIBLE], n, p=[0.5, 0.44, 0.06]).astype(np.int8)
    return Recording(
        open_ns=OPEN_S * S,
        close_ns=CLOSE_S * S,
        t_ns=OPEN_S * S + np.rint(since_open * S).astype(np.int64),
        kind=kind,
        order_id=np.where(kind == ADD, np.arange(1, n + 1), 0),
        side=chance.choice([-1, 1], n).astype(np.int8),
        qty=chance.geometric(0.01, n),
        tick=bid,
        bid_tick=bid,
        bid_qty=chance.geometric(0.01, n),
        ask_tick=bid + 12,
        ask_qty=chance.geometric(0.01, n),
    )


@dataclass(frozen=True)
class ToyLaboratory:
    """Poisson days, and metaorders whose impact grows with the power *exponent* and decays to *retained* of its peak.

    *noise* is the standard deviation of the mid's log return over a day.
    """

    exponent: float = 1.0
    retained: float = 1.0
    noise: float = 0.0
    scale: float = 0.01
    rate: float = 6.66
    asked: list[tuple[int, int, float, float]] = field(default_factory=list)

    def day(self, seed: int) -> Recording:
        """A day without anybody."""
        return poisson_day(seed, self.rate)

    def metaorder(self, seed: int, side: int, share_of_volume: float, duration_s: float) -> MidPath:
        """The path at its begin, its end, and after three durations if the session is that long."""
        self.asked.append((seed, side, share_of_volume, duration_s))
        steps = 3 if 3 * duration_s <= 23_400 else 1
        times = np.array([0, duration_s, 3 * duration_s][: 3 if steps == 3 else 2])
        shape = np.array([0, 1, self.retained][: len(times)])
        drift = np.random.default_rng((seed, side + 1)).normal(size=len(times) - 1)
        wander = np.concatenate([[0], np.cumsum(drift * self.noise * np.sqrt(np.diff(times) / 23_400))])
        move = side * self.scale * share_of_volume**self.exponent * shape + wander
        begin_ns = OPEN_S * S
        return MidPath(
            side=side,
            share_of_volume=share_of_volume,
            begin_ns=begin_ns,
            end_ns=begin_ns + round(duration_s * S),
            t_ns=begin_ns + np.rint(times * S).astype(np.int64),
            mid_ticks=22_000 * np.exp(move),
        )


@dataclass(frozen=True, kw_only=True)
class ToyMarket:
    """A market document that has a laboratory: Poisson and Gaussian."""

    model: str = key("The model", default="toy")
    rate: float = key("Messages per second", default=6.66)

    def laboratory(self) -> Laboratory:
        """The laboratory."""
        return ToyLaboratory(rate=self.rate)

    @classmethod
    def calibrated(cls) -> ToyMarket:
        """As it is shipped."""
        return cls()


def shipped() -> Realism:
    """The shipped bands, read as strictly as any document."""
    library = Library(Workspace.find(REPOSITORY), [REALISM])
    loaded = library.load(REALISM, REPOSITORY / "gates.d" / "realism.yaml")
    library.raise_problems()
    assert loaded is not None
    return loaded.value


def band(**changes: Any) -> dict[str, Any]:
    """What a band is made from."""
    return {"figure": "return_kurtosis_1s", "from_": 15.0, "to": 100.0, "source": "a book"} | changes
