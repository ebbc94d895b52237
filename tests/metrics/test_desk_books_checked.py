"""What the desk's own checks say, how many orders were taken, and executions that were told out of their order."""

from __future__ import annotations

from engine.domain.records import BooksChecked

from .logs import END, MS, S, Script, measure, points


def test_broken_invariants_are_counted_at_each_check() -> None:
    """The last check tells all that ever broke; a check of empty books proves nothing."""
    script = Script().add(BooksChecked(S, 0, 0, ""), BooksChecked(2 * S, 10, 2, "I1: ..."))
    series = measure("ledger_invariants_broken", script.evidence())

    assert points(series) == [(S, 0.0), (2 * S, 2.0)]
    assert [one.count for one in series.opportunities] == [1]


def test_orders_that_the_venue_took_are_counted_and_those_it_made_smaller_are_not() -> None:
    """A new order, a replace of it, and a restatement in its own place."""
    script = Script().quote(0, 99, 101).accepted(S, 1, 1, 10, 100).accepted(2 * S, 2, 1, 10, 100, target=1)
    script.accepted(3 * S, 2, 1, 5, 100, target=2)

    assert points(measure("orders_taken", script.evidence())) == [(S, 1.0), (2 * S, 2.0)]


def disorder(first_booked_ns: int) -> Script:
    """Five bought and three sold at the venue; the desk hears of the sale first."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101)
    script.fill(S, 1, 7, 1, 5, 101).fill(S + 10 * MS, 2, 8, -1, 3, 100)
    script.booked(S + 20 * MS, 2, 8, -1, 3, 100).booked(first_booked_ns, 1, 7, 1, 5, 101)
    return script


def test_executions_told_out_of_their_order_are_no_position_delta() -> None:
    """Seven shares were never the venue's position, but every execution was booked within 500 ms."""
    script = disorder(S + 400 * MS)

    assert set(measure("position_delta_usd", script.evidence()).value.tolist()) == {0.0}


def test_an_execution_told_too_late_is_one_also_when_others_were_told_in_time() -> None:
    """From 500 ms after it was made until it is booked: five shares at 100."""
    script = disorder(3 * S)
    red = [(t_ns, usd) for t_ns, usd in points(measure("position_delta_usd", script.evidence())) if usd]

    assert (red[0], {usd for _, usd in red}) == ((S + 500 * MS, 500.0), {500.0})
    assert points(measure("position_delta_usd", script.evidence()))[-1] == (END, 0.0)
