"""The change of agents: they act by other settings, get their own back, and the check reads who has looked."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.base.units import NS_PER_S
from engine.domain.records import AgentLooked, AgentsChanged, VenueQuote
from engine.faults.agent_change import AgentChange, AgentChangeError
from engine.market.agents.market_maker import MarketMaker
from engine.market.order_book_market import OrderBookMarket
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Timed, play_fault, play_faults, quiet_log

WIDE = AgentChange(agent="makers", set_={"half_spread_ticks": 40})
SMALL = AgentChange(agent="makers", set_={"qty_shares": 1})
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), 80 * NS_PER_S


def settings_of(outcome: Outcome) -> MarketMaker:
    """The makers' settings at the end."""
    model = outcome.site.venue.model
    assert isinstance(model, OrderBookMarket)
    found: MarketMaker = model.seats["makers"].settings
    return found


def changes(outcome: Outcome) -> list[tuple[float, str]]:
    """When, in seconds, and to what the makers' settings changed."""
    return [(each.t_ns / NS_PER_S, each.settings) for each in outcome.log.of(AgentsChanged)]


@pytest.fixture(scope="module")
def wide() -> Outcome:
    """Twenty seconds of makers who quote twenty times as wide."""
    return play_fault(WIDE, 20, market="agents_market")


def test_the_settings_change_and_come_back(wide: Outcome) -> None:
    """Recorded as they are asked for, and whole at the end; no lever is touched."""
    assert changes(wide) == [(60, "half_spread_ticks=40"), (80, "")]
    assert settings_of(wide).half_spread_ticks == 2
    assert all(state == UNTOUCHED for state in wide.seen.values())


def test_every_maker_acts_by_it_and_that_is_the_effect(wide: Outcome) -> None:
    """Five makers, who look twice a second."""
    assert (wide.effect.metric, wide.effect.value, wide.effect.held) == ("agents_acting_on_it_pct", 100, True)


def mean_spread_ticks(outcome: Outcome, start_s: float, end_s: float) -> float:
    """The mean spread of SPY over time, in ticks."""
    quotes = [each for each in outcome.log.of(VenueQuote) if each.symbol == "SPY"]
    stood = [
        ((quote.ask_micros - quote.bid_micros) / 10_000, later.t_ns - quote.t_ns)
        for quote, later in pairwise(quotes)
        if start_s * NS_PER_S <= quote.t_ns < end_s * NS_PER_S and quote.bid_micros and quote.ask_micros
    ]
    return sum(spread * ns for spread, ns in stood) / sum(ns for _, ns in stood)


def test_it_is_seen_in_the_market(wide: Outcome) -> None:
    """The spread is wider without the makers at the touch than with them before."""
    assert mean_spread_ticks(wide, 62, 80) > 1.2 * mean_spread_ticks(wide, 42, 60)


def test_two_changes_of_different_keys_stand_beside_each_other() -> None:
    """Whichever ends first leaves the other alone."""
    outcome = play_faults(Timed(WIDE, 60, 90), Timed(SMALL, 70, 80), market="agents_market")

    assert changes(outcome) == [
        (60, "half_spread_ticks=40"),
        (70, "half_spread_ticks=40, qty_shares=1"),
        (80, "half_spread_ticks=40"),
        (90, ""),
    ]
    assert [effect.held for effect in outcome.effects] == [True, True]
    assert settings_of(outcome) == MarketMaker(id="makers", symbol="SPY", count=5, wake_s=0.5)


def test_one_change_follows_another_at_once() -> None:
    """The second begins in the instant in which the first is healed."""
    outcome = play_faults(Timed(WIDE, 60, 70), Timed(WIDE, 70, 80), market="agents_market")

    assert changes(outcome) == [(60, "half_spread_ticks=40"), (70, ""), (70, "half_spread_ticks=40"), (80, "")]
    assert [effect.held for effect in outcome.effects] == [True, True]


def test_two_changes_that_need_each_other_end_in_one_instant() -> None:
    """Between the two ends the settings would contradict each other; nobody looks then."""
    more = AgentChange(agent="makers", set_={"inventory_shares": 9_000})
    large = AgentChange(agent="makers", set_={"qty_shares": 5_000})
    outcome = play_faults(Timed(more, 60, 80), Timed(large, 61, 80), market="agents_market")

    assert settings_of(outcome).qty_shares == 100
    assert [effect.held for effect in outcome.effects] == [True, True]


def test_agents_that_are_done_prove_nothing() -> None:
    """A program that has sold everything does not look any more: nobody acts by the change."""
    outcome = play_fault(AgentChange(agent="program", set_={"participation_pct": 9}), 20, market="agents_market")

    assert changes(outcome) == [(60, "participation_pct=9"), (80, "")]
    assert (outcome.effect.value, outcome.effect.held) == (0, False)


def test_agents_that_the_market_does_not_have_stop_the_run() -> None:
    """The loader refuses them; whoever gets past it is told."""
    with pytest.raises(LookupError, match="were 'nobody'"):
        play_fault(AgentChange(agent="nobody", set_={"widen": 2}), 20, market="agents_market")


def test_a_change_changes_something() -> None:
    """An empty one is refused when it is loaded."""
    with pytest.raises(AgentChangeError, match="a setting of 'makers' to change was expected, was none"):
        AgentChange(agent="makers", set_={})


def test_it_lasts_until_it_is_healed_and_touches_its_settings() -> None:
    """So that two of its kind may play at a time."""
    assert WIDE.own_length_s is None
    assert (WIDE.symbols(), WIDE.touches()) == ((), ("makers.half_spread_ticks",))


@pytest.mark.parametrize(
    ("looks", "value"),
    [
        ([(61, 0), (62, 1), (79, 2), (79, 3)], 100),
        ([(61, 0), (62, 1), (79, 2)], 75),
        ([(61, 0), (61, 0), (61, 0), (61, 0)], 25),
        ([(59, 0), (60.5, 1), (80, 2), (81, 3)], 25),
        ([], 0),
    ],
)
def test_each_agent_counts_once_while_the_change_lasts(looks: list[tuple[float, int]], value: float) -> None:
    """Looks before, after, and again count nothing; four fifths are needed."""
    looked = [AgentLooked(round(t_s * NS_PER_S), "makers", number) for t_s, number in looks]
    changed = AgentsChanged(T0_NS, "makers", "half_spread_ticks=40, widen=3", 4)
    log = quiet_log(sorted([changed, *looked], key=lambda record: record.t_ns))
    effect = WIDE.effect(log, T0_NS, HEAL_NS)

    assert (effect.value, effect.needed, effect.held) == (value, 80, value >= 80)


@pytest.mark.parametrize(
    "change",
    [
        AgentsChanged(T0_NS, "makers", "half_spread_ticks=4", 1),
        AgentsChanged(T0_NS, "others", "half_spread_ticks=40", 1),
        AgentsChanged(T0_NS - 1, "makers", "half_spread_ticks=40", 1),
        AgentsChanged(HEAL_NS, "makers", "half_spread_ticks=40", 1),
    ],
)
def test_another_change_is_not_this_one(change: AgentsChanged) -> None:
    """Another value, other agents, another time."""
    looks = [AgentLooked(T0_NS + 1, agent, 0) for agent in ("makers", "others")]
    log = quiet_log(sorted([change, *looks], key=lambda record: record.t_ns))

    assert WIDE.effect(log, T0_NS, HEAL_NS).value == 0
    assert WIDE.effect(quiet_log([]), T0_NS, HEAL_NS).held is False
