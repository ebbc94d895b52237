"""The quotes of one symbol that stood within a stretch of time, for effects that are read off the venue's quotes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter

from engine.domain.records import VenueQuote
from engine.kernel.event_log import EventLog

_TIME = attrgetter("t_ns")


def standing(log: EventLog, symbol: str, start_ns: int, end_ns: int) -> list[VenueQuote]:
    """The last quote of *symbol* before *start_ns*, if there is one, and every one up to *end_ns*, in order.

    Quotes come in order of time, so the rest of the run need not be looked at.
    """
    quotes = log.of(VenueQuote)
    begin, end = bisect_left(quotes, start_ns, key=_TIME), bisect_right(quotes, end_ns, key=_TIME)
    before = next((place for place in range(begin - 1, -1, -1) if quotes[place].symbol == symbol), begin)
    return [quote for quote in quotes[before:end] if quote.symbol == symbol]
