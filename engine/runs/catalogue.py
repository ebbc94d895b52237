"""The catalogue: everything that has a name, with one line of what it is and a page that explains it."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Any

from engine.base.keys import yaml_name
from engine.base.words import nearest
from engine.config.codes import CODES
from engine.config.library import DocKind, Library
from engine.faults import faults
from engine.gates.gate import Gate, GateSet
from engine.market import models
from engine.market.agents.kinds import KINDS
from engine.metrics import metrics
from engine.metrics.happenings import HAPPENINGS
from engine.runs.documents import ARRIVALS, CONTROLS, GATE_SET, LIMITS, PROFILE, REALISM, SCENARIO, SUITE, VENUE
from engine.runs.pages import page
from engine.trading import defects

Entry = tuple[str, str]


def catalogue(kind: str, library: Library) -> list[Entry]:
    """The names of a kind (``faults``, ``scenarios``, …), each with its one line."""
    return _LISTINGS[kind](library)


def explain(name: str, library: Library) -> str | None:
    """The page about *name*: a code, fault, metric, model, agent, event, gate, control or document; None if unknown."""
    for explainer in (_code, _fault, _metric, _model, _defect, _event, _control, _gate, _document):
        found = explainer(name, library)
        if found is not None:
            return found
    return None


def closest(name: str, library: Library) -> str | None:
    """The known name that *name* was probably meant to be."""
    return nearest(name, [entry for kind in _LISTINGS for entry, _ in catalogue(kind, library)])


def _documents(kind: DocKind[Any], prefix: str = "") -> Callable[[Library], list[Entry]]:
    def listing(library: Library) -> list[Entry]:
        names = [name for name in library.names(kind) if name.startswith(prefix)]
        return [(name, library.title(kind, name)) for name in names]

    return listing


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _controls(library: Library) -> list[Entry]:
    loaded = library.load(CONTROLS, "controls")
    return [(entry.tag, entry.rule) for entry in loaded.value.entries] if loaded else []


_LISTINGS: dict[str, Callable[[Library], list[Entry]]] = {
    "scenarios": _documents(SCENARIO),
    "bases": lambda library: [(name, library.title(SCENARIO, name)) for name in library.base_names(SCENARIO)],
    "suites": _documents(SUITE),
    "gates": _documents(GATE_SET),
    "limits": _documents(LIMITS),
    "venues": _documents(VENUE),
    "profiles": _documents(PROFILE),
    "arrivals": _documents(ARRIVALS),
    "controls": _controls,
    "realism": _documents(REALISM),
    "faults": lambda _library: [(name, _first_line(made)) for name, made in faults],
    "metrics": lambda _library: [(name, made.doc.partition("\n")[0]) for name, made in metrics],
    "models": lambda _library: [(name, _first_line(made)) for name, made in models],
    "agents": lambda _library: [(name, _first_line(made)) for name, made in KINDS.items()],
    "defects": lambda _library: [(name, defects.story(name).partition("\n")[0]) for name in defects.names()],
    "events": lambda _library: [(name, made.doc) for name, made in HAPPENINGS.items()],
    "codes": lambda _library: [(code, entry.title) for code, entry in sorted(CODES.items())],
}


def _code(name: str, _library: Library) -> str | None:
    entry = CODES.get(name.upper())
    return f"{name.upper()}: {entry.title}\n\n{entry.explanation}" if entry else None


def _fault(name: str, _library: Library) -> str | None:
    """A fault may have the name of the agents that it brings along: then both."""
    pages = [page(f"fault {name}", faults.get(name))] if name in faults else []
    if name in KINDS:
        pages.append(page(f"agents {name} (in market.agents of an order_book)", KINDS[name]))
    return "\n\n\n".join(pages) or None


def _model(name: str, _library: Library) -> str | None:
    return page(f"market model {name}", models.get(name)) if name in models else None


def _metric(name: str, _library: Library) -> str | None:
    if name not in metrics:
        return None
    made = metrics.get(name)
    better = "neither direction" if made.better == "neither" else made.better
    facts = f"unit {made.unit or 'none'}, {better} is better, a gate takes {made.stat} unless it says otherwise"
    tolerance = "; zero tolerance: one is a FAIL in any phase" if made.zero_tolerance else ""
    return f"metric {name}\n\n{inspect.cleandoc(made.doc)}\n\n{facts}{tolerance}"


def _defect(name: str, _library: Library) -> str | None:
    if name not in defects.names():
        return None
    caught = "\n".join(f"caught by {each.gate} in {each.scenario}" for each in defects.caught_by(name))
    live = defects.live_only(name)
    return f"defect {name} (for a governor of kind defect)\n\n{defects.story(name)}\n\n{live or caught}"


def _event(name: str, _library: Library) -> str | None:
    return f"event {name} (for must_happen)\n\n{HAPPENINGS[name].doc}" if name in HAPPENINGS else None


def _control(name: str, library: Library) -> str | None:
    loaded = library.load(CONTROLS, "controls")
    entry = next((entry for entry in loaded.value.entries if entry.tag == name), None) if loaded else None
    if entry is None:
        return None
    seen = f"metrics: {', '.join(entry.metrics) or 'none yet'}\nreason codes: {', '.join(entry.reasons) or 'none'}"
    head = f"control {entry.tag}: {entry.rule}\n\n{entry.requirement}"
    return f"{head}\n\n{seen}\nsource: {entry.source} (grade {entry.grade})"


def _gate(name: str, library: Library) -> str | None:
    for set_name in library.names(GATE_SET):
        loaded = library.load(GATE_SET, set_name)
        gate_set: GateSet | None = loaded.value if loaded else None
        for place, gate in enumerate(gate_set.gates if gate_set else ()):
            if gate.gate == name and loaded is not None:
                return f"gate {name} at {loaded.mark('gates', place)}\n\n{_stated(gate)}"
    return None


def _stated(gate: Gate) -> str:
    """What a gate says, a line each, as its YAML has it."""
    lines = []
    for field in dataclasses.fields(gate):
        value = getattr(gate, field.name)
        if value in (None, (), "") or field.name == "gate":
            continue
        shown = ", ".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else value
        lines.append(f"  {yaml_name(field)}: {shown}")
    return "\n".join(lines)


def _document(name: str, library: Library) -> str | None:
    for kind in (SCENARIO, SUITE, GATE_SET, LIMITS, VENUE, PROFILE, ARRIVALS, REALISM):
        if name in library.names(kind):
            return f"{kind.word} {name}\n\n{library.title(kind, name)}"
    if name in library.base_names(SCENARIO):
        return f"base {name} (for extends)\n\n{library.title(SCENARIO, name)}"
    return None
