"""What every entry of the registry ``models`` offers: a document that builds its market."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Protocol

from engine.base.errors import ExitCode, StressError
from engine.base.units import micros_from_usd
from engine.domain.ports import MarketModel
from engine.kernel.world import World
from engine.market import models


class ModelDocument(Protocol):
    """The ``market`` part of a scenario, once its model is known.

    It may have a property ``symbols``: what it trades, where the document says so. `stress validate` then finds a
    wrong symbol without the market's data. A document made of other models' documents has ``part_of(symbol)``, the
    one that trades a symbol, and its market has ``parts``.
    """

    levers: ClassVar[frozenset[str]]
    """The fields of :class:`engine.domain.ports.Levers` that it obeys; a fault that needs another one is refused."""

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> MarketModel:
        """The market of this document, at time 0.

        *open_s* is ``clock.start`` in seconds after midnight of the exchange; *find* turns a path of the document
        into a file (raise NotReadyError there if it may not be read).
        """
        ...


class MarketError(StressError):
    """A market that cannot be built from its document; ``at`` leads to the value that is to blame, if one is."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT

    def __init__(self, reason: str, instruction: str = "", *, at: tuple[str | int, ...] = ()) -> None:
        super().__init__(reason, instruction)
        self.at = at


LEAST_TICKS = 100
"""A price is at least so many ticks: with fewer each step of it is more than 1 %, and no market is left to stress. Our
own figure; exchanges' grids are finer (Regulation NMS rule 612: a cent from 1 USD on, 0.0001 USD below)."""
USUAL_TICK = 0.01
"""A coarser one is to blame for a grid that does not fit, else the price is."""


def price_and_tick(symbol: str, price: float, tick: float, place: int) -> tuple[int, int]:
    """The price and the tick of the instrument at *place* in micro-dollars.

    Raise MarketError if either is none, or the grid is too coarse for the price.
    """
    price_micros, tick_micros = _micros(symbol, "price", price, place), _micros(symbol, "tick", tick, place)
    if price_micros < LEAST_TICKS * tick_micros:
        raise MarketError(
            f"{symbol}: a price of at least {LEAST_TICKS} ticks was expected, was {price:.10g} at a tick of "
            f"{tick:.10g} USD",
            "make the tick finer, or the price higher",
            at=("instruments", place, "tick" if tick > USUAL_TICK else "price"),
        )
    return price_micros, tick_micros


def _micros(symbol: str, name: str, value: float, place: int) -> int:
    try:
        return micros_from_usd(value)
    except ValueError as error:
        raise MarketError(
            f"{symbol}: {error}", "prices and ticks have at most six decimals", at=("instruments", place, name)
        ) from error


OVERLAID = frozenset({"price_factor", "depth_factor", "spread_factor", "volume_factor"})
"""The levers of a market whose quotes are laid over a path that it does not make itself: a random walk, a tape."""


def document_of(document: object, symbol: str) -> object:
    """The document that trades *symbol*: *document* itself, or the part of it that does."""
    part_of = getattr(document, "part_of", None)
    return document if part_of is None else part_of(symbol)


def levers_of(document: object) -> frozenset[str]:
    """The levers that the market of *document* obeys; none, if it declares none."""
    declared: frozenset[str] = getattr(document, "levers", frozenset())
    return declared


def model_word(document: object) -> str:
    """The model of *document*, as it is called in YAML. Raise LookupError if it is no registered model's."""
    for word, made in models:
        if made is type(document):
            return word
    raise LookupError(f"the document of a registered model was expected, was {type(document).__name__}")


def parts_of(model: MarketModel) -> tuple[MarketModel, ...]:
    """The markets that *model* is made of; itself, if it is one."""
    parts: tuple[MarketModel, ...] = getattr(model, "parts", (model,))
    return parts
