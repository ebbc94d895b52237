"""The Binance feed: reading it, what is odd in it, its facts."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.binance import Depth, Message, Snapshot, is_binance, messages
from engine.market.binance_checks import BinanceChecks
from engine.market.binance_facts import BinanceFacts
from engine.market.quality import Findings
from engine.market.tape_rows import TapeError
from tests.market.real_data import real

T0_MS = 1_723_161_255_000
MS = 1_000_000


def line(at_ms: int, stream: str, data: dict[str, Any], late_ms: int = 2) -> str:
    """A line of a feed: sent at *at_ms* after T0, received *late_ms* later."""
    sent = {"E": T0_MS + at_ms, "s": "BTCUSDT"} | data
    return f"{(T0_MS + at_ms + late_ms) * MS} " + json.dumps({"stream": f"btcusdt@{stream}", "data": sent})


def spot(at_ms: int, first_id: int, last_id: int, late_ms: int = 2, **more: Any) -> str:
    """A depth update of the spot feed."""
    changed = {"e": "depthUpdate", "U": first_id, "u": last_id, "b": [["1.0", "2.0"]], "a": []}
    return line(at_ms, "depth@100ms", changed | more, late_ms)


def futures(at_ms: int, before_id: int, first_id: int, last_id: int) -> str:
    """A depth update of the futures feed, which names the update before it."""
    return spot(at_ms, first_id, last_id, pu=before_id)


def snapshot(at_ms: int, last_id: int) -> str:
    """The answer of the REST call, received 2 ms after *at_ms*."""
    return f"{(T0_MS + at_ms + 2) * MS} " + json.dumps({"lastUpdateId": last_id, "bids": [["1.0", "2.0"]], "asks": []})


def trade(at_ms: int, price: float) -> str:
    """A trade."""
    return line(at_ms, "trade", {"e": "trade", "p": str(price), "q": "1"})


def best(at_ms: int, bid: str, ask: str) -> str:
    """A best quote."""
    return line(at_ms, "bookTicker", {"u": 1, "b": bid, "a": ask})


def feed(folder: Path, *lines: str) -> Path:
    """A feed of these lines."""
    path = folder / "feed.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode() + b"\n"))
    return path


def found(path: Path) -> list[tuple[str, int, int]]:
    """Code, row and count of each finding."""
    findings = Findings()
    checks = BinanceChecks(path.name, findings)
    for message in messages(path):
        checks.add(message)
    checks.finish()
    return [(each.code, each.row, each.count) for each in findings.found()]


def figures(path: Path) -> dict[str, float | int | None]:
    """The facts of a feed, by name."""
    facts = BinanceFacts()
    for message in messages(path):
        facts.add(message)
    return {each.name: each.value for each in facts.facts()}


def test_a_line_is_read_with_both_its_times(tmp_path: Path) -> None:
    """Nanoseconds of the receiver, milliseconds of the exchange."""
    update, whole = messages(feed(tmp_path, futures(5, 9, 11, 12), snapshot(8, 12)))

    assert update == Message(
        row=1,
        local_ns=(T0_MS + 7) * MS,
        exchange_ns=(T0_MS + 5) * MS,
        symbol="BTCUSDT",
        stream="depth@100ms",
        json_bytes=len(futures(5, 9, 11, 12)) - 20,
        said=Depth(first_id=11, last_id=12, before_id=9, levels=1),
    )
    assert (whole.said, whole.exchange_ns, whole.stream) == (Snapshot(12, 1), None, "snapshot")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("hello", "row 2: local time in ns, a blank and a JSON object were expected, was 'hello'"),
        ("", "row 2: local time in ns, a blank and a JSON object were expected, was ''"),
        (f"{T0_MS * MS} {{'a': 1}}", "row 2: the JSON is broken at character 1"),
        (f"{T0_MS * MS} {{}}", "row 2: the message has no field 'lastUpdateId'"),
        (line(0, "depth", {"e": "depthUpdate", "U": 1}), "row 2: the message has no field 'u'"),
        (f'{T0_MS * MS} {{"stream": "x", "data": []}}', "row 2: the message is not built as Binance's are"),
        (f'{T0_MS * MS} {{"stream": "x", "data": {"[" * 99_000}}}', "row 2: the message is not built as Binance's are"),
        (trade(0, float("nan")), "row 2: a price was expected, was 'nan'"),
        (trade(0, 0), "row 2: a price was expected, was '0'"),
        (
            line(0, "trade", {"e": "trade", "p": "1", "E": float("inf")}),
            "row 2: the message is not built as Binance's are",
        ),
        ("9999999999999999999 {}", "row 2: a time between 1970 and 2262 was expected"),
        (line(0, "trade", {"e": "trade", "p": "1", "E": -1}), "row 2: a time between 1970 and 2262 was expected"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, broken: str, said: str) -> None:
    """With file and row."""
    path = feed(tmp_path, trade(0, 1.0), broken)

    with pytest.raises(TapeError) as caught:
        list(messages(path))

    assert caught.value.reason.startswith(f"feed.gz {said}")


def test_a_feed_that_is_cut_short_is_named(tmp_path: Path) -> None:
    """With the last row that could be read."""
    path = feed(tmp_path, *(trade(n, 1.0 + n) for n in range(2000)))
    path.write_bytes(path.read_bytes()[:-2000])

    with pytest.raises(TapeError, match=r"feed\.gz is cut short or damaged after row \d+"):
        list(messages(path))


@given(st.text(max_size=60))
def test_no_text_but_a_feed_is_taken_for_one(text: str) -> None:
    """Only a long number, a blank and braces."""
    assert not is_binance(text) or (text[:18].isdigit() and text.endswith("}"))


def test_a_spot_update_must_begin_after_the_last_one(tmp_path: Path) -> None:
    """U is the u before it plus one."""
    assert found(feed(tmp_path, snapshot(0, 9), spot(1, 10, 12), spot(2, 13, 13))) == []
    assert found(feed(tmp_path, snapshot(0, 9), spot(1, 10, 12), spot(2, 14, 14))) == [("missing_update", 3, 1)]


def test_a_futures_update_must_name_the_last_one(tmp_path: Path) -> None:
    """Its numbers jump by themselves: only pu counts."""
    assert found(feed(tmp_path, snapshot(0, 9), futures(1, 9, 20, 30), futures(2, 30, 77, 99))) == []
    assert found(feed(tmp_path, snapshot(0, 9), futures(1, 9, 20, 30), futures(2, 31, 77, 99))) == [
        ("missing_update", 3, 1)
    ]


def test_a_snapshot_after_the_first_updates_is_late(tmp_path: Path) -> None:
    """Its row is named; that it joins them is checked."""
    assert found(feed(tmp_path, spot(0, 1, 5), spot(1, 6, 9), snapshot(2, 7), spot(3, 10, 12))) == [
        ("late_snapshot", 3, 1)
    ]


def test_a_hole_between_snapshot_and_updates_is_found(tmp_path: Path) -> None:
    """Whether the update that goes beyond the snapshot came before or after it."""
    assert found(feed(tmp_path, spot(0, 20, 25), snapshot(2, 7))) == [("missing_update", 1, 1), ("late_snapshot", 2, 1)]
    assert found(feed(tmp_path, snapshot(0, 7), spot(1, 20, 25))) == [("missing_update", 2, 1)]
    assert found(feed(tmp_path, spot(0, 1, 2), snapshot(2, 7), spot(3, 3, 6), spot(4, 7, 9))) == [
        ("late_snapshot", 2, 1)
    ]


def test_a_second_snapshot_does_not_interrupt_the_chain(tmp_path: Path) -> None:
    """It may be older than the last update."""
    assert found(feed(tmp_path, snapshot(0, 9), spot(1, 10, 12), snapshot(2, 11), spot(3, 13, 15))) == []


def test_updates_without_a_snapshot_have_no_book(tmp_path: Path) -> None:
    """The file as a whole."""
    assert found(feed(tmp_path, spot(0, 1, 5))) == [("late_snapshot", 0, 1)]


def test_a_clock_that_is_behind_is_found(tmp_path: Path) -> None:
    """Messages that arrive before they are sent; counted."""
    path = feed(tmp_path, snapshot(0, 0), *(spot(n + 9, n, n, late_ms=-3) for n in range(1, 6)))

    assert found(path) == [("clock_offset", 2, 5)]


@pytest.mark.parametrize(("late_ms", "expected"), [(0, []), (1000, []), (1001, [("clock_offset", 1, 3)])])
def test_a_clock_that_is_far_ahead_is_found(tmp_path: Path, late_ms: int, expected: list[Any]) -> None:
    """More than a second late is no network."""
    path = feed(tmp_path, *(line(n, "trade", {"e": "trade", "p": "1"}, late_ms) for n in range(3)))

    assert found(path) == expected


def test_local_times_must_not_fall(tmp_path: Path) -> None:
    """The row whose time is before that of the row above."""
    assert found(feed(tmp_path, trade(5, 1), trade(4, 1), trade(4, 1))) == [("out_of_order", 2, 1)]


@pytest.mark.parametrize(
    ("bid", "ask", "codes"),
    [("1", "2", []), ("2", "2", ["locked_book"]), ("3", "2", ["crossed_book"]), ("3", "0", []), ("0", "0", [])],
)
def test_a_best_quote_is_neither_crossed_nor_locked(tmp_path: Path, bid: str, ask: str, codes: list[str]) -> None:
    """An empty side is neither."""
    assert [code for code, _, _ in found(feed(tmp_path, best(0, bid, ask)))] == codes


def test_facts_of_a_small_feed(tmp_path: Path) -> None:
    """Counts, levels, the fall of the trade price, the delay above its floor."""
    path = feed(tmp_path, spot(0, 1, 1, late_ms=5), trade(10, 100.0), trade(20, 110.0), trade(30, 99.0))

    seen = figures(path)

    assert (seen["messages"], seen["depth_messages"], seen["trade_messages"]) == (4, 1, 3)
    assert (seen["depth_levels_max"], seen["trade_price_min"], seen["trade_price_max"]) == (1, 99, 110)
    assert seen["trade_price_drop_max_pct"] == pytest.approx(10)
    assert (seen["delay_floor_ms"], seen["latency_p50_ms"], seen["latency_max_ms"]) == (2, 0, 3)


def test_a_feed_without_trades_has_no_trade_price(tmp_path: Path) -> None:
    """None, not infinity."""
    seen = figures(feed(tmp_path, best(0, "1", "2")))

    assert (seen["trade_price_min"], seen["trade_price_drop_max_pct"], seen["depth_levels_mean"]) == (None, None, None)


@pytest.mark.parametrize(("name", "row"), [("spot", 8), ("usdm", 55)])
def test_the_real_feeds_have_a_late_snapshot_and_a_clock_behind(name: str, row: int) -> None:
    """Line 8 of the spot file, line 55 of the futures file; 1.27 s; no update is missing."""
    path = next(real("binance").glob(f"{name}_*.gz"))
    findings = Findings()
    checks = BinanceChecks(path.name, findings)
    for message in messages(path):
        checks.add(message)
    checks.finish()
    by_code = {each.code: each for each in findings.found()}

    assert set(by_code) == {"late_snapshot", "clock_offset"}
    assert by_code["late_snapshot"].row == row
    assert by_code["clock_offset"].text.startswith("the local clock is 1.27 s behind the exchange's")


@pytest.mark.parametrize(
    ("name", "figure", "published", "within"),
    [
        ("usdm", "messages", 93_954, 0),
        ("usdm", "depth_messages", 6_551, 0),
        ("usdm", "span_s", 344.8, 0.05),
        ("usdm", "messages_per_s_mean", 272, 0.5),
        ("usdm", "messages_per_s_p99", 1_416, 0.5),
        ("usdm", "messages_per_s_max", 2_453, 0),
        ("usdm", "messages_max_in_100ms", 1_152, 0),
        ("usdm", "messages_max_in_10ms", 593, 0),
        ("usdm", "peak_to_mean_1s", 9, 0.5),
        ("usdm", "peak_to_mean_100ms", 42, 0.5),
        # Published with the line end: one byte more.
        ("usdm", "json_bytes_mean", 275 - 1, 0.5),
        ("usdm", "json_bytes_p99", 2_211, 1),
        ("usdm", "json_bytes_max", 42_093 - 1, 0),
        ("usdm", "depth_levels_mean", 67.7, 0.05),
        ("usdm", "depth_levels_max", 1_226, 0),
        # Published as 2.5, 15.8, 26.7 and 90.8: above a floor that is 0.5 ms higher than the smallest delay.
        ("usdm", "latency_p50_ms", 2.5 + 0.5, 0.05),
        ("usdm", "latency_p95_ms", 15.8 + 0.5, 0.1),
        ("usdm", "latency_p99_ms", 26.7 + 0.5, 0.1),
        ("usdm", "latency_max_ms", 90.8 + 0.5, 0.1),
        ("usdm", "trade_price_min", 61_590.3, 0),
        ("usdm", "trade_price_max", 61_839.9, 0),
        ("usdm", "trade_price_drop_max_pct", 0.404, 0.0005),
        ("spot", "messages", 41_249, 0),
        ("spot", "span_s", 346.1, 0.05),
        ("spot", "messages_per_s_mean", 119, 0.5),
        ("spot", "messages_per_s_max", 1_362, 0),
        ("spot", "messages_max_in_100ms", 813, 0),
        ("spot", "trade_price_drop_max_pct", 0.449, 0.0005),
    ],
)
def test_the_real_feeds_have_the_published_figure(name: str, figure: str, published: float, within: float) -> None:
    """Bursts, sizes, latencies of 345 seconds of BTCUSDT."""
    assert real_feed(name)[figure] == pytest.approx(published, abs=within)


_read: dict[str, dict[str, float | int | None]] = {}


def real_feed(name: str) -> dict[str, float | int | None]:
    """The facts of a real feed, computed once."""
    if name not in _read:
        _read[name] = figures(next(real("binance").glob(f"{name}_*.gz")))
    return _read[name]
