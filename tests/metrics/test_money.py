"""Equity, drawdown, loss over limit, position and PnL delta: hand-computed values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.domain.records import DeskBust, DeskFill, VenueBust, VenueState
from engine.trading.limits import Bound, FirmLimits, LossBound

from .logs import END, FACTS, MS, USD, S, Script, chances, firm_limits, measure, points


def test_equity_is_capital_plus_profit_less_fees() -> None:
    """Ten shares at 100 bought at 101 with a fee of 2, then the mid at 103: 10,000 + 30 + 10·2 - 2."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(2 * S, 102, 104)
    script.fill(1 * S, 1, 7, 1, 10, 101, fee=2)

    actual = points(measure("equity_usd", script.evidence()))

    assert actual == [(0, 10_000.0), (0, 10_000.0), (1 * S, 9_988.0), (2 * S, 10_048.0), (END, 10_048.0)]


def test_equity_of_two_symbols_is_their_sum() -> None:
    """A rises by 1 on 10 shares, B falls by 2 on 5 short: both add up."""
    script = Script().inventory("A", 10, 100).inventory("B", -5, 10)
    script.quote(0, 99, 101).quote(0, 9, 11, "B").quote(S, 100, 102).quote(2 * S, 7, 9, "B")

    actual = measure("equity_usd", script.evidence()).value.tolist()[-3:]

    assert actual == [10_010.0, 10_020.0, 10_020.0]


def test_equity_keeps_the_last_two_sided_mid() -> None:
    """A one-sided quote does not move the mark."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(S, 0, 91).quote(S + 1, 89, 91)

    actual = points(measure("equity_usd", script.evidence()))

    assert actual[2:] == [(S + 1, 9_900.0), (END, 9_900.0)]


def test_equity_before_the_first_quote_stands_at_the_reference_price() -> None:
    """Inventory without a quote is worth what it was opened at, and says that it is no evidence."""
    series = measure("equity_usd", Script().inventory("A", 10, 100).evidence())

    assert points(series) == [(0, 10_000.0), (END, 10_000.0)]
    assert "A had no two-sided quote for 100 % of the time" in series.note


@pytest.mark.parametrize(("one_sided_ms", "noted"), [(1_000, False), (1_001, True)])
def test_more_than_one_percent_without_a_mark_is_noted(one_sided_ms: int, noted: bool) -> None:
    """1 s of 100 s one-sided is allowed, a millisecond more is not."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(10 * S, 0, 101)
    script.quote(10 * S + one_sided_ms * MS, 99, 101)

    for name in ("equity_usd", "drawdown_pct", "loss_over_limit_pct", "position_delta_usd", "pnl_delta_usd"):
        assert bool(measure(name, script.evidence()).note) is noted, name


def test_a_symbol_that_is_not_held_needs_no_mark() -> None:
    """B is one-sided all day and nobody holds it."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(0, 0, 11, "B")

    assert measure("equity_usd", script.evidence()).note == ""


def test_drawdown_is_from_the_running_maximum() -> None:
    """From 10,200 down to 9,690 is 5 %."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(S, 119, 121).quote(2 * S, 68, 70)

    actual = points(measure("drawdown_pct", script.evidence()))

    assert actual == [(0, 0.0), (S, 0.0), (2 * S, pytest.approx(5.0)), (END, pytest.approx(5.0))]


def test_the_peak_is_never_rebased() -> None:
    """After a fall and a half recovery the drawdown is still counted from the first peak."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(S, 49, 51).quote(2 * S, 74, 76)
    script.quote(3 * S, 49, 51)

    actual = measure("drawdown_pct", script.evidence()).value.tolist()

    assert actual == [0.0, 5.0, 2.5, 5.0, 5.0]


def test_what_happened_before_warmup_ended_is_no_peak() -> None:
    """A peak at 1 s is forgotten when warm-up ends at 2 s; equity at that instant opens the series."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(S, 199, 201).quote(S + 1, 99, 101)
    script.quote(3 * S, 89, 91)

    actual = points(measure("drawdown_pct", script.evidence(replace(FACTS, warmup_ns=2 * S))))

    assert actual == [(2 * S, 0.0), (3 * S, 1.0), (END, 1.0)]


def test_drawdown_from_nothing_is_infinite() -> None:
    """A peak at or below zero has no percent."""
    facts = replace(FACTS, capital_micros=0)
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(S, 98, 100)

    assert measure("drawdown_pct", script.evidence(facts)).value.tolist() == [np.inf, np.inf, np.inf]


def test_at_stake_counts_the_losing_side_when_the_shock_starts() -> None:
    """100 shares of A at 100 lose in a fall: 10,000 of a limit of 20,000; the short in B gains and does not count."""
    script = Script().inventory("A", 100, 100).inventory("B", -100, 10).quote(0, 99, 101).quote(0, 9, 11, "B")
    script.fault(10 * S, 20 * S, "price_shock", "crash").quote(15 * S, 84, 86).quote(15 * S, 8, 10, "B")

    assert chances(measure("drawdown_pct", script.evidence())) == [50.0]
    assert measure("drawdown_pct", script.evidence()).opportunities[0].enough


def test_at_stake_is_nothing_on_the_winning_side() -> None:
    """A short position gains in a fall."""
    script = Script().inventory("A", -100, 100).quote(0, 99, 101).quote(15 * S, 84, 86)
    script.fault(10 * S, 20 * S, "price_shock", "crash")

    assert chances(measure("drawdown_pct", script.evidence())) == [0.0]


def test_a_short_position_loses_in_a_rise() -> None:
    """The direction is the market's largest move in the shock, not the first one."""
    script = Script().inventory("A", -100, 100).quote(0, 99, 101).quote(11 * S, 97, 99).quote(15 * S, 119, 121)
    script.fault(10 * S, 20 * S, "price_shock", "squeeze")

    assert chances(measure("drawdown_pct", script.evidence())) == [50.0]


def test_without_a_shock_the_most_that_was_held_counts() -> None:
    """100 shares at 100 until 5 s, then 50."""
    script = Script().inventory("A", 100, 100).quote(0, 99, 101).fill(5 * S, 1, 1, -1, 50, 100)

    assert chances(measure("drawdown_pct", script.evidence())) == [50.0]
    assert chances(measure("drawdown_pct", script.evidence(start_ns=6 * S))) == [25.0]


def test_loss_over_limit_is_the_overshoot() -> None:
    """A loss of 1,100 overshoots 1,000 by 10 %; a loss of exactly 1,000 does not."""
    script = Script().inventory("A", 100, 100).quote(0, 99, 101).quote(S, 89, 91).quote(2 * S, 88, 90)

    actual = points(measure("loss_over_limit_pct", script.evidence()))

    assert actual[2:] == [(S, 0.0), (2 * S, 10.0), (END, 10.0)]


def test_loss_over_no_limit_is_no_evidence() -> None:
    """Without a hard daily loss there is nothing to overshoot, and a limit of 0 is overshot by any loss."""
    script = Script().inventory("A", 100, 100).quote(0, 99, 101).quote(S, 98, 100)
    none = measure("loss_over_limit_pct", script.evidence(firm_limits(FirmLimits())))
    zero = measure("loss_over_limit_pct", script.evidence(firm_limits(FirmLimits(daily_loss_usd=LossBound(hard=0)))))

    assert (len(none), bool(none.note)) == (0, True)
    assert zero.value.tolist() == [0.0, 0.0, np.inf, np.inf]


def test_a_fill_on_its_way_is_no_position_delta() -> None:
    """Booked 500 ms after the venue: still settled."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101)
    script.fill(S, 1, 7, 1, 5, 101, booked_ns=S + 499 * MS)

    assert set(measure("position_delta_usd", script.evidence()).value.tolist()) == {0.0}


def test_a_late_fill_is_a_position_delta_from_settle_on() -> None:
    """Five shares at 100 are missing from 1.5 s to 2 s; the mark moves to 110 in between."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).quote(1_700 * MS, 109, 111)
    script.fill(S, 1, 7, 1, 5, 101, booked_ns=2 * S)

    actual = points(measure("position_delta_usd", script.evidence()))

    assert [(t, v) for t, v in actual if v] == [(1_500 * MS, 500.0), (1_700 * MS, 550.0)]


def test_a_lost_fill_stays_a_position_delta_to_the_end() -> None:
    """A fill that the desk never books is there at the end."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101).fill(S, 1, 7, 1, 5, 101)

    assert points(measure("position_delta_usd", script.evidence()))[-1] == (END, 500.0)


def test_position_delta_sums_over_symbols() -> None:
    """What is too much in A does not make up for what is missing in B."""
    script = Script().quote(0, 99, 101).quote(0, 9, 11, "B")
    script.booked(S, 1, 7, 1, 5, 100).fill(S, 2, 8, 1, 50, 10, symbol="B")

    assert points(measure("position_delta_usd", script.evidence()))[-1] == (END, 1_000.0)


def test_a_phantom_fill_in_an_unquoted_symbol_is_marked_at_the_instruments_price() -> None:
    """No mark at the venue is never a value of nothing."""
    script = Script().booked(S, 1, 7, 1, 5, 12, symbol="B")

    assert points(measure("position_delta_usd", script.evidence()))[-1] == (END, 50.0)


def test_equal_books_have_no_pnl_delta() -> None:
    """Checkpoints after each booking, and the end."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101)
    script.fill(S, 1, 7, 1, 5, 101, fee=1, booked_ns=S + MS).fill(3 * S, 2, 8, -1, 5, 99, fee=2, booked_ns=3 * S + MS)

    actual = points(measure("pnl_delta_usd", script.evidence()))

    assert actual == [(S + MS, 0.0), (3 * S + MS, 0.0), (END, 0.0)]


def test_fees_that_differ_are_a_pnl_delta() -> None:
    """The desk thinks that it paid 0.75 less."""
    script = Script().quote(0, 99, 101).fill(S, 1, 7, 1, 5, 101, fee=1).booked(S + MS, 1, 7, 1, 5, 101, fee=0.25)

    assert points(measure("pnl_delta_usd", script.evidence())) == [(S + MS, 0.75), (END, 0.75)]


def test_an_execution_booked_twice_is_a_pnl_delta() -> None:
    """Five shares too many, bought at 101 and marked at 100: five dollars too few."""
    script = Script().quote(0, 99, 101).fill(S, 1, 7, 1, 5, 101, booked_ns=S + MS)
    script.booked(S + 2 * MS, 1, 7, 1, 5, 101)

    actual = points(measure("pnl_delta_usd", script.evidence()))

    assert actual == [(S + MS, 0.0), (S + 2 * MS, 5.0), (END, 5.0)]


def test_pnl_deltas_of_two_symbols_do_not_cancel() -> None:
    """A dollar too much in A and a dollar too little in B are two dollars."""
    script = Script().quote(0, 99, 101).quote(0, 9, 11, "B")
    script.fill(S, 1, 7, 1, 5, 101, fee=1).booked(S, 1, 7, 1, 5, 101, fee=0)
    script.fill(S, 2, 8, 1, 5, 10, fee=1, symbol="B").booked(S, 2, 8, 1, 5, 10, fee=2, symbol="B")

    assert points(measure("pnl_delta_usd", script.evidence()))[-1] == (END, 2.0)


def test_a_ledger_that_opened_with_other_cash_is_a_pnl_delta() -> None:
    """The desk's cash is claimed in its first fill: ten dollars more than capital less cost."""
    script = Script().quote(0, 99, 101).fill(S, 1, 7, 1, 5, 101)
    script.add(DeskFill(S, 1, 7, "A", 1, 5, 101 * USD, 0, 5, (10_010 - 505) * USD, 0))

    assert points(measure("pnl_delta_usd", script.evidence()))[-1] == (END, 10.0)


def test_no_checkpoint_while_something_is_in_flight() -> None:
    """An order on the wire at the booking puts the checkpoint off until it is answered."""
    script = Script().quote(0, 99, 101).intent(S, 8).sent(S, 8)
    script.fill(S, 1, 7, 1, 5, 101, booked_ns=S + MS).accepted(S + 5 * MS, 8, 1, 10, sent_ns=S)

    assert points(measure("pnl_delta_usd", script.evidence())) == [(S + 5 * MS, 0.0), (END, 0.0)]


@pytest.mark.parametrize(("before_end_ns", "expected"), [(500 * MS - 1, []), (500 * MS, [(END, 5.0)])])
def test_only_a_fill_older_than_settle_is_missing_at_the_end(
    before_end_ns: int, expected: list[tuple[int, float]]
) -> None:
    """A fill of the last half second may still be on its way; an older one is lost."""
    script = Script().quote(0, 99, 101).fill(END - before_end_ns, 1, 7, 1, 5, 101)

    assert points(measure("pnl_delta_usd", script.evidence())) == expected


def test_fills_are_counted_inside_the_window() -> None:
    """Three fills, one before the window."""
    script = Script().quote(0, 99, 101)
    for number in (1, 2, 3):
        script.fill(number * S, number, 7, 1, 1, 100, booked_ns=number * S)

    for name in ("pnl_delta_usd", "position_delta_usd"):
        assert chances(measure(name, script.evidence(start_ns=2 * S))) == [2.0]


def test_final_position_is_absolute_over_symbols() -> None:
    """7 long and 5 short are 12 left."""
    script = Script().inventory("A", 7, 100).inventory("B", -5, 10)

    assert points(measure("final_position_shares", script.evidence())) == [(END, 12.0)]


def test_gross_limit_none_makes_nothing_at_stake() -> None:
    """Without a gross limit no share of it can be held."""
    script = Script().inventory("A", 100, 100).quote(0, 99, 101)

    assert chances(measure("drawdown_pct", script.evidence(firm_limits(FirmLimits())))) == [0.0]
    assert chances(
        measure("drawdown_pct", script.evidence(firm_limits(FirmLimits(gross_notional_usd=Bound(hard=10_000)))))
    ) == [100.0]


def halted(script: Script, t_ns: int, state: str) -> Script:
    """A state of A."""
    return script.add(VenueState(t_ns, "A", state, "test"))


def test_a_halt_is_no_time_without_a_mark() -> None:
    """Half the run halted with no quote at all; the equity is that of before, then of after."""
    script = halted(Script().inventory("A", 10, 100).quote(0, 99, 101), 10 * S, "halted").quote(11 * S, 0, 0)
    halted(script, 60 * S, "open").quote(60 * S, 89, 91)
    series = measure("equity_usd", script.evidence())

    assert points(series)[2:] == [(60 * S, 9_900.0), (END, 9_900.0)]
    assert series.note == ""


@pytest.mark.parametrize(("held", "noted"), [(10, True), (0, False)])
def test_a_run_may_not_end_in_a_halt(held: int, noted: bool) -> None:
    """Unless nothing of the symbol is held."""
    script = halted(Script().inventory("A", 10, 100).quote(0, 99, 101), 90 * S, "halted")
    if not held:
        script.fill(80 * S, 1, 1, -1, 10, 100)

    note = measure("equity_usd", script.evidence()).note

    assert ("A did not trade when the run ended" in note) is noted


def busted_at(desk_ns: int | None) -> Script:
    """A purchase that the venue takes back at 50 s, and the desk at *desk_ns*."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101)
    script.fill(S, 1, 7, 1, 10, 105).booked(S + MS, 1, 7, 1, 10, 105)
    script.add(VenueBust(50 * S, 1, 7, "A", 1, 10, 105 * USD, 0, "clearly_erroneous"))
    if desk_ns is not None:
        script.add(DeskBust(desk_ns, 1, 7, "A", 10, 10_000 * USD - 1_000 * USD, 0))
    return script


def test_a_bust_that_both_book_is_no_delta() -> None:
    """Not of the position, not of the profit."""
    evidence = busted_at(50 * S + MS).evidence()

    assert max(value for _, value in points(measure("position_delta_usd", evidence))) == 0
    assert max(value for _, value in points(measure("pnl_delta_usd", evidence))) == 0


def test_a_bust_that_the_desk_never_books_is_a_delta() -> None:
    """Ten shares of position, and the five dollars a share that the purchase had cost too much."""
    evidence = busted_at(None).evidence()

    assert points(measure("position_delta_usd", evidence))[-1][1] == 1_000
    assert points(measure("pnl_delta_usd", evidence))[-1][1] == 50


def test_a_bust_on_its_way_at_the_end_is_no_pnl_delta() -> None:
    """The last checkpoint before it stands."""
    script = Script().inventory("A", 10, 100).quote(0, 99, 101)
    script.fill(S, 1, 7, 1, 10, 105).booked(S + MS, 1, 7, 1, 10, 105)
    script.add(VenueBust(END - 100 * MS, 1, 7, "A", 1, 10, 105 * USD, 0, "clearly_erroneous"))

    assert points(measure("pnl_delta_usd", script.evidence())) == [(S + MS, 0.0)]
