"""Slices that would have taken any price: judged by what they asked for, not by what they got."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .logs import FACTS, MS, S, Script, chances, measure


def quoted() -> Script:
    """A at 100.00 / 100.02 from 10 s on, and at 90.00 / 90.02 from 20 s on; the desk hears of each 5 ms later."""
    script = Script().inventory("A", 100, 100)
    for t_ns, bid in ((10 * S, 100.00), (20 * S, 90.00)):
        script.quote(t_ns, bid, bid + 0.02).tick(t_ns + 5 * MS, t_ns)
    return script


def slices(script: Script) -> list[float]:
    """What the metric says of each order, without the 0 at the end of the window."""
    found: list[float] = measure("flatten_over_collar", script.evidence()).value.tolist()
    return found[:-1]


@pytest.mark.parametrize(
    ("side", "limit", "beyond"),
    [(-1, 99.00, 0), (-1, 98.99, 1), (-1, 0.01, 1), (-1, 0, 1), (1, 101.02, 0), (1, 101.05, 1), (1, 0, 1)],
)
def test_a_slice_may_go_as_far_through_the_touch_as_the_collar_says(side: int, limit: float, beyond: float) -> None:
    """One percent of the bid or the ask; at the collar is within, and no price at all is beyond."""
    script = quoted().accepted(11 * S, 1, side, 10, limit, origin="governor")

    assert slices(script) == [beyond]


def test_a_slice_may_be_priced_by_a_quote_that_was_the_newest_a_moment_ago() -> None:
    """The market has moved to 90 while the slice was made for 100; and from 100 to 90 nobody is held to the future."""
    late = quoted().accepted(20 * S + 6 * MS, 1, -1, 10, 99.00, origin="governor")
    early = quoted().accepted(20 * S + 4 * MS, 1, -1, 10, 89.10, origin="governor")

    assert slices(late) == [0]
    assert slices(early) == [1]


def test_a_slice_that_no_price_was_known_for_is_beyond() -> None:
    """Before the first quote has reached the desk there is nothing to hold a price against."""
    assert slices(quoted().accepted(10 * S + 1 * MS, 1, -1, 10, 99.50, origin="governor")) == [1]


def test_orders_of_the_strategy_are_not_looked_at() -> None:
    """They have a collar of their own; without a slice nothing is proven."""
    series = measure("flatten_over_collar", quoted().accepted(11 * S, 1, -1, 10, 0.01).evidence())

    assert series.value.tolist() == [0]
    assert chances(series) == [0]


def test_the_first_one_is_named() -> None:
    """With its price and the touch; the collar is that of the limits document."""
    script = quoted().accepted(11 * S, 1, -1, 10, 99.00, origin="governor")
    tighter = replace(FACTS, limits=replace(FACTS.limits, flatten=replace(FACTS.limits.flatten, collar_pct=0.5)))

    assert measure("flatten_over_collar", script.evidence()).first == ""
    assert measure("flatten_over_collar", script.evidence(tighter)).first == (
        "order 1 at 99.00 USD where the touch was 100.00 USD"
    )
