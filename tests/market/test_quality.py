"""Tests of findings and their bookkeeping."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.quality import CODES, KEPT_PER_CODE, ROUTINE, DataFinding, Findings


def gap(row: int) -> DataFinding:
    """A gap before a row."""
    return DataFinding("gap", "a.csv", row, f"a gap before row {row}", row * 10)


def test_codes_are_words_with_a_meaning() -> None:
    """So that they can be written in a scenario and explained."""
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in CODES)
    assert all(meaning[0].isupper() and not meaning.endswith(".") for meaning in CODES.values())
    assert list(CODES) == sorted(CODES)
    assert set(ROUTINE) <= set(CODES)


def test_findings_come_back_by_row() -> None:
    """Whatever their code and the order in which they were found."""
    findings = Findings()
    findings.add("zero_size", "a.csv", 7, "nothing", None)
    findings.add("gap", "a.csv", 3, "late", 5)

    assert findings.found() == (
        DataFinding("gap", "a.csv", 3, "late", 5),
        DataFinding("zero_size", "a.csv", 7, "nothing", None),
    )
    assert findings.totals() == {"gap": 1, "zero_size": 1}


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    """Nobody could allow it."""
    with pytest.raises(AssertionError, match="nonsense"):
        Findings().add("nonsense", "a.csv", 1, "?", None)


@given(st.lists(st.integers(0, 3 * KEPT_PER_CODE), max_size=5), st.sampled_from(["gap", "hidden_execution"]))
def test_the_counts_of_the_kept_add_up_to_the_total(lots: list[int], code: str) -> None:
    """However many came and in whatever lots: the last one kept stands for the rest."""
    findings, row = Findings(), 0
    for lot in lots:
        findings.add_lot(code, lot, (DataFinding(code, "a", row + n, "x", None) for n in range(lot)))
        row += lot

    assert findings.total(code) == sum(lots) == sum(each.count for each in findings.found())
    assert len(findings.found()) <= KEPT_PER_CODE


def test_only_what_is_kept_is_worded() -> None:
    """A million hidden executions do not cost a million sentences."""
    worded: list[int] = []

    def each() -> object:
        for row in range(1, 10_000):
            worded.append(row)
            yield gap(row)

    findings = Findings()
    findings.add_lot("gap", 9_999, each())  # type: ignore[arg-type]  # a generator of findings

    assert len(worded) == KEPT_PER_CODE
    assert findings.found()[-1].count == 9_999 - KEPT_PER_CODE + 1


def test_nothing_is_taken_of_rows_before_the_window() -> None:
    """What was found before is forgotten, and a late word about an earlier row is not heard."""
    findings = Findings()
    findings.add("gap", "a.csv", 3, "late", 5)
    findings.begin_at(10)
    findings.add("short_day", "a.csv", 9, "short", 5)

    assert findings.found() == ()
    assert findings.totals() == {}
    findings.add("short_day", "a.csv", 10, "short", 5)
    assert findings.totals() == {"short_day": 1}
