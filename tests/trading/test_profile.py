"""Tests of the Profile document."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from engine.trading.profile import ServiceTime, StageTimes

SHIPPED = Path(__file__).parents[2] / "scenarios.d" / "profiles" / "default.yaml"


def test_a_growing_service_time_is_taken() -> None:
    """Equal points are allowed: a fixed time is a distribution too."""
    service = ServiceTime(p50_us=10, p99_us=10, p999_us=10, max_us=10)

    assert service.max_us == 10


@pytest.mark.parametrize(
    ("p50", "p99", "p999", "longest"),
    [(10, 9, 20, 30), (10, 20, 19, 30), (10, 20, 30, 29), (0, 1, 2, 3), (-1, 1, 2, 3), (float("nan"), 1, 2, 3)],
)
def test_a_service_time_that_does_not_grow_is_refused(p50: float, p99: float, p999: float, longest: float) -> None:
    """Points out of order, zero, negative or NaN are refused, and the message says what was expected."""
    with pytest.raises(ValueError, match=r"were expected, were .*; put them in order"):
        ServiceTime(p50_us=p50, p99_us=p99, p999_us=p999, max_us=longest)


def test_the_refusal_names_the_four_figures() -> None:
    """Whoever wrote the document finds the figures in it."""
    with pytest.raises(ValueError, match=r"were 10, 9, 20, 30;"):
        ServiceTime(p50_us=10, p99_us=9, p999_us=20, max_us=30)


def test_the_shipped_profile_names_every_stage_and_says_that_it_is_modelled() -> None:
    """The shipped file has one block per stage, and no figure passes for a measured one."""
    text = SHIPPED.read_text()
    blocks = [line.split(":")[0].strip() for line in text.splitlines() if line.startswith("  ") and line[2] != " "]

    assert blocks == [field.name for field in fields(StageTimes)]
    assert "MODELLED" in text
    assert "stress calibrate governor" in text
