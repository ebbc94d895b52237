"""Quotes that stood within a stretch: the last before it, and those in it, of one symbol."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.records import VenueQuote
from engine.faults.spread_widening import median_spread
from engine.faults.standing import standing
from engine.kernel.event_log import EventLog


def log_of(quotes: list[tuple[int, str, int]]) -> EventLog:
    """A log of quotes (time, symbol, spread in micro-dollars)."""
    log = EventLog()
    for t_ns, symbol, spread in sorted(quotes, key=lambda quote: quote[0]):
        log.append(VenueQuote(t_ns, symbol, 100, 1, 100 + spread, 1))
    return log


QUOTES = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(("A", "B")), st.integers(1, 5)), max_size=20)


def test_the_quote_that_stands_at_the_start_is_among_them() -> None:
    """It was given before; of another symbol it would say nothing."""
    log = log_of([(1, "A", 1), (2, "A", 2), (3, "B", 3), (5, "A", 4), (9, "A", 5)])

    assert [quote.t_ns for quote in standing(log, "A", 4, 8)] == [2, 5]
    assert [quote.t_ns for quote in standing(log, "B", 0, 2)] == []
    assert standing(EventLog(), "A", 0, 10) == []


@given(QUOTES, st.integers(0, 20), st.integers(0, 20))
def test_what_is_left_out_never_stood(quotes: list[tuple[int, str, int]], start_ns: int, end_ns: int) -> None:
    """A figure by time is the same over them as over every quote of the symbol."""
    log = log_of(quotes)
    everything = [quote for quote in log.of(VenueQuote) if quote.symbol == "A"]

    few, all_of_them = (
        median_spread(standing(log, "A", start_ns, end_ns), start_ns, end_ns),
        median_spread(everything, start_ns, end_ns),
    )
    assert str(few) == str(all_of_them)
