"""Tests of reading bars, and of refusing what is no file of bars."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from engine.base.errors import ExitCode, NotReadyError
from engine.market.bars import Bar, bar_tape, bars, last_bar
from engine.market.tape_rows import TapeError

from .bar_samples import MIN, seconds, still, write_bars
from .real_data import real

NS = 10**9
DAY_NS = 86_400 * NS
T = 1_651_363_200
KLINES = "1651363200000,78.1,78.19,78.02,78.03,4371.65,1651363259999,341398.1,475,2199.5,171804.1,0\n"
NEXT = KLINES.replace("1651363200000", "1651363260000")


@pytest.mark.parametrize(
    ("text", "name", "bar", "bar_ns", "start_ns"),
    [
        (
            KLINES + NEXT,
            "Binance klines",
            Bar(1, T * NS, 78_100_000, 78_190_000, 78_020_000, 78_030_000, 4371.65, 4372),
            MIN * NS,
            T * NS,
        ),
        (
            "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
            "taker_buy_quote_volume,ignore\n"
            + KLINES.replace("1651363200000", "1651363200000000")
            + NEXT.replace("1651363260000", "1651363260000000"),
            "Binance klines",
            Bar(2, T * NS, 78_100_000, 78_190_000, 78_020_000, 78_030_000, 4371.65, 4372),
            MIN * NS,
            T * NS,
        ),
        (
            "epoch,time_utc,open,high,low,close,volume,average,barcount\n"
            "1546439640,2019-01-02T14:34:00Z,245.98,246.59,245.95,246.3,30135,246.3286,11684\n"
            "1546439940,2019-01-02T14:39:00Z,246.29,246.73,245.95,246.52,16376,246.3658,9094\n",
            "epoch bars",
            Bar(2, 1546439640 * NS, 245_980_000, 246_590_000, 245_950_000, 246_300_000, 30_135.0, 30_135),
            5 * MIN * NS,
            (1546439640 - 4 * MIN) * NS,
        ),
        (
            'id,"Date",Open,High,Low,Close,Adj Close,Volume\n'
            '1,"1950-01-03 00:00:00",16.66,16.67,16.65,16.66,16.66,1260000\n'
            '2,"1950-01-04 00:00:00",16.85,16.85,16.85,16.85,16.85,1890000\n',
            "numbered daily bars",
            Bar(2, -630_979_200 * NS, 16_660_000, 16_670_000, 16_650_000, 16_660_000, 1_260_000.0, 1_260_000),
            DAY_NS,
            -630_979_200 * NS,
        ),
        (
            "DATE,OPEN,HIGH,LOW,CLOSE\r\n1990-01-02,17.24,17.25,17.23,17.24\r\n1990-01-03,18.19,18.19,18.19,18.19\r\n",
            "bars without volume",
            Bar(2, 631_238_400 * NS, 17_240_000, 17_250_000, 17_230_000, 17_240_000, None, 0),
            DAY_NS,
            631_238_400 * NS,
        ),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_each_dialect_is_recognised(
    tmp_path: Path, text: str, name: str, bar: Bar, bar_ns: int, start_ns: int, *, zipped: bool
) -> None:
    """By its header, or by its columns; plain or gzip."""
    path = tmp_path / ("bars.csv.gz" if zipped else "bars.csv")
    path.write_bytes(gzip.compress(text.encode()) if zipped else text.encode())
    tape = bar_tape(path)

    assert (tape.dialect.name, tape.bar_ns, tape.first) == (name, bar_ns, bar)
    assert tape.start_ns(bar) == start_ns
    assert next(bars(tape)) == bar
    assert last_bar(tape).row == bar.row + 1


def test_a_byte_order_mark_is_not_part_of_the_first_row(tmp_path: Path) -> None:
    """As spreadsheets write it, before a header or a number."""
    path = tmp_path / "bars.csv"
    for text in (KLINES + NEXT, "DATE,OPEN,HIGH,LOW,CLOSE\n1990-01-02,1,1,1,1\n1990-01-03,1,1,1,1\n"):
        path.write_text(text)
        plain = list(bars(bar_tape(path)))
        path.write_text(text, encoding="utf-8-sig")

        assert list(bars(bar_tape(path))) == plain


def test_a_bar_lasts_as_long_as_the_most_frequent_step(tmp_path: Path) -> None:
    """Whatever is missing between; of two equally frequent the shorter."""
    path = write_bars(tmp_path / "bars.csv", still([0, 60, 120, 600, 660, 5_000]))
    even = write_bars(tmp_path / "even.csv", still([0, 60, 360]))

    assert bar_tape(path).bar_ns == 60 * NS
    assert bar_tape(even).bar_ns == 60 * NS


def test_a_price_is_rounded_to_the_nearest_micro(tmp_path: Path) -> None:
    """A coin's eight decimals are finer than our money."""
    path = write_bars(tmp_path / "bars.csv", [(n, 0.0000516, 0.0000584, 0.00005, 0.0000505, 1.5) for n in (0, 60)])

    assert bar_tape(path).first == Bar(1, 0, 52, 58, 50, 50, 1.5, 2)


BROKEN = [
    ("", "bars.csv row 1: the file is empty"),
    ("a,b\n1,2\n", "bars.csv row 1: 2 columns that are no known form of bars: 'a,b'"),
    ("\x00\x01\n", "bars.csv row 1: "),
    ("DATE,OPEN,HIGH,LOW,CLOSE\n", "bars.csv row 2: a bar was expected, the file ends here"),
    (KLINES, "bars.csv row 1: how long a bar lasts cannot be told"),
    (KLINES + KLINES, "bars.csv row 2: how long a bar lasts cannot be told"),
    (KLINES + NEXT.replace(",0\n", "\n"), "bars.csv row 2: 12 columns were expected, were 11"),
    (KLINES + "\n" + NEXT, "bars.csv row 2: 12 columns were expected, were 0"),
    (KLINES + NEXT.replace("78.19", "high"), "bars.csv row 2: a number was expected, was 'high'"),
    (KLINES + NEXT.replace("78.19", "nan"), "bars.csv row 2: a number was expected, was 'nan'"),
    (KLINES + NEXT.replace("78.19", "inf"), "bars.csv row 2: a number was expected, was 'inf'"),
    (KLINES + NEXT.replace("78.19", "0"), "bars.csv row 2: a price of at least 0.000001 was expected, was '0'"),
    (KLINES + NEXT.replace("78.19", "-78.19"), "bars.csv row 2: a price of at least 0.000001 was expected"),
    (KLINES + NEXT.replace("4371.65", "-1"), "bars.csv row 2: a volume of 0 or more was expected, was -1"),
    (KLINES + NEXT.replace("1651363260000", "noon"), "bars.csv row 2: a time was expected, was 'noon'"),
    (KLINES + NEXT.replace("1651363260000", "9" * 25), "bars.csv row 2: a time was expected, was '99999"),
    ("DATE,OPEN,HIGH,LOW,CLOSE\n1990-13-02,1,1,1,1\n", "bars.csv row 2: a time was expected, was '1990-13-02'"),
    (KLINES + '"' + NEXT, "bars.csv row 2: a row of CSV was expected"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_what_is_no_file_of_bars_is_refused_with_its_row(tmp_path: Path, text: str, words: str) -> None:
    """One clear sentence, exit 3."""
    path = tmp_path / "bars.csv"
    path.write_text(text)

    with pytest.raises(TapeError) as caught:
        list(bars(bar_tape(path)))

    assert caught.value.reason.startswith(words)
    assert caught.value.exit_code is ExitCode.INVALID_DOCUMENT


@pytest.mark.parametrize("keep", [0.4, 0.99])
def test_a_truncated_gzip_of_bars_is_refused(tmp_path: Path, keep: float) -> None:
    """With the last row that could be read; in the first rows, behind them, and in the pass for the last row."""
    path = write_bars(tmp_path / "bars.csv.gz", still(n * 60 + n % 7 for n in range(30_000)))
    whole = bar_tape(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])

    with pytest.raises(TapeError, match=r"bars\.csv\.gz is cut short or damaged after row \d+"):
        list(bars(bar_tape(path)))
    with pytest.raises(TapeError, match="cut short or damaged after row"):
        last_bar(whole)


def test_a_missing_file_is_not_ready(tmp_path: Path) -> None:
    """Exit 4, by name."""
    with pytest.raises(NotReadyError, match=r"^the tape gone\.csv does not exist"):
        bar_tape(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("name", "file", "rows", "bar_s", "last"),
    [
        ("LUNA", "LUNAUSDT-1m-2022-05.csv.gz", 18_400, 60, 8_870_000),
        ("SPY", "spy_5min_2019_2020.csv.gz", 38_730, 300, 373_870_000),
        ("S&P", "sp500.csv.gz", 17_356, 86_400, 2_416_620_000),
        ("VIX", "vix-daily.csv.gz", 9_235, 86_400, 18_700_000),
    ],
)
def test_the_real_sets_are_read_whole(name: str, file: str, rows: int, bar_s: int, last: int) -> None:
    """Every row of them, with the length of a bar and the last close."""
    tape = bar_tape(real(name) / file)
    read = list(bars(tape))

    assert (len(read), tape.bar_ns, read[-1].close_micros) == (rows, bar_s * NS, last)
    assert last_bar(tape) == read[-1]


def test_the_last_minute_of_a_bar_is_recognised(tmp_path: Path) -> None:
    """SPY's 14:34Z covers 14:30:00 to 14:34:59."""
    tape = bar_tape(real("SPY") / "spy_5min_2019_2020.csv.gz")

    assert tape.start_ns(tape.first) == seconds("2019-01-02T14:30") * NS
