"""The feed freeze: nothing arrives, then what stands now, and the check looks for silence in a market that speaks."""

from __future__ import annotations

import pytest

from engine.base.units import NS_PER_S
from engine.domain.records import DeskTick, VenueQuote, VenueTrade
from engine.faults.feed_freeze import FeedFreeze
from engine.faults.feed_gap import FeedGap
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Timed, play_fault, play_faults, quiet_log

STILL = FeedFreeze()
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), round((T0_S + 20) * NS_PER_S)


@pytest.fixture(scope="module")
def still() -> Outcome:
    """The freeze, played once."""
    return play_fault(STILL, 20)


def test_nothing_arrives_and_nothing_else_is_touched(still: Outcome) -> None:
    """From the first instant to the last, in every symbol."""
    inside = [state for t_ns, state in still.seen.items() if T0_NS < t_ns < HEAL_NS]

    assert not [tick for tick in still.log.of(DeskTick) if T0_NS < tick.t_ns < HEAL_NS]
    assert all(state.frozen and state.levers == UNTOUCHED.levers for state in inside)
    assert still.end == UNTOUCHED


def test_at_the_heal_the_latest_quote_of_each_symbol_arrives(still: Outcome) -> None:
    """What stood in between is lost."""
    sent = still.log.of(VenueQuote)
    latest = {quote.symbol: quote.t_ns for quote in sent if quote.t_ns < HEAL_NS - NS_PER_S // 100}
    refresh = [tick for tick in still.log.of(DeskTick) if tick.t_ns == HEAL_NS]

    assert {tick.symbol: tick.venue_ns for tick in refresh} == latest
    assert len(refresh) == 2


def test_the_volume_that_was_missed_is_in_the_refresh(still: Outcome) -> None:
    """The desk knows at the end what traded at the venue, as if nothing had been lost (but for what is on the wire)."""
    view = still.site.desk.view
    for symbol in ("SPY", "QQQ"):
        arrived = sum(trade.qty for trade in still.log.of(VenueTrade) if trade.symbol == symbol)
        on_the_wire = sum(
            trade.qty
            for trade in still.log.of(VenueTrade)
            if trade.symbol == symbol and trade.t_ns > still.site.world.now_ns - NS_PER_S // 100
        )

        assert arrived - on_the_wire <= view.volume(symbol) <= arrived


def test_a_freeze_in_a_feed_that_loses_messages_heals_with_it() -> None:
    """Two faults at the feed, each with its own lever."""
    outcome = play_faults(Timed(STILL, 60, 80), Timed(FeedGap(loss_pct=50), 70, 90))

    assert [effect.held for effect in outcome.effects] == [True, True]
    assert (outcome.at(75).frozen, outcome.at(75).losses) == (True, 1)
    assert (outcome.at(85).frozen, outcome.at(85).losses) == (False, 1)
    assert outcome.end == UNTOUCHED


def test_a_freeze_lasts_until_it_is_healed() -> None:
    """Its item must say how long; there is no value at which it does nothing."""
    assert STILL.own_length_s is None
    assert STILL.symbols() == ()
    assert STILL.no_effect == {}


def tick(second: float) -> DeskTick:
    """An arrival."""
    return DeskTick(round(second * NS_PER_S), "SPY", 0)


def quote(second: float) -> VenueQuote:
    """A quote at the venue."""
    return VenueQuote(round(second * NS_PER_S), "SPY", 1, 1, 2, 1)


@pytest.mark.parametrize(
    ("records", "silent_s"),
    [
        ([quote(60.5)], 19.5),
        ([quote(60.5), tick(80)], 19.5),
        ([quote(60.5), quote(70), tick(75)], 14.5),
        ([quote(60.5), tick(65), quote(66), quote(79)], 14),
        ([quote(59.9), tick(61), quote(70)], 10),
        ([], 0),
        ([tick(70)], 0),
        ([quote(59), quote(81)], 0),
        ([quote(second) for second in range(61, 80)], 19),
    ],
)
def test_silence_counts_from_the_first_quote_that_was_not_heard(
    records: list[DeskTick | VenueQuote], silent_s: float
) -> None:
    """A market without quotes is not silent, and silence outside the fault is not its own."""
    effect = STILL.effect(quiet_log(records), T0_NS, HEAL_NS)

    assert effect.metric == "feed_silent_s"
    assert effect.value == pytest.approx(silent_s)
    assert effect.held is (silent_s >= 16)
