"""The limits that the governor judges by: made ready for the checks, and held against their source while it runs."""

from __future__ import annotations

from collections.abc import Callable

from engine.base.units import MICROS_PER_USD, NS_PER_S
from engine.domain.orders import Instrument, NewOrder, ReplaceOrder
from engine.trading.asked import Check, SourceFault
from engine.trading.limits import Limits
from engine.trading.limits_given import limits_off, missing_limits
from engine.trading.limits_sha import limits_sha
from engine.trading.limits_source import OLDER, UNREACHABLE, LimitsSource, check_document
from engine.trading.own_book import OwnBook
from engine.trading.past import Groups
from engine.trading.rules import FirmRules, OrderRules, firm_rules, order_rules


class LimitsInForce:
    """One limits document at a time, and where it is read from. Raise nothing: what may not be taken is a fault."""

    def __init__(
        self,
        limits: Limits,
        instruments: tuple[Instrument, ...],
        day: str,
        book: OwnBook,
        checks_of: Callable[[OrderRules, FirmRules], tuple[Check, ...]],
    ) -> None:
        """*checks_of* says which checks have something to look at by the rules of an order."""
        self._instruments = {instrument.symbol: instrument for instrument in instruments}
        self._day = day
        self._book = book
        self._checks_of = checks_of
        self._source: LimitsSource | None = None
        self._sound: Limits | None = None
        """The last document that was read and found sound: reading it again says nothing new."""
        self._sound_ns = 0
        self._why = ""
        self._newest = ("", 0)
        """Of the documents that were in force: none before it is taken."""
        self._take(limits)

    @property
    def order(self) -> tuple[str, int]:
        """What documents are ordered by: the first day and the version."""
        return self.document.effective_from, self.document.version

    def rules_of(self, order: NewOrder | ReplaceOrder) -> tuple[OrderRules | None, Groups, tuple[Check, ...]]:
        """What holds for the order, the groups it belongs to, what it is asked; None if nobody knows its symbol."""
        symbol, strategy, trader = order.symbol, order.strategy, order.trader
        if not (type(symbol) is type(strategy) is type(trader) is str):
            return None, (), ()
        found = self._rules.get((symbol, strategy, trader))
        if found is None:
            instrument = self._instruments.get(symbol)
            if instrument is None:
                return None, (), ()
            rules = order_rules(self.document, instrument, strategy, trader)
            groups = tuple((group, self._book.group(group.level, group.name)) for group in rules.groups)
            for group, book in groups:
                if group.gross.is_on:
                    self._book.value(book)
            checks = self._checks_of(rules, self.firm)
            found = self._rules[symbol, strategy, trader] = (rules, groups, checks)
        return found

    def watch(self, source: LimitsSource) -> None:
        """Read from *source* from now on."""
        self._source = source

    def not_before(self, order: tuple[str, int]) -> None:
        """A document of this order was in force before the restart."""
        self._newest = max(self._newest, order)
        if self.order < self._newest:
            self._why = OLDER

    def read(self, now_ns: int) -> bool:
        """Ask the source; True if other limits are in force from now on."""
        if self._source is None:
            return False
        found, sha, why = self._source.read(), "", UNREACHABLE
        if found is not None:
            sha, why = self.sha, ""
            if found is not self._sound:
                sha, why = check_document(found, self.document, self.sha, tuple(self._instruments.values()), self._day)
            if not why and (found.effective_from, found.version) < self._newest:
                why = OLDER
        self._why = why
        if why or found is None:
            return False
        self._sound, self._sound_ns = found, now_ns
        if sha == self.sha:
            return False
        self._take(found)
        return True

    def fault(self, now_ns: int) -> SourceFault | None:
        """Why the limits may not be judged by now."""
        why = self._why
        if self._source is None and not why:
            return None
        silent_ns = now_ns - self._sound_ns
        if why in ("", UNREACHABLE) and silent_ns <= self.firm.age_ns:
            return None
        return SourceFault(why or UNREACHABLE, silent_ns / NS_PER_S, self.firm.age_ns / NS_PER_S)

    def _take(self, limits: Limits) -> None:
        """Judge by these limits from now on."""
        instruments = tuple(self._instruments.values())
        self.document = limits
        self.sha = limits_sha(limits)
        self.missing = missing_limits(limits, instruments)
        self.off = limits_off(limits, instruments)
        self.firm = firm_rules(limits)
        self.capital_micros = limits.capital_usd * MICROS_PER_USD
        self.by_symbol = {each.symbol: order_rules(limits, each, "", "") for each in instruments}
        self._rules: dict[tuple[str, str, str], tuple[OrderRules, Groups, tuple[Check, ...]]] = {}
        jumps = ((symbol, rules.jump) for symbol, rules in self.by_symbol.items())
        self.jumps = {symbol: jump.hard for symbol, jump in jumps if jump.hard is not None}
        """Symbols whose jumps are watched, with the most sigmas."""
        falls = ((each, limits.instrument.get(each.symbol)) for each in instruments)
        self.restricted_from_micros = {
            each.symbol: each.price_micros * (1 - own.short_sale_fall_pct / 100)
            for each, own in falls
            if own is not None and own.short_sale_fall_pct is not None
        }
        """Symbols whose falls are watched, with the mid from which short sales are restricted."""
        self.sector_of = dict[str, str]()
        """By symbol its sector, where sectors have a limit; those without a sector are one together."""
        if self.firm.sector.is_on:
            named = ((symbol, limits.instrument.get(symbol)) for symbol in self._instruments)
            self.sector_of = {symbol: (own.sector or "") if own else "" for symbol, own in named}
        self._newest = max(self._newest, self.order)
