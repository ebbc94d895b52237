"""Tests of what is odd in a LOBSTER day."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.quality import DataFinding, Findings
from engine.market.quality_messages import MessageCheck
from engine.market.tape import chunks, tape_in

from .real_data import real
from .samples import CALM, NAME, Row, Say, write_tape

MESSAGE, BOOK = f"{NAME}_message_2.csv", f"{NAME}_orderbook_2.csv"
ADD: Say = (0.0, 1, 100, 100.00, 1)
OPEN_NS = 34_200_000_000_000


def found(folder: Path, rows: list[tuple[Say, Row]]) -> list[tuple[str, str, int]]:
    """Code, file and row of what is found in a tape."""
    return [(each.code, each.file, each.row) for each in check(write_tape(folder, rows)).found()]


def check(folder: Path) -> Findings:
    """Everything found in the tape in a folder."""
    tape = tape_in(folder)
    checker = MessageCheck(tape)
    for chunk in chunks(tape):
        checker.feed(chunk)
    return checker.findings


def test_an_ordinary_tape_has_no_findings(tmp_path: Path) -> None:
    """Two messages, a sound book."""
    assert found(tmp_path, [(ADD, CALM), ((1.0, 4, 10, 100.02, -1), CALM)]) == []


@pytest.mark.parametrize(("quiet_s", "codes"), [(60.0, []), (60.001, ["gap"])])
def test_a_minute_without_a_message_is_the_longest_quiet(tmp_path: Path, quiet_s: float, codes: list[str]) -> None:
    """Beyond it, the row after the gap is named, with how long it was."""
    folder = write_tape(tmp_path, [(ADD, CALM), ((quiet_s, 1, 100, 100.00, 1), CALM)])

    assert [each.code for each in check(folder).found()] == codes
    if codes:
        assert check(folder).found() == (
            DataFinding("gap", MESSAGE, 2, "no message for 60.0 s before 09:31:00.001", OPEN_NS + 60_001_000_000),
        )


def test_a_time_before_the_latest_is_out_of_order(tmp_path: Path) -> None:
    """Two rows after one stray one are both early; the row that is as late as it is right."""
    times = (0.0, 5.0, 1.0, 2.0, 5.0)
    rows: list[tuple[Say, Row]] = [((t, 1, 100, 100.00, 1), CALM) for t in times]

    assert found(tmp_path, rows) == [("out_of_order", MESSAGE, 3), ("out_of_order", MESSAGE, 4)]


@pytest.mark.parametrize(
    ("top", "code"),
    [
        (((100.00, 300), (100.02, 200)), "crossed_book"),
        (((100.00, 300), (100.00, 200)), "locked_book"),
        (((0.0, 0), (100.00, 200)), "dummy_price"),
        (((100.02, 300), (0.0, 0)), "dummy_price"),
    ],
)
def test_an_odd_book_is_found_in_the_book_file(tmp_path: Path, top: Row, code: str) -> None:
    """Crossed, locked, or with an empty level on either side."""
    levels: Row = (*top, (100.03, 400), (99.99, 500)) if top[0][0] and top[1][0] else (*top, (0, 0), (0, 0))

    assert found(tmp_path, [(ADD, CALM), (ADD, levels)]) == [(code, BOOK, 2)]


def test_messages_of_no_shares_hidden_orders_and_halts_are_found(tmp_path: Path) -> None:
    """A halt has no shares by its format, so it is no message of zero size."""
    rows: list[tuple[Say, Row]] = [
        ((0.0, 5, 30, 100.015, 1), CALM),
        ((1.0, 4, 0, 100.02, -1), CALM),
        ((2.0, 7, 0, -0.0001, -1), CALM),
        ((3.0, 7, 0, 0.0, -1), CALM),
        ((4.0, 7, 0, 0.0001, -1), CALM),
    ]
    texts = [each.text for each in check(write_tape(tmp_path, rows)).found()]

    assert [code for code, _, _ in found(tmp_path, rows)] == ["hidden_execution", "zero_size", "halt", "halt", "halt"]
    assert texts == [
        "30 shares of a hidden order were executed at 100.0150",
        "a message of type 4 about no shares",
        "trading is halted at 09:30:02.000",
        "quoting resumes at 09:30:03.000",
        "trading resumes at 09:30:04.000",
    ]


ODD: list[tuple[Say, Row]] = [
    ((float(n * 50 % 170), 1 + n % 5, n % 3 * 10, 100.02, -1), CALM if n % 4 else ((0, 0), *CALM[1:2], (0, 0), (0, 0)))
    for n in range(40)
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tape with much that is odd."""
    return write_tape(tmp_path_factory.mktemp("odd"), ODD)


@given(st.lists(st.integers(0, len(ODD)), max_size=6))
def test_findings_do_not_depend_on_how_the_rows_are_fed(odd: Path, cuts: list[int]) -> None:
    """In one piece or in many."""
    tape = tape_in(odd)
    (chunk,) = chunks(tape)
    checker = MessageCheck(tape)
    edges = [0, *sorted(cuts), len(ODD)]
    for start, stop in pairwise(edges):
        checker.feed(chunk, start, stop)

    assert checker.findings.found() == check(odd).found()


@pytest.mark.parametrize(("name", "hidden"), [("AMZN", 2_445), ("AAPL", 11_332)])
def test_the_real_days_have_hidden_executions_and_nothing_else(name: str, hidden: int) -> None:
    """No gap, no crossed row, no time that goes back: 1.57 and 9.56 % of the messages are hidden executions."""
    assert check(real(name)).totals() == {"hidden_execution": hidden}
