"""The trading of others: a Poisson process in activity time, with geometric sizes and fair signs."""

from __future__ import annotations

from numpy.random import Generator

from engine.domain.orders import Side

BLOCK = 4096
"""Trades drawn at a time; part of the definition of the stream, never a tuning knob."""
MAX_TRADES_PER_STEP = 10_000
"""What one step may print of one symbol, whatever the levers say."""


class TradeFlow:
    """Trades of one symbol, drawn in blocks; the wait for the next one is kept from step to step."""

    def __init__(self, generator: Generator, mean_shares: float) -> None:
        self._generator = generator
        self._mean_shares = mean_shares
        self._draws: list[tuple[float, int, bool]] = []
        self._next = BLOCK
        self._wait, self._qty, self._buys = self._draw()

    def step(self, expected: float) -> list[tuple[Side, int]]:
        """The aggressor and size of each trade in a step in which *expected* trades are expected."""
        trades: list[tuple[Side, int]] = []
        self._wait -= expected
        while self._wait <= 0 and len(trades) < MAX_TRADES_PER_STEP:
            trades.append((Side.BUY if self._buys else Side.SELL, self._qty))
            gap, self._qty, self._buys = self._draw()
            self._wait += gap
        return trades

    def _draw(self) -> tuple[float, int, bool]:
        if self._next == BLOCK:
            gaps = self._generator.exponential(size=BLOCK).tolist()
            sizes = self._generator.geometric(1 / self._mean_shares, size=BLOCK).tolist()
            buys = (self._generator.random(BLOCK) < 0.5).tolist()
            self._draws = list(zip(gaps, sizes, buys, strict=True))
            self._next = 0
        drawn = self._draws[self._next]
        self._next += 1
        return drawn
