"""Trading sessions in a file of bars: the usual one, and those whose data begin late or end early."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from engine.base.units import NS_PER_S
from engine.market.bars import Bar, BarTape
from engine.market.quality import Findings

SESSIONS_FOR_USUAL = 3
"""How many sessions must have been seen before one is compared with the usual one."""
MUCH_MIN = 30
"""Minutes that are missing from the usual session: from so many on it is no stray bar but part of the day."""
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_US_OPEN = 9 * 60 + 30
"""US shares trade from 09:30 New York (https://www.nyse.com/markets/hours-calendars), whatever summer time does."""


@cache
def _new_york() -> ZoneInfo:
    return ZoneInfo("America/New_York")


def _utc(t_ns: int) -> datetime:
    return _UNIX + timedelta(seconds=t_ns // NS_PER_S)


def day_of(t_ns: int) -> date:
    """The day in UTC."""
    return _utc(t_ns).date()


def new_york_day_of(t_ns: int) -> date:
    """The day in New York, on which no session of the world's exchanges but those of Asia passes midnight."""
    return _utc(t_ns).astimezone(_new_york()).date()


def when(t_ns: int) -> str:
    """A time as ``2020-03-18 17:04Z``; midnight, as of daily bars, is only the day."""
    moment = _utc(t_ns)
    return f"{moment:%Y-%m-%d}" if moment.hour == moment.minute == 0 else f"{moment:%Y-%m-%d %H:%MZ}"


def _minute(t_ns: int) -> int:
    """Minutes after midnight in New York."""
    there = _utc(t_ns).astimezone(_new_york())
    return there.hour * 60 + there.minute


@dataclass(frozen=True, slots=True)
class _Edge:
    """The first or last bar of a session, and its minute of the day in New York."""

    bar: Bar
    minute: int


class Sessions:
    """The sessions of one file: each compared with the most frequent first and last bar so far.

    Where the usual session begins at 09:30 New York it is that of US shares: a late first bar is known as soon as it
    comes. Elsewhere summer time would look like lateness, so only the length of a session is compared.
    """

    def __init__(self, tape: BarTape, findings: Findings) -> None:
        self._tape = tape
        self._findings = findings
        self._starts: Counter[int] = Counter()
        self._ends: Counter[int] = Counter()
        self._spans: Counter[int] = Counter()
        self._seen = 0
        self._begun: _Edge | None = None
        self._unjudged: list[tuple[_Edge, _Edge]] = []

    def begin(self, bar: Bar) -> None:
        """A session begins with *bar*."""
        self._begun = _Edge(bar, _minute(self._tape.start_ns(bar)))
        if self._seen >= SESSIONS_FOR_USUAL:
            self._judge_start(self._begun)

    def end(self, bar: Bar) -> None:
        """The session has ended with *bar*."""
        begun, ended = self._begun, _Edge(bar, _minute(self._tape.start_ns(bar)))
        assert begun is not None
        self._starts[begun.minute] += 1
        self._ends[ended.minute] += 1
        self._spans[ended.minute - begun.minute] += 1
        self._seen += 1
        if self._seen <= SESSIONS_FOR_USUAL:
            self._unjudged.append((begun, ended))
        else:
            self._judge_end(begun, ended)
        if self._seen == SESSIONS_FOR_USUAL:
            self.judge_first()

    def judge_first(self) -> None:
        """Compare the first sessions, which came before anything was usual."""
        for begun, ended in self._unjudged:
            self._judge_start(begun)
            self._judge_end(begun, ended)
        self._unjudged.clear()

    @property
    def _of_us_shares(self) -> bool:
        return _usual(self._starts) == _US_OPEN

    def _judge_start(self, begun: _Edge) -> None:
        late_min = begun.minute - _usual(self._starts)
        if self._of_us_shares and late_min > 0:
            text = (
                f"the session begins at {_clock(begun.minute)} New York, {_clock(_usual(self._starts))} is usual: "
                f"{self._bars(late_min)} missing"
            )
            self._add("missing_hour" if late_min >= MUCH_MIN else "gap", begun.bar, text)

    def _judge_end(self, begun: _Edge, ended: _Edge) -> None:
        if self._of_us_shares:
            early_min = _usual(self._ends) - ended.minute
            text = f"the last bar is that of {_clock(ended.minute)} New York, {_clock(_usual(self._ends))} is usual: "
        else:
            span = ended.minute - begun.minute
            early_min = _usual(self._spans) - span
            text = f"the session lasts {span} minutes, {_usual(self._spans)} are usual: "
        if early_min > 0:
            code = "short_day" if early_min >= MUCH_MIN else "gap"
            self._add(code, ended.bar, f"{text}{self._bars(early_min)} missing")

    def _bars(self, minutes: int) -> str:
        n = minutes * 60 * NS_PER_S // self._tape.bar_ns
        return "1 bar is" if n == 1 else f"{n} bars are"

    def _add(self, code: str, bar: Bar, text: str) -> None:
        self._findings.add(code, self._tape.path.name, bar.row, text, bar.stamp_ns)


def _usual(seen: Counter[int]) -> int:
    """The most frequent; of equals the smallest, so that the order of days does not matter."""
    return max(seen, key=lambda minute: (seen[minute], -minute))


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
