"""What is odd in a file of bars, found bar by bar as it is read."""

from __future__ import annotations

from datetime import timedelta

from engine.base.units import NS_PER_S
from engine.market.bars import Bar, BarTape
from engine.market.quality import Findings
from engine.market.quality_sessions import Sessions, day_of, new_york_day_of, when

NS_PER_DAY = 86_400 * NS_PER_S
JUMP_FACTOR = 5
"""A price that changes more than so many fold across a gap is probably that of another instrument."""
HOLIDAYS_IN_A_ROW = 1
"""How many weekdays without trading are usual, beside the weekend: US markets close for one day at a time."""
_SUNDAY = 6
_USD = 1e6


class BarCheck:
    """The findings of one file of bars. Feed it every bar once, in the file's order; ``finish`` at the file's end.

    A night or a weekend is no gap where the file has trading sessions; where it runs around the clock, it is one.
    A session is compared with the usual one, so nothing is said of sessions before three have been seen.
    """

    def __init__(self, tape: BarTape) -> None:
        self.findings = Findings()
        self._file = tape.path.name
        self._bar_ns = tape.bar_ns
        self._intraday = tape.bar_ns < NS_PER_DAY
        self._sessions = Sessions(tape, self.findings) if self._intraday else None
        self._last: Bar | None = None
        self._nights = 0
        """How often the file passes over midnight with a pause …"""
        self._through = 0
        """… and how often without one."""
        self._sundays = 0

    def feed(self, bar: Bar) -> None:
        """Check the next bar."""
        self._shape(bar)
        last = self._last
        if last is not None and bar.stamp_ns <= last.stamp_ns:
            self._out_of_place(bar, last)
            return
        self._sundays += day_of(bar.stamp_ns).weekday() == _SUNDAY
        if last is None:
            if self._sessions is not None:
                self._sessions.begin(bar)
        elif bar.stamp_ns - last.stamp_ns > self._bar_ns:
            self._pause(last, bar)
        elif bar.stamp_ns // NS_PER_DAY != last.stamp_ns // NS_PER_DAY:
            self._through += 1
        self._last = bar

    def finish(self) -> None:
        """The file has ended: judge its last session."""
        if self._sessions is not None and self._last is not None and not self._around_the_clock:
            self._sessions.end(self._last)
            self._sessions.judge_first()

    def _add(self, code: str, bar: Bar, text: str) -> None:
        self.findings.add(code, self._file, bar.row, text, bar.stamp_ns)

    def _shape(self, bar: Bar) -> None:
        """What is odd in the bar by itself."""
        opened, high, low, close = bar.prices_micros
        if opened == high == low == close:
            self._add("flat_bar", bar, f"open, high, low and close are all {close / _USD:g}")
        if high < max(opened, close) or low > min(opened, close):
            four = f"open {opened / _USD:g}, high {high / _USD:g}, low {low / _USD:g}, close {close / _USD:g}"
            self._add("bad_bar", bar, f"the range does not hold open and close: {four}")
        if bar.volume == 0:
            self._add("zero_volume", bar, f"nothing was traded in the bar of {when(bar.stamp_ns)}")

    def _out_of_place(self, bar: Bar, last: Bar) -> None:
        if bar.stamp_ns == last.stamp_ns:
            self._add("duplicate_stamp", bar, f"its time {when(bar.stamp_ns)} is that of row {last.row}")
        else:
            text = f"its time {when(bar.stamp_ns)} is before {when(last.stamp_ns)} of row {last.row}"
            self._add("out_of_order", bar, text)

    def _pause(self, last: Bar, bar: Bar) -> None:
        """Bars are missing between *last* and *bar*, or the market was closed."""
        if bar.low_micros > JUMP_FACTOR * last.close_micros or last.close_micros > JUMP_FACTOR * bar.high_micros:
            text = (
                f"the price went from {last.close_micros / _USD:g} to {bar.open_micros / _USD:g} between "
                f"{when(last.stamp_ns)} and {when(bar.stamp_ns)}: probably another instrument"
            )
            self._add("symbol_change", bar, text)
        if self._is_gap(last, bar):
            days = (bar.stamp_ns - last.stamp_ns) / NS_PER_DAY
            length = f" ({days:,.1f} days)" if days >= 1 else ""
            between = f"between {when(last.stamp_ns)} and {when(bar.stamp_ns)}{length}"
            self._add("gap", bar, f"{self._missing(last, bar)} {between}")

    def _missing(self, last: Bar, bar: Bar) -> str:
        """How many bars are missing, or days where nobody trades around the clock."""
        bars = (bar.stamp_ns - last.stamp_ns) // self._bar_ns - 1
        if self._around_the_clock or (self._intraday and bars * self._bar_ns < NS_PER_DAY):
            return "1 bar is missing" if bars == 1 else f"{bars:,} bars are missing"
        return f"{_weekdays_between(last, bar)} weekdays have no bar"

    @property
    def _around_the_clock(self) -> bool:
        return self._through > self._nights if self._intraday else self._sundays > 0

    def _is_gap(self, last: Bar, bar: Bar) -> bool:
        """Whether bars are missing between the two; a pause over night begins a new session."""
        if self._sessions is None:
            return self._around_the_clock or _weekdays_between(last, bar) > HOLIDAYS_IN_A_ROW
        if self._around_the_clock or new_york_day_of(last.stamp_ns) == new_york_day_of(bar.stamp_ns):
            return True
        self._nights += 1
        self._sessions.end(last)
        self._sessions.begin(bar)
        return _weekdays_between(last, bar) > HOLIDAYS_IN_A_ROW


def _weekdays_between(last: Bar, bar: Bar) -> int:
    """Mondays to Fridays strictly between the days of two bars."""
    day, end = day_of(last.stamp_ns), day_of(bar.stamp_ns)
    weeks, rest = divmod(max((end - day).days - 1, 0), 7)
    return 5 * weeks + sum((day + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))
