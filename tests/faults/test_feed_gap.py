"""The feed gap: a share of the messages is lost, by chance of its own, and the check counts what never arrived."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_S
from engine.domain.records import DeskTick, VenueQuote
from engine.faults.feed_gap import FeedGap
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, play_fault, quiet_log

GAP = FeedGap(loss_pct=20)
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), round((T0_S + 20) * NS_PER_S)


@pytest.fixture(scope="module")
def gap() -> Outcome:
    """The gap, played once."""
    return play_fault(GAP, 20)


def lost(outcome: Outcome) -> list[int]:
    """When each quote was sent that never arrived."""
    arrived = {(tick.symbol, tick.venue_ns) for tick in outcome.log.of(DeskTick)}
    last_ns = outcome.site.world.now_ns - NS_PER_S // 100  # what is on the wire at the end is not lost
    return [
        quote.t_ns
        for quote in outcome.log.of(VenueQuote)
        if (quote.symbol, quote.t_ns) not in arrived and quote.t_ns < last_ns
    ]


def test_quotes_are_lost_only_during_the_fault(gap: Outcome) -> None:
    """Before and after it every quote arrives; levers and line stay as they are."""
    gone = lost(gap)

    assert len(gone) > 30
    assert T0_NS <= min(gone) < max(gone) <= HEAL_NS
    assert gap.at(T0_S + 10).losses == 1
    assert gap.end == UNTOUCHED


def test_chance_comes_from_the_seed(gap: Outcome) -> None:
    """Another seed loses other quotes, the same seed the same."""
    again, other = play_fault(GAP, 20), play_fault(GAP, 20, seed=43)

    assert lost(again) == lost(gap) != lost(other)


@pytest.mark.parametrize("seed", range(6))
def test_the_gap_bites_whatever_the_seed(seed: int) -> None:
    """The share is kept in every twenty messages, so the check does not fail by bad luck."""
    assert play_fault(FeedGap(loss_pct=10), 20, seed=seed).effect.held


def test_a_gap_lasts_until_it_is_healed() -> None:
    """Its item must say how long; losing nothing does nothing."""
    assert GAP.own_length_s is None
    assert GAP.symbols() == ()
    assert GAP.no_effect == {"loss_pct": 0}


def sent(*seconds: float) -> list[VenueQuote]:
    """Quotes at the venue."""
    return [VenueQuote(round(second * NS_PER_S), "SPY", 1, 1, 2, 1) for second in seconds]


def heard(second: float, *sent_s: float) -> list[DeskTick]:
    """Arrivals, at *second*, of quotes sent then and then."""
    return [DeskTick(round(second * NS_PER_S), "SPY", round(each * NS_PER_S)) for each in sent_s]


@pytest.mark.parametrize(
    ("records", "lost_pct"),
    [
        (sent(61, 62, 63, 64) + heard(65, 61, 62, 63), 25),
        (sent(61, 62, 63, 64) + heard(500, 61, 62, 63, 64), 0),
        (sent(61, 61) + heard(65, 61), 50),
        (sent(61) + heard(65, 62), 100),
        (sent(59, 81), math.nan),
        ([], math.nan),
    ],
)
def test_a_quote_that_comes_late_is_not_lost(records: list[VenueQuote | DeskTick], lost_pct: float) -> None:
    """Only quotes of the fault's time count; two of one instant are two."""
    ordered = sorted(records, key=lambda record: record.t_ns)
    effect = GAP.effect(quiet_log(ordered), T0_NS, HEAL_NS)

    assert effect.value == pytest.approx(lost_pct, nan_ok=True)
    assert effect.held is (lost_pct >= 16)
