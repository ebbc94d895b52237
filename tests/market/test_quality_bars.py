"""Tests of what is odd in bars, on small files and on the real sets with their traps."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.market.quality import DataFinding

from .bar_samples import MIN, Ohlcv, checked, rows_of, seconds, sessions, still, weekdays, write_bars
from .real_data import real

DAY = 24 * 60 * MIN
CLOCK = seconds("2022-05-02T00:00")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test writes its bars."""
    return tmp_path / "bars.csv"


def day_and_night(days: int) -> list[int]:
    """Hourly bars around the clock."""
    return [CLOCK + n * 60 * MIN for n in range(24 * days)]


def test_ordinary_bars_have_no_findings(file: Path) -> None:
    """Around the clock, and in sessions with nights and weekends between."""
    assert checked(write_bars(file, still(day_and_night(4)))).totals() == {}
    assert checked(write_bars(file, still(sessions(weekdays("2020-01-06", 12))))).totals() == {}


@pytest.mark.parametrize(
    ("bar", "codes"),
    [
        ((100.0, 100.0, 100.0, 100.0, 5.0), {"flat_bar": 1}),
        ((100.0, 100.0, 100.0, 100.0, 0.0), {"flat_bar": 1, "zero_volume": 1}),
        ((100.0, 101.0, 99.0, 101.5, 5.0), {"bad_bar": 1}),
        ((98.5, 101.0, 99.0, 100.0, 5.0), {"bad_bar": 1}),
        ((100.0, 101.0, 99.0, 100.0, 0.4), {}),
    ],
)
def test_the_shape_of_a_bar_is_judged(
    file: Path, bar: tuple[float, float, float, float, float], codes: dict[str, int]
) -> None:
    """Flat, without volume, or with a range that does not hold open and close; a fraction of a share is volume."""
    rows: list[Ohlcv] = [*still([CLOCK, CLOCK + MIN]), (CLOCK + 2 * MIN, *bar)]

    assert checked(write_bars(file, rows)).totals() == codes


def test_a_time_that_goes_back_or_stands_still_is_found(file: Path) -> None:
    """Each against the latest bar, and the one after them is right again."""
    findings = checked(write_bars(file, still([CLOCK + MIN * n for n in (0, 1, 2, 2, 1, 3)])))

    assert [(each.code, each.row, each.text) for each in findings.found()] == [
        ("duplicate_stamp", 4, "its time 2022-05-02 00:02Z is that of row 3"),
        ("out_of_order", 5, "its time 2022-05-02 00:01Z is before 2022-05-02 00:02Z of row 3"),
    ]


def test_a_gap_inside_a_session_is_found(file: Path) -> None:
    """With how many bars are missing; the night is not one."""
    stamps = sessions(weekdays("2020-01-06", 5))
    findings = checked(write_bars(file, still(stamps[:100] + stamps[102:])))

    assert [(each.code, each.row) for each in findings.found()] == [("gap", 101)]
    assert findings.found()[0].text == "2 bars are missing between 2020-01-07 16:15Z and 2020-01-07 16:30Z"


def test_a_night_is_a_gap_where_trading_goes_around_the_clock(file: Path) -> None:
    """A coin does not close."""
    stamps = day_and_night(4)

    assert rows_of(checked(write_bars(file, still(stamps[:70] + stamps[75:]))), "gap") == [71]


@pytest.mark.parametrize(
    ("left_out", "gaps"), [([10], []), ([9, 10], [10]), ([4, 5], [5])], ids=["holiday", "two days", "round a weekend"]
)
def test_more_than_a_weekend_and_a_holiday_is_a_gap(file: Path, left_out: list[int], gaps: list[int]) -> None:
    """In daily bars, where one weekday may be missing."""
    days = weekdays("2020-01-06", 15)
    kept = [seconds(f"{day}T00:00") for n, day in enumerate(days) if n not in left_out]

    assert rows_of(checked(write_bars(file, still(kept))), "gap") == gaps


def test_a_day_is_a_gap_where_sundays_are_traded(file: Path) -> None:
    """Daily bars of a coin."""
    days = [CLOCK + n * DAY for n in range(20) if n != 12]

    assert rows_of(checked(write_bars(file, still(days))), "gap") == [13]


@pytest.mark.parametrize(("price", "found"), [(505.0, [41]), (495.0, []), (19.8, [41]), (20.5, [])])
def test_a_fivefold_price_across_a_pause_is_another_symbol(file: Path, price: float, found: list[int]) -> None:
    """Up and down; a gap is not needed, a night is enough."""
    days = weekdays("2020-01-06", 50)
    stamps = [seconds(f"{day}T00:00") for day in days]
    rows = still(stamps[:40]) + still(stamps[40:], price)

    assert rows_of(checked(write_bars(file, rows)), "symbol_change") == found


def test_a_crash_without_a_pause_is_the_same_symbol(file: Path) -> None:
    """LUNA lost 81 % in a minute."""
    rows = still([CLOCK, CLOCK + MIN]) + still([CLOCK + 2 * MIN], 5.0)

    assert checked(write_bars(file, rows)).totals() == {}


# ---- sessions


def test_a_late_first_bar_is_a_missing_hour(file: Path) -> None:
    """Against the usual 09:30 New York, also when the clocks there have changed and those in UTC look right."""
    stamps = sessions(weekdays("2020-03-02", 5)) + sessions(["2020-03-09"], "14:30", "19:55")
    findings = checked(write_bars(file, still(stamps)))

    assert [(each.code, each.row) for each in findings.found()] == [("missing_hour", 391)]
    assert findings.found()[0].text == "the session begins at 10:30 New York, 09:30 is usual: 12 bars are missing"


def test_a_half_day_is_short_and_no_gap(file: Path) -> None:
    """At the row of its last bar."""
    stamps = sessions(weekdays("2020-01-06", 3)) + sessions(["2020-01-09"], last="17:55") + sessions(["2020-01-10"])

    assert [(each.code, each.row) for each in checked(write_bars(file, still(stamps))).found()] == [("short_day", 276)]


def test_a_stray_bar_at_an_edge_is_a_gap(file: Path) -> None:
    """Less than half an hour is not part of the day, but it is missing."""
    stamps = sessions(weekdays("2020-01-06", 3)) + sessions(["2020-01-09"], "14:35", "20:50")
    findings = checked(write_bars(file, still(stamps)))

    assert [(each.code, each.row) for each in findings.found()] == [("gap", 235), ("gap", 310)]
    assert findings.found()[0].text.endswith("1 bar is missing")


def test_a_first_session_that_is_short_is_found_later(file: Path) -> None:
    """Once it is known what is usual; and in a file of two sessions at its end."""
    short = sessions(["2020-01-06"], last="17:55")
    many = checked(write_bars(file, still(short + sessions(weekdays("2020-01-07", 4)))))
    few = checked(write_bars(file, still(sessions(["2020-01-03"]) + sessions(["2020-01-06"], last="17:55"))))

    assert rows_of(many, "short_day") == [42]
    assert few.total("short_day") + few.total("gap") == 0, "two sessions that differ: neither is usual"


def test_elsewhere_only_the_length_of_a_session_counts(file: Path) -> None:
    """London keeps its hours while New York's clock moves: no session is late, but one is short."""
    stamps = sessions(weekdays("2020-03-02", 5), "08:00", "16:25") + sessions(
        weekdays("2020-03-09", 4), "08:00", "16:25"
    )
    stamps += sessions(["2020-03-13"], "08:00", "12:25")

    assert checked(write_bars(file, still(stamps))).totals() == {"short_day": 1}


# ---- the real sets


def test_luna_has_an_18_day_gap_and_a_new_coin_behind_it() -> None:
    """And nothing else in 18,400 rows."""
    findings = checked(real("LUNA") / "LUNAUSDT-1m-2022-05.csv.gz")

    assert [(each.code, each.row, each.count) for each in findings.found()] == [
        ("gap", 17_321, 1),
        ("symbol_change", 17_321, 1),
    ]
    assert "26,240 bars are missing between 2022-05-13 00:39Z and 2022-05-31 06:00Z (18.2 days)" in (
        findings.found()[0].text
    )


def test_spy_has_40_missing_hours_5_half_days_and_6_bars_without_volume() -> None:
    """The halt of 2020-03-18 stands at its two rows."""
    findings = checked(real("SPY") / "spy_5min_2019_2020.csv.gz")
    empty = [each for each in findings.found() if each.code == "zero_volume"]

    assert findings.totals() == {"flat_bar": 6, "missing_hour": 40, "short_day": 5, "zero_volume": 6}
    assert [each.row for each in empty] == [1_150, 23_312, 23_313, 37_364, 37_365, 37_366]
    assert empty[1] == DataFinding(
        "zero_volume",
        "spy_5min_2019_2020.csv.gz",
        23_312,
        "nothing was traded in the bar of 2020-03-18 17:04Z",
        seconds("2020-03-18T17:04") * 10**9,
    )
    assert rows_of(findings, "short_day") == [9_691, 17_707, 18_997, 36_973, 38_419]


@pytest.mark.parametrize(
    ("name", "file", "totals"),
    [
        ("S&P", "sp500.csv.gz", {"flat_bar": 3_051, "gap": 7}),
        ("VIX", "vix-daily.csv.gz", {"bad_bar": 47, "flat_bar": 506, "gap": 4}),
    ],
)
def test_the_flat_days_of_the_indices_are_counted(name: str, file: str, totals: dict[str, int]) -> None:
    """Their gaps are closings of two and more weekdays, such as that of September 2001."""
    findings = checked(real(name) / file)

    assert findings.totals() == totals
    assert any("2001-09-10 and 2001-09-17" in each.text for each in findings.found() if each.code == "gap")
