"""The two times of a replay: the tape's, and the run's, which begins at ``from_time`` and may go faster."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.base.units import NS_PER_S
from engine.market.model_document import MarketError

LATEST_OPENING_S = 60.0
"""How long after the start a tape may begin (until then its first book stands), or before the end it may end."""
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)")
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReplayClock:
    """Which part of a tape is played, and how fast. Tape times are nanoseconds since the tape's own zero."""

    open_ns: int
    """The tape's time at time 0 of the run."""
    to_ns: int | None
    """The tape's time from which on nothing is played."""
    speed: float
    opening: str
    """Where ``open_ns`` comes from: ``clock.start``, or ``from_time`` and what it says."""

    def run_ns(self, stamp_ns: int) -> int:
        """The run's time at a time of the tape."""
        since_ns = stamp_ns - self.open_ns
        return since_ns if self.speed == 1 else round(since_ns / self.speed)

    def is_over(self, stamp_ns: int) -> bool:
        """Whether a row of this time is no longer played."""
        return self.to_ns is not None and stamp_ns >= self.to_ns

    def check_begin(self, name: str, first_ns: int, row: int, slack_ns: int = 0) -> None:
        """Raise MarketError if the tape *name* begins too long after the window does."""
        slack_ns = max(slack_ns, round(LATEST_OPENING_S * NS_PER_S))
        late_ns = first_ns - self.open_ns
        if late_ns > slack_ns:
            raise MarketError(
                f"the tape {name} begins {late_ns / NS_PER_S:,.3f} s after {self.opening} (row {row})",
                f"start within {slack_ns / NS_PER_S:,.0f} s of the tape's first row",
            )

    def check_end(self, name: str, last_ns: int, row: int, slack_ns: int = 0) -> None:
        """Raise MarketError if the tape *name* ends before the window begins, or too long before it ends."""
        slack_ns = max(slack_ns, round(LATEST_OPENING_S * NS_PER_S))
        if last_ns < self.open_ns:
            early_s = (self.open_ns - last_ns) / NS_PER_S
            raise MarketError(
                f"the tape {name} ends before {self.opening}, by {early_s:,.3f} s (row {row})",
                "start on the tape's day, before its last row",
            )
        if self.to_ns is not None and self.to_ns - last_ns > slack_ns:
            raise MarketError(
                f"the tape {name} ends {(self.to_ns - last_ns) / NS_PER_S:,.3f} s before to_time (row {row})",
                "end the window within the tape",
            )


def time_of_day_ns(text: str, field: str) -> int:
    """``HH:MM:SS`` in nanoseconds after midnight. Raise MarketError if it is no such time."""
    match = TIME_OF_DAY.fullmatch(text)
    if match is None:
        raise MarketError(f"{field}: a time of day was expected, was '{text}'", 'a tape of messages: "10:30:00"')
    hours, minutes, seconds = (int(part) for part in match.groups())
    return (hours * 3600 + minutes * 60 + seconds) * NS_PER_S


def moment_ns(text: str, field: str) -> int:
    """``YYYY-MM-DDTHH:MM:SS``, in UTC, in nanoseconds since 1970. Raise MarketError if it is no such time."""
    try:
        since = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC) - _UNIX
    except ValueError:
        raise MarketError(
            f"{field}: a day and time in UTC was expected, was '{text}'", 'a tape of bars: "2020-03-18T16:30:00"'
        ) from None
    return (since.days * 86_400 + since.seconds) * NS_PER_S


def day_text(t_ns: int) -> str:
    """The day in UTC of nanoseconds since 1970, ``YYYY-MM-DD``."""
    return datetime.fromtimestamp(t_ns // NS_PER_S, tz=UTC).date().isoformat()
