"""Up-crossings of hard limits by the venue observer."""

from __future__ import annotations

from engine.metrics.series import Series
from engine.trading.limits import FirmLimits

from .logs import END, FACTS, S, Script, chances, firm_limits, measure, points


def breaches(script: Script) -> list[int]:
    """When the metric counts a breach."""
    return [t for t, value in points(measure("hard_limit_breaches", script.evidence())) if value]


def near(series: Series) -> tuple[float, float]:
    """Denials and the largest share of a limit, in percent."""
    denied, used = chances(series)
    return denied, used


def test_at_the_limit_is_no_breach_and_one_share_above_is() -> None:
    """Position limit 100: 60 held and 40 working is at the limit."""
    script = Script().inventory("A", 60, 100).accepted(S, 1, 1, 40, 1)

    assert breaches(script) == []
    assert breaches(script.accepted(2 * S, 2, 1, 1, 1)) == [2 * S]


def test_an_up_crossing_counts_once_until_it_is_healed() -> None:
    """Above for two orders is one breach; back at the limit and above again is a second."""
    script = Script().inventory("A", 100, 100).accepted(S, 1, 1, 1, 1).accepted(2 * S, 2, 1, 1, 1)
    script.cancelled(3 * S, 1, 1).cancelled(4 * S, 2, 1).accepted(5 * S, 3, 1, 1, 1)

    assert breaches(script) == [S, 5 * S]


def test_an_inventory_beyond_the_limit_is_a_breach() -> None:
    """Whoever caused it."""
    assert breaches(Script().inventory("A", 101, 100)) == [0]


def test_sent_and_unanswered_orders_count() -> None:
    """41 shares on the wire over 60 held; answered by a reject they are gone, and sent again they breach again."""
    script = Script().inventory("A", 60, 100)
    for order_id in (1, 2):
        script.intent(order_id * S, order_id, qty=41).sent(order_id * S, order_id)
        script.rejected(order_id * S + 5, order_id)

    assert breaches(script) == [S, 2 * S]


def test_what_never_arrived_stops_counting_when_the_desk_learns_it() -> None:
    """The venue never heard of order 1; the desk is told so at 2 s, and 41 more at 3 s are then alone."""
    script = Script().inventory("A", 60, 100).intent(S, 1, qty=40).sent(S, 1)
    script.desk_order(2 * S, 1, "unknown").desk_order(3 * S, 1, "rejected").intent(4 * S, 2, qty=40).sent(4 * S, 2)

    assert breaches(script) == []


def test_an_acceptance_does_not_count_twice() -> None:
    """From the wire into the book is one order, not two."""
    script = Script().inventory("A", 60, 100).intent(S, 1, qty=40).sent(S, 1).accepted(S + 5, 1, 1, 40, 1)

    assert breaches(script) == []


def test_a_replace_on_the_wire_adds_only_what_it_asks_for_more() -> None:
    """Replacing 40 by 40 stays at the limit, by 41 does not."""
    script = Script().inventory("A", 60, 100).intent(S, 1, qty=40).sent(S, 1).accepted(S, 1, 1, 40, 1)
    script.intent(2 * S, 2, qty=40, action="replace", target=1).sent(2 * S, 2, "replace", 1)
    script.cancelled(2 * S + 5, 1, 40, "replaced").accepted(2 * S + 5, 2, 1, 40, 1, target=1)

    assert breaches(script) == []

    script.intent(3 * S, 3, qty=41, action="replace", target=2).sent(3 * S, 3, "replace", 2)

    assert breaches(script) == [3 * S]


def test_the_gross_limit_is_held_at_the_mark() -> None:
    """100 shares at 200 are the limit of 20,000; at 201 the price alone breaches it, and falls back, and again."""
    script = Script().inventory("A", 100, 100).quote(0, 199, 201).quote(S, 200, 202).quote(2 * S, 199, 201)
    script.quote(3 * S, 0, 201).quote(4 * S, 200, 202)

    assert breaches(script) == [S, 4 * S]


def test_the_gross_limit_adds_symbols_and_working_orders() -> None:
    """100 A at 150 and 100 B at 10 are 16,000, 40 more A at 150 would be 22,000."""
    script = Script().inventory("A", 100, 150).inventory("B", 100, 10).quote(0, 149, 151).quote(0, 9, 11, "B")
    assert breaches(script) == []

    script.accepted(S, 1, -1, 240, 1)  # 140 short at the worst

    assert breaches(script) == [S, S, S]  # position, gross, and the order's own size of 50


def test_size_and_value_of_one_order() -> None:
    """50 shares and 4,000 USD are allowed; 51 are too many, 50 at 80.01 too dear, a market order by the touch."""
    script = Script().accepted(S, 1, -1, 50, 80).cancelled(S, 1)
    assert breaches(script) == []

    script.accepted(2 * S, 2, -1, 51, 78).cancelled(2 * S, 2)
    script.accepted(3 * S, 3, -1, 50, 80.01).cancelled(3 * S, 3)
    script.accepted(4 * S, 4, -1, 50, 0, touch=80.01)

    assert breaches(script) == [2 * S, 3 * S, 4 * S]


def test_opportunities_are_denials_by_a_limit_and_exposure_near_it() -> None:
    """A deny by hold is none; 80 of 100 shares is 80 %, and only inside the window."""
    script = Script().quote(0, 9, 11).fill(S, 1, 1, 1, 80, 10)
    script.decided(S, 1, intent_ns=S, approved=False, reason="held")
    script.decided(S, 2, intent_ns=S, approved=False, reason="governor_failed")
    script.decided(S, 3, intent_ns=S, approved=False, reason="position", limit=100).decided(S, 4, intent_ns=S)
    series = measure("hard_limit_breaches", script.evidence())

    assert near(series) == (1, 80.0)
    assert all(one.enough for one in series.opportunities)
    assert near(measure("hard_limit_breaches", script.evidence(end_ns=S - 1))) == (0, 0.0)
    assert near(measure("hard_limit_breaches", script.evidence(start_ns=2 * S))) == (0, 80.0)


def test_nothing_happened_is_a_zero_without_opportunity() -> None:
    """An empty log gives a zero that proves nothing."""
    series = measure("hard_limit_breaches", Script().evidence())

    assert points(series) == [(END, 0.0)]
    assert not any(one.enough for one in series.opportunities)


def test_a_missing_limit_or_intent_is_said() -> None:
    """What could be breached unseen is no evidence."""
    script = Script().inventory("C", 1, 100)
    no_intent = measure("hard_limit_breaches", Script().sent(S, 9).evidence())
    no_gross = measure("hard_limit_breaches", Script().evidence(firm_limits(FirmLimits())))

    assert measure("hard_limit_breaches", script.evidence(FACTS)).note.endswith("position_shares of C")
    assert "order 9 was sent without an intent" in no_intent.note
    assert no_gross.note.endswith("gross_notional_usd of the firm")


def test_a_breach_made_before_the_window_counts_while_it_stands() -> None:
    """Over the limit in warm-up and ever since: a desk that sits above its limit has breached it."""
    script = Script().quote(0, 99, 101).accepted(S, 1, 1, 40).fill(S, 1, 1, 1, 40, 100).accepted(2 * S, 2, 1, 45)
    script.fill(2 * S, 2, 2, 1, 45, 100).accepted(3 * S, 3, 1, 16).fill(3 * S, 3, 3, 1, 16, 100)
    series = measure("hard_limit_breaches", script.evidence(start_ns=10 * S))
    inside = series.value[series.t_ns >= 10 * S]

    assert inside.sum() == 1
