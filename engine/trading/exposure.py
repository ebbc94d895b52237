"""What everything is worth that is held and working: sums over symbols that are kept, and not made anew.

A decision asks for them, and must not take the longer the more symbols there are: with every change of a symbol its own
part is put in place of the one before. The parts are whole numbers of half micro-dollars (a mid may end on a half), so
that nothing is lost or won however often they change.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan

from engine.domain.governance import DeskView
from engine.domain.orders import BUY, SELL

HALVES = 2
"""Half micro-dollars in one."""

Part = tuple[int, int, int]
"""Of one symbol the worse side of position and working orders, and everything working, in half micro-dollars.

And 1 where something is held or working and there is no mark: then the sum is no number.
"""

NOTHING: Part = (0, 0, 0)


def part(position: int, buys: int, sells: int, mark: int | None) -> Part:
    """The part of a symbol with this position and these working shares; *mark* in half micro-dollars."""
    bought, sold = position + buys, sells - position
    shares = bought if bought > sold else sold  # the larger of |position + buys| and |position - sells|
    if not shares:
        return NOTHING
    return (0, 0, 1) if mark is None else (shares * mark, (buys + sells) * mark, 0)


class GrossSum:
    """The sum over symbols, each with its part."""

    __slots__ = ("_gross", "_open", "_parts", "_unmarked")

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}
        self._gross = self._open = self._unmarked = 0

    def put(self, symbol: str, new: Part) -> None:
        """From now on *symbol* counts as *new*."""
        old = self._parts.get(symbol, NOTHING)
        self._parts[symbol] = new
        self._gross += new[0] - old[0]
        self._open += new[1] - old[1]
        self._unmarked += new[2] - old[2]

    def instead(self, symbol: str, new: Part) -> tuple[float, float]:
        """Gross and open value in micro-dollars if *symbol* counted as *new*; NaN where a mark is missing."""
        old = self._parts.get(symbol, NOTHING)
        if self._unmarked - old[2] + new[2]:
            return nan, nan
        return (self._gross - old[0] + new[0]) / HALVES, (self._open - old[1] + new[1]) / HALVES


class Exposures:
    """The desk's sum over all symbols, and one for each sector that has a name."""

    def __init__(self) -> None:
        self.desk = GrossSum()
        self.marks: dict[str, int | None] = {}
        """The last mark of each symbol in half micro-dollars; None: it has none."""
        self._sector_of: Mapping[str, str] = {}
        self._sectors: dict[str, GrossSum] = {}
        self._seen = -1
        """The number of the view's last change that is in the sums."""

    def obey(self, sector_of: Mapping[str, str]) -> None:
        """From now on *sector_of* says which sector a symbol is in; every sum is made anew at the next look."""
        self._sector_of = sector_of
        self._sectors = {name: GrossSum() for name in sector_of.values()}
        self._seen = -1

    def sector(self, symbol: str) -> GrossSum:
        """The sum of the sector that *symbol* is in. Raise LookupError if sectors are not looked at."""
        return self._sectors[self._sector_of[symbol]]

    def follow(self, view: DeskView) -> tuple[str, ...]:
        """Put what has changed since the last look into the sums; the symbols that have."""
        self._seen, changed = view.moved(self._seen)
        for symbol in changed:
            mark_micros = view.mark_micros(symbol)
            sound = mark_micros is not None and isfinite(mark_micros)
            mark = self.marks[symbol] = round(HALVES * mark_micros) if sound and mark_micros is not None else None
            buys, sells = view.working(symbol, BUY), view.working(symbol, SELL)
            new = part(view.position(symbol), buys, sells, mark)
            self.desk.put(symbol, new)
            if self._sectors:
                self.sector(symbol).put(symbol, new)
        return changed
