"""The feed delay: quotes come late, in order, all of them, and the check reads their age on arrival."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.records import DeskTick, VenueQuote
from engine.faults.feed_delay import FeedDelay
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Timed, play_fault, play_faults, quiet_log

LATE = FeedDelay(add_ms=200)


@pytest.fixture(scope="module")
def late() -> Outcome:
    """The delay, played once."""
    return play_fault(LATE, 20)


def ages_ms(outcome: Outcome, from_s: float, to_s: float) -> list[float]:
    """The age on arrival of every quote that was sent in (from, to]."""
    return [
        (tick.t_ns - tick.venue_ns) / NS_PER_MS
        for tick in outcome.log.of(DeskTick)
        if from_s * NS_PER_S < tick.venue_ns <= to_s * NS_PER_S
    ]


def tick(sent_s: float, age_ms: float) -> DeskTick:
    """A quote on its arrival."""
    sent_ns = round(sent_s * NS_PER_S)
    return DeskTick(sent_ns + round(age_ms * NS_PER_MS), "SPY", sent_ns)


def test_every_quote_is_late_and_then_none(late: Outcome) -> None:
    """By what was asked, on top of what a quote takes anyway; the book of delays is even again afterwards."""
    assert max(ages_ms(late, 0, T0_S - 0.1)) < 2
    assert min(ages_ms(late, T0_S, T0_S + 20)) >= 200
    assert max(ages_ms(late, T0_S, T0_S + 20)) < 202
    assert max(ages_ms(late, T0_S + 20.3, T0_S + 60)) < 2


def test_nothing_overtakes_and_nothing_is_lost(late: Outcome) -> None:
    """Also when the delay ends: what was sent after it waits for what was sent before."""
    arrived = late.log.of(DeskTick)
    sent = [quote.t_ns for quote in late.log.of(VenueQuote)]

    assert [tick.venue_ns for tick in arrived] == sent[: len(arrived)]
    assert len(sent) - len(arrived) <= 2  # on its way when the run ended
    assert all(one.t_ns <= two.t_ns for one, two in pairwise(arrived))


def test_the_delay_is_taken_back_exactly(late: Outcome) -> None:
    """And it touched nothing but the feed."""
    during = late.at(T0_S + 1)

    assert (during.extra_delay_ns, during.levers, during.connected) == (200_000_000, UNTOUCHED.levers, True)
    assert late.end == UNTOUCHED


def test_an_early_heal_takes_the_delay_back_early() -> None:
    """Before a single delayed quote has arrived."""
    outcome = play_fault(LATE, 0.05)

    assert outcome.at(T0_S).extra_delay_ns == 200_000_000
    assert outcome.at(T0_S + 0.1) == UNTOUCHED


def test_two_delays_add_up_and_leave_apart() -> None:
    """Each takes its own share back, whichever ends first."""
    outcome = play_faults(Timed(FeedDelay(add_ms=200), 60, 80), Timed(FeedDelay(add_ms=3), 70, 90))

    delays = [outcome.at(second).extra_delay_ns for second in (65, 75, 85, 95)]

    assert delays == [200_000_000, 203_000_000, 3_000_000, 0]


def test_a_delay_soon_after_another_is_still_seen() -> None:
    """The first one fills more than half of the minute before the second; what a quote takes is known all the same."""
    outcome = play_faults(Timed(LATE, 30, 75), Timed(LATE, 80, 85))

    assert [effect.held for effect in outcome.effects] == [True, True]


def test_a_delay_lasts_until_it_is_healed() -> None:
    """Its item must say how long; no symbol is spared."""
    assert LATE.own_length_s is None
    assert LATE.symbols() == ()
    assert LATE.no_effect == {"add_ms": 0}


@pytest.mark.parametrize(
    ("before", "during", "seen"),
    [
        ([1, 1, 1], [201, 201, 201], 200),
        ([1, 1, 1], [201, 201, 1], 0),
        ([1, 1, 300], [201, 201, 900], 200),
        ([1], [], math.nan),
        ([], [201], math.nan),
    ],
)
def test_even_the_quick_quotes_must_be_late(before: list[float], during: list[float], seen: float) -> None:
    """One that is not late is one that the fault has missed; without quotes there is nothing to see."""
    records = [tick(second, age) for second, age in enumerate(before, 30)]
    records += [tick(second, age) for second, age in enumerate(during, 61)]

    effect = LATE.effect(quiet_log(records), 60 * NS_PER_S, 80 * NS_PER_S)

    assert effect.value == pytest.approx(seen, nan_ok=True)
    assert effect.held is (seen == 200)
