"""Delays in milliseconds: none, or at least one; seconds typed as milliseconds are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.faults.broker_latency import BrokerLatency
from engine.faults.delay import DelayError
from engine.faults.duplicate_fill import DuplicateFill
from engine.faults.fault import Fault
from engine.faults.feed_delay import FeedDelay
from engine.faults.late_ack import LateAck
from engine.faults.late_fill import LateFill
from engine.faults.slow_cancel import SlowCancel
from tests.faults.driver import made

DELAYS: list[Callable[[float], Fault]] = [
    lambda delay_ms: FeedDelay(add_ms=delay_ms),
    lambda delay_ms: BrokerLatency(add_ms=delay_ms),
    lambda delay_ms: LateAck(late_pct=50, add_ms=delay_ms),
    lambda delay_ms: LateFill(late_pct=50, add_ms=delay_ms),
    lambda delay_ms: SlowCancel(add_ms=delay_ms),
    lambda delay_ms: DuplicateFill(duplicate_pct=20, after_ms=delay_ms),
]


@pytest.mark.parametrize("delay", DELAYS)
def test_a_fraction_of_a_millisecond_is_refused_with_the_unit(delay: Callable[[float], Fault]) -> None:
    """0.2 was meant as seconds: then it is 200."""
    with pytest.raises(
        DelayError, match=r"_ms is in milliseconds: at least 1, or 0, was expected, was 0\.2"
    ) as refused:
        delay(0.2)
    assert refused.value.instruction == "if 0.2 seconds were meant, write 200"


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("delay_ms", [0, 1, 60_000])
def test_no_delay_and_a_millisecond_are_taken(delay: Callable[[float], Fault], delay_ms: float) -> None:
    """None is what a parameter at its no_effect_at passes."""
    delay(delay_ms)


@pytest.mark.parametrize("name", ["fill_after_cancel", "reordered_fill"])
def test_nothing_is_held_back_for_less_than_a_millisecond(name: str) -> None:
    """Nor is that a wait."""
    with pytest.raises(ValueError, match=r"0\.4 is less than the minimum of 1"):
        made(name, {"most_ms": 0.4})
