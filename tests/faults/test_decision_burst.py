"""The decision burst: an open-loop load by an even rate or a real day's arrivals, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.domain.records import Decided, Intent, VenueAccepted, VenueCancelled
from engine.faults.broker_disconnect import BrokerDisconnect
from engine.faults.decision_burst import BurstError, DecisionBurst
from engine.faults.feed_freeze import FeedFreeze
from engine.runs.documents import ARRIVALS, KINDS
from engine.trading.arrivals import Arrivals
from engine.trading.order_path import NO_TICK
from tests.faults.driver import REPOSITORY, T0_S, UNTOUCHED, Outcome, Timed, play_fault, play_faults, quiet_log

BURST = DecisionBurst(symbol="SPY", decisions_per_s=200)
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), round((T0_S + 20) * NS_PER_S)


def shipped(name: str) -> Arrivals:
    """A shipped arrivals document."""
    library = Library(Workspace.find(REPOSITORY), KINDS)
    loaded = library.load(ARRIVALS, REPOSITORY / f"scenarios.d/profiles/{name}.yaml")
    library.raise_problems()
    assert loaded is not None
    return loaded.value


def of_amzn(times: float = 1) -> DecisionBurst:
    """A burst by the arrivals of AMZN, as the run would have loaded it."""
    burst = DecisionBurst(symbol="SPY", arrivals="profiles/lobster_amzn", times=times)
    return replace(burst, arrivals_document=shipped("lobster_amzn"))


@pytest.fixture(scope="module")
def burst() -> Outcome:
    """The burst, played once."""
    return play_fault(BURST, 20)


def asked(outcome: Outcome) -> list[Intent]:
    """Every instruction of the burst's."""
    return [one for one in outcome.log.of(Intent) if one.tick_ns == NO_TICK and one.origin == "strategy"]


def test_every_instruction_comes_at_its_time(burst: Outcome) -> None:
    """Twenty in every 100 ms, whatever the desk is doing; nothing before and only cancels after."""
    per_step = Counter((one.t_ns - T0_NS) // (100 * NS_PER_MS) for one in asked(burst) if one.t_ns < HEAL_NS)

    assert per_step == dict.fromkeys(range(200), 20)
    assert all(one.t_ns >= T0_NS for one in asked(burst))
    assert {one.action for one in asked(burst) if one.t_ns >= HEAL_NS} <= {"cancel"}


def test_the_times_do_not_depend_on_the_desk(burst: Outcome) -> None:
    """A desk that hears nothing and may send nothing is asked at the very same instants."""
    deaf = play_faults(Timed(BURST, 60, 80), Timed(FeedFreeze(), 55, 90), Timed(BrokerDisconnect(), 61, 79))

    due, due_deaf = ([one.t_ns for one in asked(each) if one.t_ns < HEAL_NS] for each in (burst, deaf))

    assert due_deaf == due
    assert deaf.effects[0].held


def test_controls_fire_under_the_load(burst: Outcome) -> None:
    """What is too large is denied as such, and the small ones are not; nothing too large reaches the venue."""
    intents = {one.order_id: one for one in asked(burst)}
    reasons = Counter(
        one.reason for one in burst.log.of(Decided) if one.order_id in intents and intents[one.order_id].qty > 1
    )

    assert reasons["order_qty"] > 100
    assert max(order.qty for order in burst.log.of(VenueAccepted)) < 1_000


def test_nothing_rests_after_the_heal(burst: Outcome) -> None:
    """Everything of the burst's that the venue took was cancelled (none was filled: the market stayed away)."""
    own = {one.order_id for one in asked(burst)}
    taken = {order.order_id for order in burst.log.of(VenueAccepted) if order.order_id in own}

    assert len(taken) > 100
    assert taken == {order.order_id for order in burst.log.of(VenueCancelled) if order.order_id in own}
    assert burst.end == UNTOUCHED


def test_a_session_that_drops_at_the_heal_leaves_nothing_either() -> None:
    """What could not be cancelled then is cancelled when the line is back."""
    outcome = play_faults(Timed(BURST, 60, 80), Timed(BrokerDisconnect(), 79.95, 95))
    own = {one.order_id for one in asked(outcome)}

    assert not [order for order in outcome.site.desk.orders.live() if order.order_id in own]
    assert outcome.end == UNTOUCHED


def test_the_arrivals_of_a_day_come_as_unevenly_as_then() -> None:
    """580 in the minute of AMZN's busiest second, 328 of them in 100 ms; twice as many for the twice-the-peak rule."""
    for times in (1, 2):
        outcome = play_fault(of_amzn(times), 60)
        due = [one.t_ns - T0_NS for one in asked(outcome) if one.t_ns < T0_NS + 60 * NS_PER_S]
        per_step = Counter(t_ns // (100 * NS_PER_MS) for t_ns in due)

        assert outcome.effect.held
        assert len(due) == pytest.approx(580 * times, abs=1)
        assert max(per_step.values()) == pytest.approx(328 * times, abs=1)


def test_arrivals_that_were_not_loaded_cannot_be_played() -> None:
    """The name alone says nothing."""
    with pytest.raises(BurstError, match="the loaded document 'profiles/lobster_amzn' was expected, was nothing"):
        _ = DecisionBurst(symbol="SPY", arrivals="profiles/lobster_amzn").schedule


def test_the_rate_is_said_once() -> None:
    """Neither or both is refused, and so is a mix of more than everything."""
    with pytest.raises(BurstError, match="one of decisions_per_s and arrivals was expected, was neither"):
        DecisionBurst(symbol="SPY")
    with pytest.raises(BurstError, match="was both"):
        DecisionBurst(symbol="SPY", decisions_per_s=1, arrivals="profiles/lobster_amzn")
    with pytest.raises(BurstError, match="at most 100 together were expected, were 60 and 41"):
        DecisionBurst(symbol="SPY", decisions_per_s=1, cancel_pct=60, too_large_pct=41)


def test_a_burst_lasts_until_it_is_healed() -> None:
    """Its item must say how long; no rate, or no times, does nothing."""
    assert BURST.own_length_s is None
    assert BURST.symbols() == ("SPY",)
    assert BURST.no_effect == {"decisions_per_s": 0, "times": 0}


def intent(second: float, tick_ns: int = NO_TICK, origin: str = "strategy") -> Intent:
    """Something that wants a decision."""
    return Intent(round(second * NS_PER_S), 1, 0, "new", "SPY", 1, 1, 1, "day", origin, tick_ns, 1, True, 0)


@pytest.mark.parametrize(
    ("intents", "due_per_s"),
    [
        ([intent(60 + n / 200) for n in range(4000)], 200),
        ([intent(60 + n / 200) for n in range(3200)], 160),
        ([intent(60 + n / 200) for n in range(3199)], 159.95),
        ([intent(60 + n / 200, tick_ns=7) for n in range(4000)], 0),
        ([intent(60 + n / 200, origin="governor") for n in range(4000)], 0),
        ([intent(50), intent(80), intent(90)], 0),
    ],
)
def test_only_what_no_tick_caused_counts(intents: list[Intent], due_per_s: float) -> None:
    """The strategy's own orders are not the burst's, nor are the governor's; four fifths are needed."""
    effect = BURST.effect(quiet_log(intents), T0_NS, HEAL_NS)

    assert effect.value == pytest.approx(due_per_s)
    assert effect.held is (due_per_s >= 160)
