"""Slices that were sent although nothing traded."""

from __future__ import annotations

import pytest

from engine.domain.records import Sent, VenueState

from .logs import S, Script, chances, measure


def halted(state: str = "halted") -> Script:
    """100 shares of A that have to be given up from 10 s on, in a halt from 20 to 30 s."""
    script = Script().inventory("A", 100, 100).quote(0, 99.99, 100.01).control(10 * S, "flatten")
    return script.add(VenueState(20 * S, "A", state, "news"), VenueState(30 * S, "A", "open", "news"))


def sent(script: Script, t_ns: int, origin: str = "governor", action: str = "new") -> Script:
    """An instruction to sell 10 leaves the desk."""
    return script.intent(t_ns, 1, -1, 10, action=action, origin=origin).add(Sent(t_ns, 1, 0, action, origin))


@pytest.mark.parametrize(("at_s", "wrong"), [(19, 0), (20.5, 0), (21, 1), (29.9, 1), (30, 0)])
def test_a_slice_waits_while_nothing_trades(at_s: float, wrong: float) -> None:
    """From a second after the venue's word, which is on its way for as long, until trading goes on."""
    series = measure("flatten_in_halt", sent(halted(), round(at_s * S)).evidence())

    assert series.value.tolist() == [wrong, 0]


@pytest.mark.parametrize(("origin", "action"), [("strategy", "new"), ("governor", "cancel")])
def test_only_new_orders_of_the_governors_are_looked_at(origin: str, action: str) -> None:
    """Cancels must always pass, and what the strategy wants others judge."""
    series = measure("flatten_in_halt", sent(halted(), 25 * S, origin, action).evidence())

    assert series.value.tolist() == [0]


def test_it_proves_something_only_if_something_had_to_wait() -> None:
    """Nine seconds here; none where nothing was held, nobody called for a flatten, or everything traded."""
    idle = Script().inventory("A", 100, 100).quote(0, 99.99, 100.01)
    stop = VenueState(20 * S, "A", "halted", "news"), VenueState(30 * S, "A", "open", "news")
    sold = halted().fill(15 * S, 1, 1, -1, 100, 100)

    assert chances(measure("flatten_in_halt", halted().evidence())) == [9]
    assert chances(measure("flatten_in_halt", halted("limit_state").evidence())) == [0]
    assert chances(measure("flatten_in_halt", idle.add(*stop).evidence())) == [0]
    assert chances(measure("flatten_in_halt", sold.evidence())) == [0]


def test_the_first_one_is_named() -> None:
    """With its time, for whoever looks into the log."""
    assert measure("flatten_in_halt", sent(halted(), 25 * S).evidence()).first == "order 1 at t=25.0 s"
