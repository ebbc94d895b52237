"""Whether a scenario's market trades what the scenario names, and obeys what its faults pull there."""

from __future__ import annotations

from collections.abc import Sequence

from engine.base.words import listing, nearest
from engine.config.library import Library, Loaded
from engine.config.mark import Mark
from engine.config.node import Node, find, scalars
from engine.faults.fault import needed_levers
from engine.market import models
from engine.market.model_document import document_of, levers_of, model_word
from engine.market.venue_document import VenueDocument
from engine.runs.scenario import Scenario
from engine.runs.timeline import fault_of


def report_symbols(library: Library, loaded: Loaded[Scenario], traded: Sequence[str]) -> None:
    """Collect a problem for every symbol that the desk holds or a fault names and that is not *traded*, and for every
    fault that needs a lever which the market of its symbol does not have.
    """
    scenario = loaded.value
    named = [(symbol, loaded.key_mark("desk", "inventory", symbol)) for symbol in scenario.desk.inventory]
    for place, item in enumerate(scenario.timeline):
        for symbol in fault_of(item).symbols():
            mark = _mark_of(loaded, place, symbol)
            named.append((symbol, mark))
            if symbol in traded:
                _report_levers(library, loaded, place, symbol, mark)
    _report_untraded(library, named, traded)


def report_venue_symbols(library: Library, venue: Loaded[VenueDocument], traded: Sequence[str]) -> None:
    """Collect a problem for every symbol that the safeguards of *venue* name and that is not *traded*."""
    luld, breakers = venue.value.luld, venue.value.breakers
    named: list[tuple[str, Mark | None]] = []
    if breakers is not None:
        named.append((breakers.index_symbol, venue.mark("breakers", "index_symbol")))
    if luld is not None:
        named += [(symbol, venue.mark("luld", "tier_2", place)) for place, symbol in enumerate(luld.tier_2)]
        for block in ("leverage", "previous_close_usd"):
            named += [(symbol, venue.key_mark("luld", block, symbol)) for symbol in getattr(luld, block)]
    _report_untraded(library, named, traded)


def _report_untraded(library: Library, named: Sequence[tuple[str, Mark | None]], traded: Sequence[str]) -> None:
    for symbol, mark in named:
        if symbol not in traded:
            close = nearest(symbol, traded)
            hint = f"did you mean '{close}'?" if close else f"the market has {listing(traded)}"
            library.problems.error("T709", f"the market has no instrument '{symbol}'", mark, hint)


def _report_levers(library: Library, loaded: Loaded[Scenario], place: int, symbol: str, mark: Mark | None) -> None:
    """A fault that would pull at nothing is not injected: its market moves by other means, or not at all."""
    item, document = loaded.value.timeline[place], document_of(loaded.value.market, symbol)
    missing = needed_levers(fault_of(item)) - levers_of(document)
    if not missing:
        return
    able = [word for word, model in models if needed_levers(fault_of(item)) <= levers_of(model)]
    library.problems.error(
        "T715",
        f"{item.fault} cannot work on {symbol}: the market model '{model_word(document)}' has no "
        f"{' and no '.join(sorted(missing))} to pull",
        mark,
        f"models that have it: {listing(able)}" if able else "no market model has it",
    )


def _mark_of(loaded: Loaded[Scenario], place: int, symbol: str) -> Mark | None:
    """Where the fault of the timeline item at *place* names *symbol*: as a value, in a list, or as a key."""
    at = ("timeline", place, "with")
    node = find(loaded.node, at)
    marks = (
        [*_key_marks(node, symbol), *(found.mark for _, found in scalars(node) if found.value == symbol)]
        if node
        else []
    )
    return marks[0] if marks else loaded.mark(*at, "symbol")


def _key_marks(node: Node, symbol: str) -> list[Mark]:
    """The keys called *symbol* one level below *node*, as in ``beta: {QQQ: 1.2}``."""
    return [inner.key_mark(symbol) for inner in node.entries().values() if symbol in inner.entries()]
