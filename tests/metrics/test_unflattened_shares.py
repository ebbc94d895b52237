"""What is left of positions that had to be given up, and when they had to: the observer says so, not the governor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.domain.records import VenueSession
from engine.gates.gate import Gate
from engine.gates.judge import judge
from engine.gates.judgement import Judgement, Measurement
from engine.gates.verdict import Verdict
from engine.metrics.evidence import Evidence, Facts
from engine.metrics.flatten_calls import flatten_calls
from engine.trading.limits import Bound, FirmLimits, LossBound

from .logs import END, FACTS, S, Script, chances, firm_limits, measure, points

DAILY = firm_limits(FirmLimits(daily_loss_usd=LossBound(soft=300, flatten=500, hard=1_000)))
HARD_ONLY = firm_limits(FirmLimits(daily_loss_usd=LossBound(soft=300, hard=500)))
DRAWDOWN = firm_limits(FirmLimits(drawdown_pct=LossBound(flatten=5)))
SESSION = firm_limits(FirmLimits(session_down_s=Bound(hard=15)))
FLAT = Gate(gate="flat", metric="unflattened_shares", must_be=0)


def held(loss_usd: float = 0) -> Script:
    """100 shares of A at 100 USD, which lose *loss_usd* at 20 s and have it back at 30 s."""
    script, low = Script().inventory("A", 100, 100).quote(0, 99.99, 100.01), 100 - loss_usd / 100
    return script.quote(20 * S, low - 0.01, low + 0.01).quote(30 * S, 99.99, 100.01)


def sold(script: Script, qty: int = 100) -> Script:
    """*qty* shares sold at 40 s."""
    return script.fill(40 * S, 1, 1, -1, qty, 100)


def judged(evidence: Evidence) -> Judgement:
    """The gate that everything is flat, on this evidence."""
    series = measure("unflattened_shares", evidence)
    return judge(FLAT, Measurement(series, evidence.start_ns, evidence.end_ns))


@pytest.mark.parametrize(
    ("script", "facts"),
    [
        (lambda: held(500), DAILY),
        (lambda: held(501), HARD_ONLY),
        (lambda: held(500), DRAWDOWN),
        (lambda: held().control(20 * S, "flatten"), FACTS),
        (lambda: held().control(20 * S, "stop", level=4), FACTS),
        (lambda: held().control(20 * S, "flatten", scope="A"), FACTS),
        (lambda: held().state(20 * S, 4), FACTS),
        (lambda: held().session(20 * S, up=False).session(36 * S, up=True), SESSION),
        (lambda: held().add(VenueSession(20 * S, False, "cut")), SESSION),
    ],
)
def test_who_must_give_up_a_position_and_keeps_it_fails(script: Callable[[], Script], facts: Facts) -> None:
    """A loss at its step, a command, a stop of its own, a session away for too long: flat is right, and 1 share not."""
    kept, left, gone = script(), sold(script(), 99), sold(script())

    assert judged(kept.evidence(facts)).verdict is Verdict.FAIL
    assert (judged(left.evidence(facts)).verdict, judged(left.evidence(facts)).value) == (Verdict.FAIL, 1.0)
    assert judged(gone.evidence(facts)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("script", "facts"),
    [
        (lambda: held(499), DAILY),
        (lambda: held(499), HARD_ONLY),
        (lambda: held(499), DRAWDOWN),
        (lambda: held(5_000), firm_limits(FirmLimits())),
        (lambda: held().control(20 * S, "pause"), FACTS),
        (lambda: held().control(20 * S, "stop", level=3), FACTS),
        (lambda: held().control(20 * S, "flatten", scope="B"), FACTS),
        (lambda: held().state(20 * S, 1), FACTS),
        (lambda: held().state(20 * S, 3), FACTS),
        (lambda: held().session(20 * S, up=False).session(35 * S, up=True), SESSION),
        (lambda: held().session(20 * S, up=False).session(99 * S, up=True), FACTS),
    ],
)
def test_who_need_not_give_anything_up_has_shown_nothing(script: Callable[[], Script], facts: Facts) -> None:
    """Neither a position that stands nor one that is gone is a failure, or a pass."""
    for each in (script(), sold(script())):
        assert judged(each.evidence(facts)).verdict is Verdict.NO_EVIDENCE


def test_a_governor_that_never_stops_takes_no_opportunity_away() -> None:
    """The loss is the observer's: whatever the governor says, or does not say, the position had to go."""
    silent, denies_it = held(500), held(500).state(20 * S, 1).state(25 * S, 0)

    for script in (silent, denies_it):
        assert judged(script.evidence(DAILY)).verdict is Verdict.FAIL


def test_that_nothing_called_is_said_with_how_near_it_came() -> None:
    """A reader sees at once that the crash was too small for the limits."""
    facts = replace(
        DAILY, limits=replace(DAILY.limits, firm=replace(DAILY.limits.firm, drawdown_pct=LossBound(hard=8)))
    )
    said = judged(held(400).evidence(facts)).reason

    assert said == (
        "flat: nothing called for giving a position up (the loss of the day came to 400 of 500 USD, "
        "the drawdown came to 4 of 8 %), so nothing had to be flat"
    )


def test_without_a_limit_on_losses_that_is_said_without_figures() -> None:
    """There is nothing to compare with."""
    said = judged(held().evidence(firm_limits(FirmLimits()))).reason

    assert said == "flat: nothing called for giving a position up, so nothing had to be flat"


def test_only_what_the_call_covers_has_to_be_flat() -> None:
    """A flatten of A says nothing of B; one of the firm covers both, long and short."""
    script = Script().inventory("A", 7, 100).inventory("B", -5, 10)

    assert points(measure("unflattened_shares", script.control(20 * S, "flatten", scope="A").evidence())) == [(END, 7)]
    assert points(measure("unflattened_shares", script.control(20 * S, "flatten").evidence())) == [(END, 12)]


def test_giving_up_what_was_not_there_is_no_evidence() -> None:
    """Sold before the call: a flat desk that is told to flatten shows nothing."""
    script = sold(held()).control(50 * S, "flatten")

    assert chances(measure("unflattened_shares", script.evidence())) == [0]
    assert judged(script.evidence()).verdict is Verdict.NO_EVIDENCE


def test_a_position_that_is_built_after_the_call_is_left() -> None:
    """Flat when it was told so, and not at the end."""
    script = sold(held()).control(50 * S, "flatten").fill(60 * S, 2, 2, 1, 3, 100)

    assert judged(script.evidence()).verdict is Verdict.FAIL


def test_a_call_after_the_judged_window_does_not_count() -> None:
    """What happens later is judged later."""
    script = held().control(50 * S, "flatten")

    assert flatten_calls(script.evidence(end_ns=50 * S - 1)) == []
    assert [call.t_ns for call in flatten_calls(script.evidence(end_ns=50 * S))] == [50 * S]


def test_a_desk_that_lost_everything_had_to_stop() -> None:
    """A peak of nothing has nothing left to lose in percent, which is beyond every drawdown."""
    broke = replace(DRAWDOWN, capital_micros=0)

    assert judged(held().evidence(broke)).verdict is Verdict.FAIL
