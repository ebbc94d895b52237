"""Bitstamp's order events: reading them, what is odd in them, their facts."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.bitstamp import HEADER, OrderEvent, is_bitstamp, order_events
from engine.market.bitstamp_checks import BitstampChecks, RunningMedian
from engine.market.bitstamp_facts import BitstampFacts
from engine.market.quality import Findings
from engine.market.tape_rows import TapeError
from tests.market.real_data import real

T0_MS = 1_430_438_404_000


def created(order_id: int, at_ms: int = 0, price: float = 230.0, volume: int = 1) -> str:
    """A row that creates an order to buy; the exchange stamps it 118 ms earlier."""
    return f"{order_id},{T0_MS + at_ms},{T0_MS + at_ms - 118},{price},{volume},created,bid"


def deleted(order_id: int, at_ms: int = 0) -> str:
    """A row that deletes it."""
    return created(order_id, at_ms, volume=0).replace("created", "deleted")


def orders(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """A file of these rows."""
    path = folder / "orders.csv.gz"
    path.write_bytes(gzip.compress("\n".join([header, *rows, ""]).encode()))
    return path


def found(path: Path) -> list[tuple[str, int, int]]:
    """Code, row and count of each finding."""
    findings = Findings()
    checks = BitstampChecks(path.name, findings)
    for event in order_events(path):
        checks.add(event)
    checks.finish()
    return [(each.code, each.row, each.count) for each in findings.found()]


def figures(path: Path) -> dict[str, float | int | None]:
    """The facts, by name."""
    facts = BitstampFacts()
    for event in order_events(path):
        facts.add(event)
    return {each.name: each.value for each in facts.facts()}


def test_a_row_is_read(tmp_path: Path) -> None:
    """The header is row 1."""
    assert list(order_events(orders(tmp_path, created(7, 500, 236.47, 200_000_000)))) == [
        OrderEvent(2, 7, T0_MS + 500, T0_MS + 382, 236.47, 200_000_000, "created", "bid")
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1,2,3", "row 3: 7 columns were expected, were 3"),
        ("", "row 3: 7 columns were expected, were 0"),
        ("x,1,1,1,1,created,bid", "row 3: invalid literal for int() with base 10: 'x'"),
        ("1,1,1,nan,1,created,bid", "row 3: a price above zero and below 1e+12 was expected, was nan"),
        ("1,1,1,0,1,created,bid", "row 3: a price above zero and below 1e+12 was expected, was 0"),
        ("1,1,1,1,-1,created,bid", "row 3: a volume of zero or more was expected, was -1"),
        ("1,-1,1,1,1,created,bid", "row 3: times in ms since 1970 were expected, were -1 and 1"),
        (
            "1,1,1,1,1,made,bid",
            "row 3: created, changed or deleted and bid or ask were expected, were 'made' and 'bid'",
        ),
        ("1,1,1,1,1,created,buy", "row 3: created, changed or deleted and bid or ask were expected"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    """With file and row."""
    path = orders(tmp_path, created(1), row)

    with pytest.raises(TapeError) as caught:
        list(order_events(path))

    assert caught.value.reason.startswith(f"orders.csv.gz {said}")


def test_another_header_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    """Each with its own words."""
    with pytest.raises(TapeError, match=r"row 1: the header id,timestamp"):
        list(order_events(orders(tmp_path, created(1), header="id,time")))
    with pytest.raises(TapeError, match="has a header and no events"):
        list(order_events(orders(tmp_path)))
    (tmp_path / "orders.csv.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(TapeError, match="row 1: the file is empty"):
        list(order_events(tmp_path / "orders.csv.gz"))


def test_a_quoted_header_is_the_same_header() -> None:
    """As R writes it."""
    assert is_bitstamp(",".join(f'"{word}"' for word in HEADER.split(",")))
    assert not is_bitstamp("date,open,high,low,close")


@pytest.mark.parametrize(("price", "far"), [(184.0, True), (184.01, False), (276.0, True), (275.99, False)])
def test_an_order_a_fifth_off_the_usual_price_is_far(tmp_path: Path, price: float, far: bool) -> None:
    """On either side; the usual price is the median so far."""
    usual = [created(n, n) for n in range(20)]

    assert found(orders(tmp_path, *usual, created(99, 99, price))) == ([("far_price", 22, 1)] if far else [])


def test_nothing_is_far_before_there_is_a_usual_price(tmp_path: Path) -> None:
    """Nineteen orders are not enough."""
    usual = [created(n, n) for n in range(19)]

    assert found(orders(tmp_path, *usual, created(99, 99, 1.0))) == []


def test_an_order_must_live_to_be_changed_or_deleted(tmp_path: Path) -> None:
    """Neither one from before the file nor one that is gone does; all are counted in one finding."""
    assert found(orders(tmp_path, created(1), deleted(1), deleted(1), deleted(2))) == [("unknown_order", 4, 2)]


def test_stamps_of_whole_seconds_are_one_finding(tmp_path: Path) -> None:
    """For all rows together, and only if it is all of them."""
    whole = created(1).replace(str(T0_MS - 118), str(T0_MS))

    assert found(orders(tmp_path, whole, whole)) == [("whole_second_stamps", 2, 2)]
    assert found(orders(tmp_path, whole, whole, created(2))) == []


def test_times_must_not_fall_and_orders_have_a_size(tmp_path: Path) -> None:
    """The row that breaks it is named."""
    assert found(orders(tmp_path, created(1, 5), created(2, 4), created(3, 6, volume=0))) == [
        ("out_of_order", 3, 1),
        ("zero_size", 4, 1),
    ]


@given(st.lists(st.floats(1, 1000), min_size=1, max_size=50), st.integers(1, 9))
def test_the_running_median_is_that_of_the_last_values(values: list[float], most: int) -> None:
    """Of an even number, the upper one in the middle."""
    median = RunningMedian(most)
    for value in values:
        median.add(value)
    last = sorted(values[-most:])

    assert (len(median), median.value) == (len(last), last[len(last) // 2])


def test_facts_of_a_small_file(tmp_path: Path) -> None:
    """Mix, prices, the delay of orders created."""
    seen = figures(orders(tmp_path, created(1, 0, 200.0), created(2, 5, 210.0), created(3, 9, 220.0), deleted(1, 20)))

    assert (seen["created_pct"], seen["changed_pct"], seen["deleted_pct"], seen["bid_pct"]) == (75, 0, 25, 100)
    assert (seen["order_price_min"], seen["order_price_median"], seen["order_price_max"]) == (200, 210, 220)
    assert seen["delay_median_ms"] == 118


def test_the_real_events_have_far_orders_and_whole_second_stamps() -> None:
    """Trap 6 of the data's notes: orders 30 % off the market, an exchange stamp without milliseconds."""
    findings = Findings()
    path = next(real("bitstamp").glob("*.csv.gz"))
    checks = BitstampChecks(path.name, findings)
    for event in order_events(path):
        checks.add(event)
    checks.finish()
    far = [each.text for each in findings.found() if each.code == "far_price"]

    assert findings.totals() == {"far_price": 49, "unknown_order": 213, "whole_second_stamps": 50_414}
    assert any("30 % below" in text for text in far)
    assert any("30 % above" in text for text in far)


def test_the_real_events_have_the_published_figures() -> None:
    """Events per second, gaps, mix."""
    seen = figures(next(real("bitstamp").glob("*.csv.gz")))

    assert seen["events"] == 50_414
    assert 1 / (seen["interarrival_mean_s"] or 0) == pytest.approx(2.76, abs=0.005)
    assert seen["interarrival_median_s"] == pytest.approx(0.209, rel=0.0025)
    assert seen["interarrival_p99_s"] == pytest.approx(2.36, rel=0.003)
    assert seen["interarrival_max_s"] == pytest.approx(13.6, abs=0.05)
    shares = [seen[f"{action}_pct"] for action in ("created", "deleted", "changed")]
    assert shares == pytest.approx([49.4, 49.4, 1.2], abs=0.05)
    assert (seen["order_price_min"], seen["order_price_max"]) == (164.6, 350)
