"""Tests of the tape's time and the run's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.model_document import MarketError
from engine.market.replay_clock import ReplayClock, day_text, moment_ns, time_of_day_ns

from .samples import S

STAMPS = st.integers(0, 10**18)


def clock(open_ns: int = 100 * S, to_ns: int | None = None, speed: float = 1.0) -> ReplayClock:
    """A window that begins 100 s after the tape's zero."""
    return ReplayClock(open_ns, to_ns, speed, "clock.start")


def test_times_are_divided_by_the_speed() -> None:
    """Ten times faster is a tenth of the time; before the start it is negative."""
    assert clock(speed=10).run_ns(200 * S) == 10 * S
    assert clock(speed=0.5).run_ns(200 * S) == 200 * S
    assert clock(speed=10).run_ns(90 * S) == -S


@given(STAMPS, STAMPS, st.sampled_from([1.0, 0.3, 7.0, 1e6]))
def test_scaling_keeps_the_order(one: int, other: int, speed: float) -> None:
    """What was earlier is never later; at the tape's own speed to the nanosecond."""
    scaled = clock(speed=speed)

    assert (scaled.run_ns(one) <= scaled.run_ns(other)) or one > other
    assert clock().run_ns(one) == one - 100 * S


def test_a_window_ends_before_its_last_instant() -> None:
    """``to_time`` is the first instant that is not played."""
    assert [clock(to_ns=200 * S).is_over(t) for t in (199 * S, 200 * S)] == [False, True]
    assert not clock().is_over(10**18)


@pytest.mark.parametrize(
    ("first_s", "last_s", "words"),
    [
        (160.5, 900, "the tape x begins 60.500 s after clock.start (row 1)"),
        (0, 99, "the tape x ends before clock.start, by 1.000 s (row 9)"),
        (0, 439, "the tape x ends 61.000 s before to_time (row 9)"),
    ],
)
def test_a_window_outside_the_tape_is_refused(first_s: float, last_s: int, words: str) -> None:
    """Later than a minute after its beginning, before it, or over its end."""
    window = clock(to_ns=500 * S)

    def check() -> None:
        window.check_begin("x", round(first_s * S), 1)
        window.check_end("x", last_s * S, 9)

    with pytest.raises(MarketError) as caught:
        check()

    assert caught.value.reason == words


def test_a_minute_at_either_end_is_allowed() -> None:
    """A tape begins with the first message, not at the open; longer bars need a whole bar."""
    window = clock(to_ns=500 * S)

    window.check_begin("x", 160 * S, 1)
    window.check_end("x", 440 * S, 9)
    window.check_begin("x", 400 * S, 1, slack_ns=300 * S)


def test_times_of_day_and_moments_are_read() -> None:
    """To the second; moments are UTC."""
    assert time_of_day_ns("09:30:01", "from_time") == 34_201 * S
    assert moment_ns("2020-03-18T17:04:00", "from_time") == 1_584_551_040 * S
    assert moment_ns("1969-12-31T23:59:59", "from_time") == -S
    assert day_text(1_584_551_040 * S) == "2020-03-18"


@pytest.mark.parametrize("text", ["24:00:00", "9:30:00", "09:60:00", "2020-03-18T17:04:00", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    """A tape of messages knows its day by its name."""
    with pytest.raises(MarketError, match="to_time: a time of day was expected, was"):
        time_of_day_ns(text, "to_time")


@pytest.mark.parametrize("text", ["2020-02-30T00:00:00", "10:30:00", "2020-03-18", "2020-03-18T25:00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    """A tape of bars goes over days."""
    with pytest.raises(MarketError, match="from_time: a day and time in UTC was expected, was"):
        moment_ns(text, "from_time")
