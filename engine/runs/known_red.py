"""Whether the documented ways to make a scenario fail name what the scenario has."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.words import listing, nearest
from engine.config.library import Library, Loaded
from engine.runs.scenario import Scenario


def report_known_red(library: Library, loaded: Loaded[Scenario], gates: Iterable[str]) -> None:
    """Collect a problem for every parameter and gate that ``known_red`` names and the scenario has not."""
    known_gates = list(dict.fromkeys(gates))
    for place, item in enumerate(loaded.value.known_red):
        for name in item.set if loaded.params else ():  # an effective document has none left
            if name not in loaded.params:
                mark = loaded.key_mark("known_red", place, "set", name)
                hint = _hint(name, list(loaded.params)) or "declare it under params:"
                library.problems.error("P403", f"the document has no parameter '{name[:40]}'", mark, hint)
        if item.gate not in known_gates:
            mark = loaded.mark("known_red", place, "gate")
            library.problems.error(
                "R343", f"no gate '{item.gate[:40]}' judges this scenario", mark, _hint(item.gate, known_gates)
            )


def _hint(name: str, known: list[str]) -> str:
    close = nearest(name, known)
    return f"did you mean '{close}'?" if close else f"it has {listing(known)}" if known else ""
