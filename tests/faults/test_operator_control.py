"""An operator's command: it goes by the control message, stays after its item, and is seen from outside."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_S
from engine.domain.governance import Level
from engine.domain.records import ControlGiven, GovernorState, Record, VenueAccepted, VenueCancelled
from engine.faults.fault import effects_of
from engine.faults.operator_control import OperatorControl, working_orders
from engine.metrics.folds import observer
from tests.faults.driver import T0_S, Outcome, Timed, play_fault, play_faults, quiet_log

STOP = OperatorControl(verb="stop", by="ann", reason="drill")
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), round((T0_S + 5) * NS_PER_S)


def levels(outcome: Outcome, scope: str = "firm") -> list[int]:
    """What the governor said of a scope."""
    return [state.level for state in outcome.log.of(GovernorState) if state.scope == scope]


def given(outcome: Outcome) -> list[tuple[str, str, int, str]]:
    """Every command that reached the desk."""
    return [(one.verb, one.scope, one.level, one.by) for one in outcome.log.of(ControlGiven)]


def test_a_stop_reaches_the_governor_with_its_person_and_reason_and_stays() -> None:
    """The item is over after five seconds, the stop is not; the venue takes nothing that raises exposure any more."""
    outcome = play_fault(STOP, 5)
    (record,) = outcome.log.of(ControlGiven)
    later = [one for one in observer(outcome.log).acceptances if one.record.sent_ns > T0_NS and one.increases]

    assert (record.t_ns, record.verb, record.level, record.by, record.reason) == (T0_NS, "stop", 3, "ann", "drill")
    assert record.message_id == f"stop-firm-{T0_NS}-1"
    assert levels(outcome) == [Level.L2]
    assert later == []


def test_a_stop_by_two_people_is_rearmed_and_by_one_it_is_not() -> None:
    """The second person speaks a second after the first; one who speaks twice is one."""
    two = OperatorControl(verb="resume", by="ann", second_by="bob")
    same = OperatorControl(verb="resume", by="ann", second_by="Ann")
    rearmed = play_faults(Timed(STOP, 60, 65), Timed(two, 70, 75))
    still = play_faults(Timed(STOP, 60, 65), Timed(same, 70, 75))

    assert (levels(rearmed), [effect.held for effect in rearmed.effects]) == ([3, 0], [True, True])
    assert (levels(still), [effect.held for effect in still.effects]) == ([3], [True, False])
    assert given(rearmed)[1:] == [("resume", "firm", 0, "ann"), ("resume", "firm", 0, "bob")]


def test_a_pause_is_resumed_by_one() -> None:
    """A hold takes nobody else."""
    outcome = play_faults(Timed(OperatorControl(verb="pause"), 60, 62), Timed(OperatorControl(verb="resume"), 70, 72))

    assert (levels(outcome), [effect.held for effect in outcome.effects]) == ([1, 0], [True, True])


def test_a_command_for_one_symbol_names_it() -> None:
    """So that the loader can look for it; the firm, the venue and a strategy are none."""
    scopes = ("SPY", "firm", "venue", "strategy:main")

    assert [OperatorControl(verb="pause", scope=scope).symbols() for scope in scopes] == [("SPY",), (), (), ()]
    assert STOP.own_length_s is None


def said(level: int, second: float, scope: str = "firm") -> GovernorState:
    """The governor speaks."""
    return GovernorState(round(second * NS_PER_S), scope, level, "", 0)


@pytest.mark.parametrize(
    ("records", "value"),
    [
        ([], 0),
        ([said(3, 60)], 3),
        ([said(4, 59)], 4),  # it stood higher already
        ([said(3, 64.9)], 3),
        ([said(3, 65.1)], 0),
        ([said(2, 61), said(3, 62), said(0, 63)], 3),
        ([said(3, 61, scope="SPY")], 0),
    ],
)
def test_a_stop_that_is_not_seen_has_not_bitten(records: list[GovernorState], value: int) -> None:
    """In its scope, while its item lasts, at its level or higher."""
    effect = STOP.effect(quiet_log(records), T0_NS, HEAL_NS)

    assert (effect.value, effect.needed, effect.held) == (value, 3, value >= 3)


@pytest.mark.parametrize(
    ("records", "value", "held"),
    [
        ([said(3, 50), said(0, 61)], 3, True),
        ([said(3, 50), said(1, 61)], 2, False),
        ([said(3, 50)], 0, False),
        ([], math.nan, False),
        ([said(0, 50)], math.nan, False),
    ],
)
def test_a_resume_of_what_runs_shows_nothing(records: list[GovernorState], value: float, held: bool) -> None:
    """Only what was held or stopped can be let go."""
    effect = OperatorControl(verb="resume").effect(quiet_log(records), T0_NS, HEAL_NS)

    assert effect.value == pytest.approx(value, nan_ok=True)
    assert effect.held is held


def works(second: float, order_id: int, symbol: str = "SPY") -> VenueAccepted:
    """The venue takes an order that rests."""
    return VenueAccepted(round(second * NS_PER_S), order_id, 0, symbol, 1, 9, 1, "day", "strategy", 0, 0, 0)


def gone(second: float, order_id: int) -> VenueCancelled:
    """The venue takes an order out."""
    return VenueCancelled(round(second * NS_PER_S), order_id, "SPY", 9, "requested")


def test_a_stop_that_leaves_orders_working_has_not_bitten() -> None:
    """Four work when it is commanded: two are gone in time, one too late, one never; what came later does not count."""
    records: list[Record] = [works(50, number) for number in (1, 2, 3, 4)]
    records += [said(3, 60), gone(61, 1), gone(62, 2), works(63, 5), gone(66, 3)]
    level, orders = effects_of(STOP, quiet_log(records), T0_NS, HEAL_NS)

    assert level.held
    assert (orders.metric, orders.value, orders.held) == ("orders_gone_pct", 50.0, False)
    assert len(working_orders(quiet_log(records), (), T0_NS)) == 4
    assert working_orders(quiet_log(records), ("QQQ",), T0_NS) == {}


def test_where_nothing_works_or_nothing_is_cancelled_there_is_only_the_level() -> None:
    """A stop of L1 leaves working orders alone."""
    l1 = OperatorControl(verb="stop", level="L1")

    assert len(effects_of(STOP, quiet_log([said(3, 60)]), T0_NS, HEAL_NS)) == 1
    assert len(effects_of(l1, quiet_log([works(50, 1), said(2, 60)]), T0_NS, HEAL_NS)) == 1
