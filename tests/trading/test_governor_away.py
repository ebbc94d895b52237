"""A governor that does not answer: the desk closes, cancels pass, and nothing that happened meanwhile is lost."""

from __future__ import annotations

import pytest

from engine.base.units import NS_PER_S
from engine.domain.governance import APPROVED
from engine.domain.orders import CancelOrder, NewOrder, OrderKind, Side
from engine.domain.records import Decided, DeskClosed, GovernorState, Intent
from engine.faults.governor_hang import GovernorHang
from engine.faults.governor_kill import GovernorKill
from engine.faults.governor_pause import GovernorPause
from engine.faults.operator_control import OperatorControl
from engine.faults.redis_outage import RedisOutage
from engine.kernel.world import World
from engine.trading.governor_away import GOVERNOR_AWAY, KILL_SWITCH_UNREADABLE, Door
from tests.faults.driver import UNTOUCHED, Outcome, Timed, play_faults

ORDER = NewOrder(1, "SPY", Side.BUY, 10, OrderKind.LIMIT, 540_000_000)
STOP = OperatorControl(verb="stop", level="L2", by="risk.one")


def denied_between(outcome: Outcome, start_s: float, end_s: float) -> set[str]:
    """Why new orders that raise the risk were denied in a stretch of time; "" for one that was approved."""
    new = {one.order_id for one in outcome.log.of(Intent) if one.action == "new" and one.origin == "strategy"}
    return {
        one.reason
        for one in outcome.log.of(Decided)
        if one.increasing and one.order_id in new and start_s * NS_PER_S < one.t_ns < end_s * NS_PER_S
    }


def test_a_closed_door_lets_cancels_pass_and_nothing_else() -> None:
    """Getting rid of risk must always be possible."""
    door = Door(World(1))
    door.close(GOVERNOR_AWAY)

    assert door.answer(CancelOrder(2, 1, "SPY")) == APPROVED
    assert (door.answer(ORDER).approved, door.answer(ORDER).reason) == (False, GOVERNOR_AWAY)


def test_a_door_opens_with_the_last_reason() -> None:
    """Each reason closes it by itself, and is written down once."""
    world = World(1)
    door = Door(world)
    door.close(GOVERNOR_AWAY)
    door.close(GOVERNOR_AWAY)
    door.close(KILL_SWITCH_UNREADABLE)
    door.open(GOVERNOR_AWAY)
    door.open(KILL_SWITCH_UNREADABLE)

    after_two = door.closed
    door.open(GOVERNOR_AWAY)

    assert (after_two, door.closed) == (True, False)
    said = [(one.reason, one.closed) for one in world.log.of(DeskClosed)]
    assert said == [
        (GOVERNOR_AWAY, True),
        (KILL_SWITCH_UNREADABLE, True),
        (KILL_SWITCH_UNREADABLE, False),
        (GOVERNOR_AWAY, False),
    ]


def test_a_door_that_is_open_cannot_be_opened() -> None:
    """Whoever opens must have closed."""
    with pytest.raises(ValueError, match="a desk closed for governor_away was expected"):
        Door(World(1)).open(GOVERNOR_AWAY)


@pytest.mark.parametrize("fault", [GovernorPause(), GovernorHang()], ids=lambda fault: type(fault).__name__)
def test_the_desk_denies_everything_while_its_governor_is_away(fault: GovernorPause | GovernorHang) -> None:
    """Before and after it orders pass again."""
    outcome = play_faults(Timed(fault, 60, 75))

    assert denied_between(outcome, 60.06, 75) == {GOVERNOR_AWAY}
    assert GOVERNOR_AWAY not in denied_between(outcome, 75.1, 130)
    assert "" in denied_between(outcome, 75.1, 130)
    assert outcome.end == UNTOUCHED


def test_a_stop_survives_that_its_governor_is_killed() -> None:
    """The new one is built as in the morning, and stands where the saved state says."""
    outcome = play_faults(Timed(STOP, 60, 62), Timed(GovernorKill(restart_after_s=3), 65, 65.1))

    assert denied_between(outcome, 68.1, 130) == {"stopped"}


def test_a_stop_that_is_commanded_while_the_governor_stands_still_is_obeyed_when_it_goes_on() -> None:
    """A command is never lost, only late."""
    outcome = play_faults(Timed(GovernorPause(), 60, 70), Timed(STOP, 65, 72))

    assert [one.t_ns / NS_PER_S for one in outcome.log.of(GovernorState) if one.level > 1] == [70.0]
    assert "" not in denied_between(outcome, 70.1, 130)


def test_a_governor_that_is_killed_while_the_kill_switch_cannot_be_read_leaves_the_desk_closed() -> None:
    """Each reason by itself: the restart does not open what the outage closed."""
    outcome = play_faults(Timed(RedisOutage(), 60, 80), Timed(GovernorKill(restart_after_s=3), 65, 65.1))

    assert "" not in denied_between(outcome, 60.1, 80)
    assert "" in denied_between(outcome, 80.1, 130)
    assert outcome.end == UNTOUCHED


def test_orders_that_wait_for_a_short_pause_are_decided_when_it_is_over() -> None:
    """Shorter than the desk's patience: nobody closes, and the governor itself answers."""
    outcome = play_faults(Timed(GovernorPause(), 60, 60.04))

    assert outcome.log.of(DeskClosed) == []
    assert outcome.end == UNTOUCHED
