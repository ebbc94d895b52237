"""Events that a scenario may demand."""

from __future__ import annotations

import pytest

from engine.domain.records import SoftLimit, VenueBust, VenueState
from engine.metrics.happenings import HAPPENINGS

from .logs import S, Script


def story() -> Script:
    """Held, released, disconnected, stopped, flattened."""
    script = Script().inventory("A", 20, 100).state(S, 1).state(2 * S, 0).state(3 * S, 0)
    script.session(4 * S, up=False).desk_order(4 * S, 9, "unknown").session(5 * S, up=True).rejected(5 * S, 9)
    script.intent(6 * S, 1).decided(6 * S, 1, intent_ns=6 * S, approved=False, reason="position", limit=100)
    script.intent(7 * S, 2).decided(7 * S, 2, intent_ns=7 * S, approved=False, reason="daily_loss", limit=500)
    script.intent(8 * S, 3).decided(8 * S, 3, intent_ns=8 * S, approved=False, reason="held")
    script.failed(8 * S).state(9 * S, 4)
    script.accepted(10 * S, 4, -1, 10, origin="governor").fill(10 * S, 1, 4, -1, 10, 100)
    script.accepted(11 * S, 5, -1, 10, origin="governor").fill(11 * S, 2, 5, -1, 10, 100)
    states = ((12, "limit_state"), (13, "paused"), (14, "open"), (15, "halted"), (16, "closed"), (17, "open"))
    script.add(*(VenueState(t * S, "A", state, "test") for t, state in states))
    script.add(VenueBust(18 * S, 9, 9, "A", 1, 1, 1, 0, "clearly_erroneous"))
    return script.add(SoftLimit(19 * S, 10, "A", "order_qty", 11, 10, "instrument"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("governor_held", [1]),
        ("governor_released", [2]),
        ("governor_stopped", [9]),
        ("governor_failed", [8]),
        ("position_flattened", [11]),
        ("broker_disconnected", [4]),
        ("broker_reconnected", [5]),
        ("order_unknown", [4]),
        ("order_rejected", [5]),
        ("limit_denied", [6, 7]),
        ("hard_limit_denied", [6]),
        ("soft_limit_passed", [19]),
        ("limit_state_entered", [12]),
        ("market_paused", [13, 15]),
        ("market_reopened", [14]),
        ("breaker_tripped", [15]),
        ("trade_busted", [18]),
    ],
)
def test_each_event_is_found_when_it_happened_and_never_in_an_empty_log(name: str, expected: list[int]) -> None:
    """Times in seconds; the soft step of a loss is a limit, and no hard one."""
    assert HAPPENINGS[name].times(story().evidence()) == [t * S for t in expected]
    assert HAPPENINGS[name].times(Script().evidence()) == []
    assert HAPPENINGS[name].doc


def test_every_event_has_its_case() -> None:
    """A new event needs a line in the table above."""
    assert len(HAPPENINGS) == 17


def test_a_position_that_comes_back_was_not_flattened() -> None:
    """It was 0 after the flatten, and is not at the end."""
    script = story().accepted(12 * S, 6, 1, 1).fill(12 * S, 3, 6, 1, 1, 100)

    assert HAPPENINGS["position_flattened"].times(script.evidence()) == []


def test_the_last_shares_may_be_sold_by_the_strategy() -> None:
    """Its own reducing orders pass during a flatten; what counts is that the governor was giving the position up."""
    script = Script().inventory("A", 20, 100).state(S, 4)
    script.accepted(2 * S, 1, -1, 15, origin="governor").fill(2 * S, 1, 1, -1, 15, 100)
    script.accepted(3 * S, 2, -1, 5).fill(3 * S, 2, 2, -1, 5, 100)

    assert HAPPENINGS["position_flattened"].times(script.evidence()) == [3 * S]


def test_a_strategy_that_sells_out_by_itself_is_no_flatten() -> None:
    """Only the governor's own fills count, and only under a stop."""
    own = Script().inventory("A", 20, 100).state(S, 4).accepted(2 * S, 1, -1, 20).fill(2 * S, 1, 1, -1, 20, 100)
    unstopped = Script().inventory("A", 20, 100).accepted(2 * S, 1, -1, 20, origin="governor")
    unstopped.fill(2 * S, 1, 1, -1, 20, 100)

    for script in (own, unstopped):
        assert HAPPENINGS["position_flattened"].times(script.evidence()) == []
