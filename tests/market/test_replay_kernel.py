"""Tests of the compiled replay: the same source, run as plain Python, gives the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import hashlib
from tests.market.tape_samples import scripted
from tests.market.test_replay_order_book import book_of, desk, market_of
steps = [(n % 5, 1 if n % 3 else -1, 1 + 37 * n % 300, n % 7, 11 * n % 100) for n in range(400)]
orders = [(("limit", "market", "ioc")[n % 3], 1 + 53 * n % 400, n % 11 - 5, n % 17) for n in range(40)]
market = market_of(scripted(3, steps))
levers = market.levers("TEST")
events = desk(market, orders[:20])
market = market_of(scripted(3, steps))
levers = market.levers("TEST")
levers.price_factor, levers.depth_factor, levers.spread_factor, levers.volume_factor = 0.97, 0.4, 1.5, 2.0
events += [market.advance(1_000_000_000 + n * 7_000_000) for n in range(40)]
print(hashlib.blake2b(repr(events).encode()).hexdigest(), book_of(market).book.digest(), len(events))
"""


def test_plain_python_gives_what_the_machine_code_gives() -> None:
    """Events and book, to the last bit, with orders of the desk and with every lever pulled."""
    root = Path(__file__).parents[2]
    said = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=root,
            env={**os.environ, "NUMBA_DISABLE_JIT": off},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for off in ("0", "1")
    ]

    assert said[0] == said[1]
    assert int(said[0].split()[-1]) > 100
