"""What excuses a hold: something that an observer can see, from shortly before it to the decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.domain.records import DeskSession, DeskTick
from engine.metrics.causes import Causes
from engine.metrics.holds import Hold
from engine.trading.limits import LossBound

from .logs import FULL, MS, S, Script

HOLD = Hold("firm", 1, False, 20 * S, 20 * S)
LOSS = replace(
    FULL, limits=replace(FULL.limits, firm=replace(FULL.limits.firm, daily_loss_usd=LossBound(soft=100, hard=1_000)))
)


def fresh(script: Script) -> Script:
    """A quote every half second, until the end, so that none is too old."""
    for half in range(200):
        script.add(DeskTick(half * 500 * MS, "A", half * 500 * MS))
    return script


def lost(usd: float) -> Script:
    """A position of 100 shares that loses *usd* at 19.5 s."""
    script = fresh(Script().inventory("A", 100, 100)).quote(0, 99.99, 100.01)
    price = 100 - usd / 100
    return script.quote(19 * S + 500 * MS, price - 0.01, price + 0.01)


@pytest.mark.parametrize(
    ("script", "excused"),
    [
        (lambda: fresh(Script()), False),
        (lambda: fresh(Script()).control(20 * S, "pause"), True),
        (lambda: fresh(Script()).control(18 * S, "pause"), False),
        (lambda: fresh(Script()).add(DeskSession(15 * S, up=False), DeskSession(25 * S, up=True)), True),
        (lambda: fresh(Script()).add(DeskSession(15 * S, up=False), DeskSession(18 * S, up=True)), False),
        (lambda: fresh(Script()).desk_order(10 * S, 7, "unknown"), True),
        (lambda: fresh(Script()).desk_order(10 * S, 7, "unknown").desk_order(11 * S, 7, "filled"), False),
        (lambda: Script().add(DeskTick(0, "A", 0)), True),
        (lambda: lost(89), False),
        (lambda: lost(91), True),
    ],
)
def test_a_hold_needs_a_cause_that_can_be_seen(script: Callable[[], Script], excused: bool) -> None:
    """A command, a session down, an unknown order, an old quote, a loss from 90 % of its first step on."""
    assert (Causes(script().evidence(LOSS)).excused_from_ns(HOLD) <= 21 * S) is excused


def test_a_cause_that_comes_later_excuses_from_then_on() -> None:
    """A hold that came too early was over-blocking until its cause was there."""
    causes = Causes(fresh(Script()).control(30 * S, "pause").evidence(LOSS))

    assert causes.excused_from_ns(HOLD) == 30 * S
