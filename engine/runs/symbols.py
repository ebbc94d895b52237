"""Whether every symbol that a scenario names is one that its market trades."""

from __future__ import annotations

from collections.abc import Sequence

from engine.base.words import listing, nearest
from engine.config.library import Library, Loaded
from engine.runs.scenario import Scenario
from engine.runs.timeline import fault_of


def report_symbols(library: Library, loaded: Loaded[Scenario], traded: Sequence[str]) -> None:
    """Collect a problem for every symbol that the desk holds or a fault names and that is not *traded*."""
    scenario = loaded.value
    named = [(symbol, loaded.key_mark("desk", "inventory", symbol)) for symbol in scenario.desk.inventory]
    for place, item in enumerate(scenario.timeline):
        mark = loaded.mark("timeline", place, "with", "symbol")
        named += [(symbol, mark) for symbol in fault_of(item).symbols()]
    for symbol, mark in named:
        if symbol not in traded:
            close = nearest(symbol, traded)
            hint = f"did you mean '{close}'?" if close else f"the market has {listing(traded)}"
            library.problems.error("T709", f"the market has no instrument '{symbol}'", mark, hint)
