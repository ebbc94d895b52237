"""The model ``mixed``: several markets side by side, one clock, each symbol in exactly one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from heapq import merge
from pathlib import Path
from typing import Any

from engine.base.keys import key
from engine.domain.orders import Instrument, NewOrder
from engine.domain.ports import Execution, Levers, MarketEvent, MarketModel
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.market import models
from engine.market.model_document import MarketError

Place = tuple[str | int, ...]


def _parts() -> dict[str, type[Any]]:
    """What a part may be: any model but this one."""
    return {word: document for word, document in models if document is not Mixed}


@models.register(lambda document: document)
@dataclass(frozen=True, kw_only=True)
class Mixed:
    """Several markets in one scenario: one symbol on the order book, fifty reduced, another from tape.

    Each part is a market of its own and knows nothing of the others: what a fault or the desk does in one does not move
    another. Reduced parts with the same step share their common factors. Faults pull what the symbol's own model obeys.
    """

    parts: tuple[Any, ...] = key(
        "The markets, each with its model; of events at the same instant those of the earlier part come first. "
        "A scenario adds to the parts that it inherits",
        tag="model",
        variants=_parts,
        min=1,
        grows=True,
    )

    def __post_init__(self) -> None:
        """Raise MarketError if two parts say that they trade the same symbol."""
        first: dict[str, int] = {}
        for number, part in enumerate(self.parts):
            for symbol in part.symbols if hasattr(part, "symbols") else ():
                if first.setdefault(symbol, number) != number:
                    raise _twice(symbol, first[symbol], number, ("parts", number, *_place_of(symbol, part)))

    @property
    def symbols(self) -> tuple[str, ...]:
        """What it trades, for `stress validate`; empty if only the data of a part know."""
        named = [tuple(getattr(part, "symbols", ())) for part in self.parts]
        return tuple(symbol for symbols in named for symbol in symbols) if all(named) else ()

    def part_of(self, symbol: str) -> Any:
        """The part that trades *symbol*; if none says so, the first of those that leave it to their data, or None."""
        parts = [part for part in self.parts if symbol in getattr(part, "symbols", ())]
        untold = [part for part in self.parts if not getattr(part, "symbols", ())]
        return next(iter(parts + untold), None)

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> MixedMarket:
        """The market at time 0. Raise what its parts raise, and MarketError if two of them trade the same symbol."""
        return mixed_of([part.build(world, open_s=open_s, find=find) for part in self.parts])


class MixedMarket:
    """Markets in a run, told apart by symbol. All are moved to the same instants.

    Every part gives the same events however time is cut, and they are merged by their times and then by their parts,
    so the whole does too.
    """

    def __init__(self, parts: Sequence[MarketModel]) -> None:
        """Raise MarketError if two parts trade the same symbol."""
        self.parts = tuple(parts)
        """The markets, in the order of the document."""
        self._of_symbol: dict[str, MarketModel] = {}
        self._of_order: dict[int, MarketModel] = {}
        self._now_ns = 0
        first: dict[str, int] = {}
        for number, part in enumerate(self.parts):
            for symbol in (instrument.symbol for instrument in part.instruments):
                if first.setdefault(symbol, number) != number:
                    raise _twice(symbol, first[symbol], number)
                self._of_symbol[symbol] = part

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What is traded, part by part."""
        return tuple(instrument for part in self.parts for instrument in part.instruments)

    @property
    def wants_until_ns(self) -> int:
        """The last instant for which every part has data."""
        return min(part.wants_until_ns for part in self.parts)

    def next_ns(self) -> int:
        """The next instant at which any part changes by itself."""
        return min(part.next_ns() for part in self.parts)

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """Bring every part to *t_ns*; what happened, in time order. Raise ValueError if time would go back."""
        if t_ns < self._now_ns:
            raise ValueError(f"the market stands at {self._now_ns} ns and was asked to go back to {t_ns} ns")
        self._now_ns = t_ns
        happened = [events for part in self.parts if (events := part.advance(t_ns))]
        if len(happened) == 1:
            return happened[0]
        return tuple(merge(*happened, key=_time))  # of the same instant it takes the earlier part's first

    def quote(self, symbol: str) -> Quote:
        """The top of book now, without the desk's own orders."""
        return self._of_symbol[symbol].quote(symbol)

    def levers(self, symbol: str) -> Levers:
        """The levers of one symbol; its own part obeys them."""
        return self._of_symbol[symbol].levers(symbol)

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        """From now on nobody trades *symbol* outside; 0/0 takes the bands away."""
        self._of_symbol[symbol].set_bands(symbol, lower_micros, upper_micros)

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        """Others stop trading in *symbol* (False), or go on."""
        self._of_symbol[symbol].set_trading(symbol, trading=trading)

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        """The call auction in the symbol's own part; what is left of *orders* rests there."""
        part = self._of_symbol[symbol]
        self._of_order |= {order.order_id: part for order in orders}
        return part.uncross(orders, symbol, reference_micros)

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order now: its immediate executions. The rest of a day limit order rests, any other rest dies."""
        part = self._of_symbol[order.symbol]
        self._of_order[order.order_id] = part
        return part.submit(order)

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        part = self._of_order.pop(order_id, None)
        return part.cancel(order_id) if part is not None else 0


class LookingMarket(MixedMarket):
    """A mixed market with one part that finds out by playing when it changes (an order book)."""

    def __init__(self, parts: Sequence[MarketModel], looking: Any) -> None:
        """Raise MarketError if two parts trade the same symbol."""
        super().__init__(parts)
        self._looking = looking

    def look_ahead(self, limit_ns: int) -> int:
        """Let that part go on until it has something to say, but not beyond *limit_ns*; when that was."""
        reached_ns: int = self._looking.look_ahead(limit_ns)
        return reached_ns

    @property
    def pending(self) -> bool:
        """Whether that part has something to say."""
        return bool(self._looking.pending)


def mixed_of(parts: Sequence[MarketModel]) -> MixedMarket:
    """The market of these *parts*.

    Raise MarketError if two trade the same symbol, or if two look ahead: the one that has played on could not hear of
    what the other does before.
    """
    looking = [(number, part) for number, part in enumerate(parts) if hasattr(part, "look_ahead")]
    if len(looking) > 1:
        (first, _), (second, _), *_ = looking
        raise MarketError(
            f"parts {first + 1} and {second + 1} of the market both play order books",
            "put their instruments into one part",
        )
    return LookingMarket(parts, looking[0][1]) if looking else MixedMarket(parts)


def _time(event: MarketEvent) -> int:
    return event.t_ns


def _twice(symbol: str, first: int, second: int, at: Place = ()) -> MarketError:
    return MarketError(
        f"parts {first + 1} and {second + 1} of the market both trade {symbol}",
        "let one of them trade it: a symbol has one market",
        at=at,
    )


def _place_of(symbol: str, part: Any) -> Place:
    """Where *part* names *symbol*: its own key, or that of an item of one of its lists."""
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name == "symbol" and value == symbol:
            return ("symbol",)
        for place, item in enumerate(value if isinstance(value, tuple) else ()):
            if getattr(item, "symbol", None) == symbol:
                return (field.name, place, "symbol")
    return ()
