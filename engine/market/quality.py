"""What is wrong, or only odd, with market data: findings with file and row, collected in constant memory.

A finding is not an error: the file can be read, and a scenario says which findings it accepts. The checkers stand in
``quality_messages`` (LOBSTER) and ``quality_bars`` (OHLCV bars); both are fed as the file is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

KEPT_PER_CODE = 100
"""Findings of one code that are kept one by one; those after them are only counted."""

CODES: dict[str, str] = {
    "bad_bar": "The high of a bar is below its open or close, or the low above: one of the four is wrong",
    "clock_offset": "Receiver and exchange clock disagree by more than a feed is late: only relative latency counts",
    "crossed_book": "The best bid is above the best ask",
    "dummy_price": "A level of the book is empty and carries the file format's dummy price (±9999999999)",
    "duplicate_stamp": "A bar has the time of the bar above it",
    "far_price": "An order rests 20 % or more off the usual price: real, but not part of the market's depth",
    "flat_bar": "Open, high, low and close of a bar are equal: often only the close was recorded",
    "gap": "Rows are missing: no message for long, or no bar where bars are usual",
    "halt": "Trading was halted or resumed by the exchange",
    "hidden_execution": "A hidden order was executed: it has no number and does not move the book",
    "late_snapshot": "The book's snapshot comes after the first updates: keep those until it is there, then join",
    "locked_book": "The best bid equals the best ask",
    "missing_hour": "A session's data begin half an hour or more after the usual first bar",
    "missing_update": "An update does not follow on the one before it: the book is wrong from there on",
    "out_of_order": "A row has an earlier time than the row above it",
    "short_day": "A session's data end half an hour or more before the usual last bar, as on a half day",
    "symbol_change": "Across a gap the price changed more than fivefold: probably another instrument",
    "unknown_order": "An order is changed or deleted that does not live: it is older than the file, or already gone",
    "whole_second_stamps": "The exchange's stamps have whole seconds only: order within a second is not known",
    "zero_size": "A message about an order of no shares",
    "zero_volume": "Nothing was traded in a bar: a halt, or a bar that was made up",
}
"""Every code of a finding and what it means. A code, once published, keeps its meaning."""

ROUTINE = ("dummy_price", "flat_bar", "hidden_execution", "short_day")
"""What sound data show on ordinary days; a scenario that says nothing else accepts these."""

_KEPT_OF_ROUTINE = 10
"""Routine findings run into thousands and read alike: fewer are kept."""


@dataclass(frozen=True)
class DataFinding:
    """One thing found in a file: what, where, and how often where one finding stands for several."""

    code: str
    file: str
    row: int
    """The row as a person counts, from 1 and with any header line; 0 is the file as a whole."""
    text: str
    """One plain sentence with the figures."""
    t_ns: int | None
    """The tape's own time: nanoseconds after midnight for messages, since 1970-01-01 UTC for bars; None if it has
    none.
    """
    count: int = 1
    """How often: 1, but the last finding kept of a code also stands for all those after it."""


class Findings:
    """The findings of one tape: the first of each code, and how many there were."""

    def __init__(self) -> None:
        self._kept: dict[str, list[DataFinding]] = {}
        self._totals: Counter[str] = Counter()
        self._from_row = 0

    def add(self, code: str, file: str, row: int, text: str, t_ns: int | None) -> None:
        """Enter one finding."""
        if row >= self._from_row:
            self.add_lot(code, 1, [DataFinding(code, file, row, text, t_ns)])

    def add_lot(self, code: str, n: int, findings: Iterable[DataFinding]) -> None:
        """Enter *n* findings of one code; only those that are kept are drawn from *findings*, and so worded."""
        assert code in CODES, code
        kept = self._kept.setdefault(code, [])
        most = _KEPT_OF_ROUTINE if code in ROUTINE else KEPT_PER_CODE
        kept += islice(findings, min(n, most - len(kept)))
        self._totals[code] += n

    def total(self, code: str) -> int:
        """How many there were of one code."""
        return self._totals[code]

    def totals(self) -> dict[str, int]:
        """How many there were of each code that was found, by code."""
        return {code: self._totals[code] for code in sorted(self._totals) if self._totals[code]}

    def found(self) -> tuple[DataFinding, ...]:
        """The findings kept, by row. The counts of those of a code add up to its total."""
        shown: list[DataFinding] = []
        for code, kept in self._kept.items():
            if kept:
                shown += kept[:-1]
                shown.append(replace(kept[-1], count=self._totals[code] - len(kept) + 1))
        return tuple(sorted(shown, key=lambda each: (each.row, each.code)))

    def begin_at(self, row: int) -> None:
        """Forget everything found so far, and take nothing about rows before *row* from now on."""
        self._kept.clear()
        self._totals.clear()
        self._from_row = row
