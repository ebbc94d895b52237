"""Tests of applying messages to the engine's own book."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.market.conformance import Conformance, conformance
from engine.market.tape import tape_in

from .real_data import real
from .samples import CALM, Row, Say, write_tape

START: tuple[Say, Row] = ((0.0, 1, 200, 100.00, 1), CALM)
"""100.00 × 200 and 99.99 × 500 against 100.02 × 300 and 100.03 × 400."""


def of(folder: Path, *rows: tuple[Say, Row]) -> Conformance:
    """The conformance of a tape that starts calm."""
    return conformance(tape_in(write_tape(folder, [START, *rows])))


ASKS, BIDS = CALM[0::2], CALM[1::2]


def book(asks: Row, bids: Row) -> Row:
    """A book row of two levels."""
    return asks[0], bids[0], asks[1], bids[1]


EXPLAINED: list[tuple[str, Say, Row, int]] = [
    ("an add at a level", (1, 1, 50, 100.00, 1), book(ASKS, ((100.00, 250), BIDS[1])), 0),
    ("an add inside the spread", (1, 1, 50, 100.01, -1), book(((100.01, 50), ASKS[0]), BIDS), 0),
    ("a partial cancel", (1, 2, 50, 100.02, -1), book(((100.02, 250), ASKS[1]), BIDS), 0),
    ("a deletion with one rolling in", (1, 3, 300, 100.02, -1), book((ASKS[1], (100.07, 9)), BIDS), 1),
    ("a deletion with nothing behind", (1, 3, 300, 100.02, -1), book((ASKS[1], (0, 0)), BIDS), 0),
    ("a visible execution", (1, 4, 200, 100.00, 1), book(ASKS, (BIDS[1], (99.90, 1))), 1),
    ("a hidden execution", (1, 5, 200, 100.01, 1), CALM, 0),
    ("a halt", (1, 7, 0, -0.0001, -1), CALM, 0),
]


@pytest.mark.parametrize(
    ("say", "row", "rolled"), [each[1:] for each in EXPLAINED], ids=[each[0] for each in EXPLAINED]
)
def test_a_message_explains_the_next_book(tmp_path: Path, say: Say, row: Row, rolled: int) -> None:
    """Each type does to the book what it says; a level that rolls in has no message."""
    assert of(tmp_path, (say, row)) == Conformance(1, 1, rolled, None)


UNEXPLAINED: list[tuple[str, Say, Row]] = [
    ("another size", (1, 1, 50, 100.00, 1), book(ASKS, ((100.00, 251), BIDS[1]))),
    ("the other side", (1, 1, 50, 100.00, 1), book(((100.02, 350), ASKS[1]), BIDS)),
    ("a hidden execution that moves the book", (1, 5, 50, 100.00, 1), book(ASKS, ((100.00, 150), BIDS[1]))),
    ("a level that was not there", (1, 3, 50, 100.01, -1), CALM),
    ("more than was there", (1, 3, 301, 100.02, -1), book((ASKS[1], (100.07, 9)), BIDS)),
    ("one that rolls in at the front", (1, 3, 300, 100.02, -1), book(((100.025, 9), ASKS[1]), BIDS)),
    ("one that rolls in without room", (1, 2, 50, 100.02, -1), book(((100.02, 250), (100.04, 1)), BIDS)),
]


@pytest.mark.parametrize(("say", "row"), [each[1:] for each in UNEXPLAINED], ids=[each[0] for each in UNEXPLAINED])
def test_a_book_that_its_message_does_not_explain_is_named(tmp_path: Path, say: Say, row: Row) -> None:
    """By its row; what comes after is judged from the tape's own book again."""
    assert of(tmp_path, (say, row), ((2, 5, 1, 100.01, 1), row)) == Conformance(1, 2, 0, 2)


def test_one_row_has_no_transition(tmp_path: Path) -> None:
    """Nothing to explain, nothing explained."""
    assert of(tmp_path) == Conformance(0, 0, 0, None)


@pytest.mark.parametrize(("name", "total", "rolled"), [("AMZN", 155_934, 33_840), ("AAPL", 118_496, 30_071)])
def test_the_real_days_are_explained_without_exception(name: str, total: int, rolled: int) -> None:
    """100 % of the transitions, with as many levels rolling in as measured apart from this code."""
    assert conformance(tape_in(real(name))) == Conformance(total, total, rolled, None)
