"""The flow kernel is one source with two lives: compiled, and as plain Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from engine.base.units import NS_PER_S
from engine.domain.ports import Levers
from engine.market.flow_document import FlowDocument
from tests.market.flow_samples import flow

REPOSITORY = Path(__file__).parents[2]


def short_run() -> tuple[str, float, int]:
    """Half a minute of the shipped flow with what somebody known does to it: the book, the price, the messages."""
    each = flow(FlowDocument(), seed=11)
    each.run(10 * NS_PER_S)
    each.book.submit(10 * NS_PER_S, 1, 1, 1, 300, None, rests=False)
    each.learn(10 * NS_PER_S, 1, 300)
    each.run(12 * NS_PER_S)
    each.pull(Levers(depth_factor=0.5, refill_factor=0.7), 12 * NS_PER_S)
    each.band(each.book.top()[0] - 40, each.book.top()[2] + 40, 12 * NS_PER_S)
    each.run(30 * NS_PER_S)
    trades = each.book.drain()
    return each.book.digest(), each.reference_tick, len(trades)


def test_compiled_and_plain_python_give_the_same_run_to_the_last_bit() -> None:
    """Without the compiler the same functions run as they stand: slowly, and with the same result."""
    code = "import json; from tests.market.test_flow_kernel import short_run; print(json.dumps(short_run()))"
    plain = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    digest, reference_tick, trades = json.loads(plain.stdout)
    assert short_run() == (digest, reference_tick, trades)
    assert trades > 3
