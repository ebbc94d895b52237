"""Recognising market data and checking them; every trap of the real data is found."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from engine.base.errors import ExitCode, NotReadyError
from engine.market.data_check import check
from engine.market.data_check_report import Span, TapeReport, document, new_york_span, utc_span
from engine.market.quality import CODES
from engine.market.tape_rows import TapeError
from tests.market.real_data import real
from tests.market.test_binance import feed, snapshot, spot
from tests.market.test_bitstamp import created, orders
from tests.market.test_facts_lobster import STEM, small_day

BARS = "date,open,high,low,close\n2020-01-02,1,2,1,2\n2020-01-03,2,2,1,1\n"
DAY = [
    ("34200.0,1,1,100,1000000,1", "1000200,50,1000000,100"),
    ("34200.5,5,0,7,1000100,1", "1000200,50,1000000,100"),
    ("34201.0,3,1,100,1000000,1", "1000200,50,999000,100"),
]


def only(place: Path) -> TapeReport:
    """The report of a place that holds one tape."""
    (report,) = check(place)
    return report


def counts(report: TapeReport) -> dict[str, int]:
    """How many findings there are of each code."""
    return {each.code: each.count for each in report.findings}


@cache
def real_report(name: str) -> TapeReport:
    """The report of a real data set with one tape, made once."""
    return only(real(name))


def texts(report: TapeReport, code: str) -> list[str]:
    """What the findings of one code say."""
    return [one.text for each in report.findings if each.code == code for one in each.found]


def test_a_lobster_day_is_recognised_by_folder_and_by_file(tmp_path: Path) -> None:
    """With symbol, span in New York, both files and conformance."""
    small_day(tmp_path, DAY)
    report = only(tmp_path)

    assert (report.kind, report.symbol, report.rows) == ("lobster", "TEST", 3)
    assert report.span == Span("2012-06-21 09:30:00.000", "2012-06-21 09:30:01.000", "America/New_York")
    assert [name for name, _ in report.files] == [f"{STEM}_message_1.csv.gz", f"{STEM}_orderbook_1.csv.gz"]
    assert report.conformance is not None
    assert (report.conformance.explained, report.conformance.total) == (2, 2)
    assert counts(report) == {"hidden_execution": 1}
    assert check(tmp_path / f"{STEM}_orderbook_1.csv.gz") == (report,)


@pytest.mark.parametrize("packed", [False, True])
def test_bars_are_recognised_alone_and_beside_a_text(tmp_path: Path, packed: bool) -> None:
    """Plain or gzip; a README or a checksum file is no data."""
    path = tmp_path / ("x.csv.gz" if packed else "x.csv")
    path.write_bytes(gzip.compress(BARS.encode()) if packed else BARS.encode())
    for name in ("README.md", "notes.txt", "SHA256SUMS", ".hidden.csv"):
        (tmp_path / name).write_text("x")
    report = only(tmp_path)

    assert (report.kind, report.rows, report.symbol, report.conformance) == ("bars", 2, None, None)
    assert report.span == Span("2020-01-02 00:00:00.000", "2020-01-03 00:00:00.000", "UTC")
    assert check(path) == (report,)


def test_bars_behind_a_byte_order_mark_are_recognised(tmp_path: Path) -> None:
    """As some spreadsheets write them."""
    (tmp_path / "x.csv").write_bytes(b"\xef\xbb\xbf" + BARS.encode())

    assert only(tmp_path / "x.csv").rows == 2


def test_a_binance_feed_is_recognised(tmp_path: Path) -> None:
    """By its first line; the span is the exchange's."""
    report = only(feed(tmp_path, snapshot(0, 9), spot(1, 10, 12), spot(7, 13, 13)))

    assert (report.kind, report.symbol, report.rows) == ("binance_feed", "BTCUSDT", 3)
    assert report.span == Span("2024-08-08 23:54:15.001", "2024-08-08 23:54:15.007", "UTC")


def test_a_feed_without_exchange_times_has_no_span(tmp_path: Path) -> None:
    """The local clock is not taken for the exchange's."""
    assert only(feed(tmp_path, snapshot(0, 9))).span is None


def test_bitstamp_orders_are_recognised(tmp_path: Path) -> None:
    """By their header."""
    report = only(orders(tmp_path, created(1), created(2, 5)))

    assert (report.kind, report.rows) == ("bitstamp_orders", 2)


def test_a_folder_of_feeds_has_a_report_for_each(tmp_path: Path) -> None:
    """In the order of their names; a capture comes in several files."""
    feed(tmp_path, snapshot(0, 9)).rename(tmp_path / "b.gz")
    feed(tmp_path, snapshot(0, 9), spot(1, 10, 10)).rename(tmp_path / "a.gz")

    assert [(report.files[0][0], report.rows) for report in check(tmp_path)] == [("a.gz", 2), ("b.gz", 1)]


def test_two_files_of_bars_are_two_tapes(tmp_path: Path) -> None:
    """Refused, with both names."""
    (tmp_path / "a.csv").write_text(BARS)
    (tmp_path / "b.csv").write_text(BARS)

    with pytest.raises(TapeError, match=r"holds 2 tapes: a\.csv, b\.csv"):
        check(tmp_path)


def test_two_lobster_days_are_two_tapes(tmp_path: Path) -> None:
    """Refused, with both names."""
    small_day(tmp_path, DAY)
    for path in list(tmp_path.iterdir()):
        (tmp_path / path.name.replace("TEST", "OTHER")).write_bytes(path.read_bytes())

    with pytest.raises(TapeError, match=r"holds 2 tapes: OTHER_.*TEST_"):
        check(tmp_path)


def test_a_feed_beside_bars_is_refused(tmp_path: Path) -> None:
    """A folder is one thing."""
    feed(tmp_path, snapshot(0, 9))
    (tmp_path / "a.csv").write_text(BARS)

    with pytest.raises(TapeError, match=r"holds data of several kinds: a\.csv, feed\.gz"):
        check(tmp_path)


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", '{"no": "feed"}\n', '"\n', "\n", "hello"])
def test_what_is_not_known_names_what_was_looked_for(tmp_path: Path, text: str) -> None:
    """All four kinds."""
    path = tmp_path / "x.csv"
    path.write_text(text)

    with pytest.raises(TapeError, match=r"x\.csv row 1: market data of no known form") as caught:
        check(path)
    assert caught.value.exit_code == ExitCode.INVALID_DOCUMENT
    assert all(word in caught.value.instruction for word in ("LOBSTER", "bars", "Binance feed", "Bitstamp"))


def test_what_is_missing_is_not_ready(tmp_path: Path) -> None:
    """A path that is not there, a folder without data, a day without its book."""
    with pytest.raises(NotReadyError, match="gone does not exist"):
        check(tmp_path / "gone")
    with pytest.raises(NotReadyError, match="holds no market data"):
        check(tmp_path)
    small_day(tmp_path, DAY)
    (tmp_path / f"{STEM}_orderbook_1.csv.gz").unlink()
    with pytest.raises(NotReadyError, match="no book file"):
        check(tmp_path)


def test_what_is_damaged_names_file_and_row(tmp_path: Path) -> None:
    """An empty file, a file that is no gzip, a bar that is none."""
    path = tmp_path / "x.csv"
    path.write_text("")
    with pytest.raises(TapeError, match=r"x\.csv row 1: the file is empty"):
        check(path)
    path.write_text(BARS + "2020-01-06,1,x,1,1\n")
    with pytest.raises(TapeError, match=r"x\.csv row 4: a number was expected, was 'x'"):
        check(path)
    path.write_text("epoch,time_utc,open,high,low,close,volume\n99999999999999,x,1,1,1,1,1\n")
    with pytest.raises(TapeError, match=r"x\.csv row 2: a time was expected, was '99999999999999'"):
        check(path)
    packed = tmp_path / "y.gz"
    packed.write_text(BARS)
    with pytest.raises(TapeError, match=r"y\.gz is cut short or damaged"):
        check(packed)


def test_facts_after_a_symbol_change_are_those_of_the_longer_part(tmp_path: Path) -> None:
    """A rise of 19,900 % across a gap is no return of anything."""
    days = [f"2020-01-{day:02},1,1,1,1" for day in (6, 7, 8, 9)] + [
        f"2020-03-{day:02},200,200,200,200" for day in (3, 4)
    ]
    path = tmp_path / "x.csv"
    path.write_text("date,open,high,low,close\n" + "\n".join(days) + "\n")
    report = only(path)
    seen = {each.name: each.value for each in report.facts}

    assert (report.rows, seen["instruments"], seen["bars"], seen["close_max"]) == (6, 2, 4, 1)


def test_the_document_is_plain_json_without_paths(tmp_path: Path) -> None:
    """Names and digests, no NaN, the schema first."""
    made = document("day", check(small_day(tmp_path, DAY)))
    text = json.dumps(made, allow_nan=False)

    assert next(iter(made.items())) == ("schema", "stress.data/1")
    assert str(tmp_path) not in text
    (tape,) = made["tapes"]
    assert list(tape) == [
        "kind", "form", "files", "symbol", "span", "rows", "findings", "facts", "conformance",
    ]  # fmt: skip
    assert [(each["code"], each["count"], each["found"][0]["row"]) for each in tape["findings"]] == [
        ("hidden_execution", 1, 2)
    ]
    assert all(set(each) == {"name", "value", "unit", "defined"} for each in tape["facts"])


def test_spans_are_written_in_their_zone() -> None:
    """To the millisecond, cut off."""
    assert utc_span(0, 1_999_999) == Span("1970-01-01 00:00:00.000", "1970-01-01 00:00:00.001", "UTC")
    assert new_york_span("2012-06-21", 34_200_017_000_000, 34_200_017_000_000).first == "2012-06-21 09:30:00.017"


def test_trap_1_luna_is_two_coins_with_an_18_day_gap() -> None:
    """The gap and the other coin are found in the same row."""
    report = real_report("LUNA")

    assert counts(report) == {"gap": 1, "symbol_change": 1}
    assert {one.row for each in report.findings for one in each.found} == {17_321}
    assert "18.2 days" in texts(report, "gap")[0]


def test_trap_1_luna_facts_are_those_of_the_coin_that_died() -> None:
    """Not a rise of ×180,000."""
    seen = {each.name: each.value for each in real_report("LUNA").facts}

    assert (seen["instruments"], seen["bars"]) == (2, 17_320)
    assert seen["drop_max_30min_pct"] == pytest.approx(91.4, abs=0.05)


def test_trap_2_spy_misses_its_first_hour_on_40_days() -> None:
    """All of 2020-03-09 to 03-27 among them; five half days."""
    report = real_report("SPY")

    assert (counts(report)["missing_hour"], counts(report)["short_day"]) == (40, 5)


def test_trap_2_spy_shows_the_halt_of_2020_03_18_as_bars_without_volume() -> None:
    """17:04Z and 17:09Z; the same four bars as the data's notes name besides."""
    quiet = [
        text.removeprefix("nothing was traded in the bar of ") for text in texts(real_report("SPY"), "zero_volume")
    ]

    assert quiet == [
        "2019-01-23 19:14Z",
        "2020-03-18 17:04Z",
        "2020-03-18 17:09Z",
        "2020-12-07 14:34Z",
        "2020-12-07 14:39Z",
        "2020-12-07 14:44Z",
    ]


@pytest.mark.parametrize(("name", "flat"), [("S&P", 3_051), ("VIX", 506)])
def test_trap_3_flat_bars_are_found(name: str, flat: int) -> None:
    """Open, high, low and close equal: only the close was recorded."""
    assert counts(real_report(name))["flat_bar"] == flat


def test_vix_has_bars_whose_range_does_not_hold_open_and_close() -> None:
    """47 rows between 1992 and 2006: a trap that the data's notes do not name."""
    assert counts(real_report("VIX"))["bad_bar"] == 47


@pytest.mark.parametrize(("name", "hidden"), [("AMZN", 2_445), ("AAPL", 11_332)])
def test_trap_4_hidden_executions_are_found_and_the_book_explains_itself(name: str, hidden: int) -> None:
    """1.57 % and 9.56 % of messages; every transition is explained."""
    report = real_report(name)

    assert counts(report) == {"hidden_execution": hidden}
    assert report.conformance is not None
    assert report.conformance.explained == report.conformance.total == report.rows - 1


def test_trap_5_binance_snapshots_are_late_and_the_clock_is_behind() -> None:
    """Row 8 of spot, row 55 of futures."""
    reports = check(real("binance"))
    rows = [each.found[0].row for report in reports for each in report.findings if each.code == "late_snapshot"]

    assert [report.files[0][0][:4] for report in reports] == ["spot", "usdm"]
    assert rows == [8, 55]
    assert all("1.27 s behind" in texts(report, "clock_offset")[0] for report in reports)


def test_trap_6_bitstamp_has_orders_far_off_and_whole_seconds() -> None:
    """Orders 30 % off the market; exchange stamps without milliseconds."""
    report = real_report("bitstamp")

    assert counts(report) == {"far_price": 49, "unknown_order": 213, "whole_second_stamps": 50_414}
    assert any("30 %" in text for text in texts(report, "far_price"))


def test_the_digest_is_that_of_the_data_readme() -> None:
    """Of the file as it lies on disk."""
    sums = (real("AMZN").parent / "SHA256SUMS").read_text(encoding="utf-8")

    assert all(digest in sums for _, digest in real_report("AMZN").files)


def test_the_page_on_real_data_explains_every_code() -> None:
    """Each finding with what it is and what to do."""
    page = (Path(__file__).parents[2] / "docs" / "real-data.md").read_text(encoding="utf-8")
    rows = [line.partition(" | ")[0] for line in page.splitlines() if line.startswith("| `")]
    explained = {word for row in rows for word in row.split("`")[1::2]}

    assert explained == set(CODES)
