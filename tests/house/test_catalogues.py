"""The registries: a folder's listing is the catalogue, and everything in it says what it is."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

from engine.base.registry import Registry
from engine.config.codes import CODES
from engine.faults import faults
from engine.market import models
from engine.metrics import metrics
from engine.metrics.happenings import HAPPENINGS
from engine.metrics.metric import Metric
from tests.house.house import REPOSITORY

ROOMS: dict[str, Registry[Any]] = {"faults": faults, "market": models, "metrics": metrics}
ENTRIES = [pytest.param(room, name, id=f"{room}/{name}") for room, found in ROOMS.items() for name in found.names()]
MODULES = sorted((REPOSITORY / "engine").rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_entries(room: str) -> None:
    """A catalogue that loads nothing would let every test below pass."""
    assert len(ROOMS[room].names()) >= 2


@pytest.mark.parametrize(("room", "name"), ENTRIES)
def test_the_name_is_the_modules(room: str, name: str) -> None:
    """``engine/faults/feed_delay.py`` is ``feed_delay``, and nothing else is."""
    assert ROOMS[room].module_of(name) == f"engine.{room}.{name}"
    assert (REPOSITORY / "engine" / room / f"{name}.py").is_file()


@pytest.mark.parametrize(("room", "name"), ENTRIES)
def test_every_entry_says_what_it_is(room: str, name: str) -> None:
    """A whole first line, in the module and in the thing itself; ``stress list`` and ``explain`` print it."""
    thing = ROOMS[room].get(name)
    own = thing.doc if isinstance(thing, Metric) else thing.__doc__ or ""
    module = importlib.import_module(ROOMS[room].module_of(name)).__doc__ or ""

    for text in (inspect.cleandoc(own), inspect.cleandoc(module)):
        first = text.partition("\n\n")[0]
        assert len(first.split()) >= 3
        assert first.endswith((".", "%"))
    assert not own.startswith(f"{getattr(thing, '__name__', '')}(")


@pytest.mark.parametrize("name", faults.names())
def test_every_fault_is_a_frozen_document(name: str) -> None:
    """What is said does not change while it is played; keyword-only, so that YAML keys are its fields."""
    cls: Any = faults.get(name)

    assert cls.__dataclass_params__.frozen
    assert all(field.kw_only and field.metadata for field in dataclasses.fields(cls))


def test_every_fault_has_its_cases_and_every_cases_file_its_fault() -> None:
    """A new fault is one file, one cases file, and the schema."""
    cases = {path.stem for path in (REPOSITORY / "tests" / "cases" / "faults").glob("*.yaml")}

    assert cases == set(faults.names())


@pytest.mark.parametrize("name", metrics.names())
def test_a_metric_is_named_with_its_unit(name: str) -> None:
    """``_ms`` is in milliseconds, ``_usd`` in dollars, ``_s`` in seconds: from YAML to report one word."""
    unit = metrics.get(name).unit
    words = {"ms": "ms", "usd": "USD", "s": "s", "bps": "bps", "mb": "MB", "shares": "shares"}
    last = name.rpartition("_")[2]

    if last in words:
        assert unit.lower() == words[last].lower()
    if last == "pct":
        assert unit in ("%", "pct")


def test_every_event_says_what_it_is() -> None:
    """Whoever writes must_happen finds out what it means."""
    assert all(len(event.doc.split()) >= 3 for event in HAPPENINGS.values())
    assert HAPPENINGS


def test_every_code_is_a_letter_and_three_digits_and_explained() -> None:
    """Codes are stable names; the page behind one is more than its title."""
    assert all(len(code) == 4 and code[0].isupper() and code[1:].isdigit() for code in CODES)
    assert all(entry.title and len(entry.explanation) > len(entry.title) for entry in CODES.values())
    assert len(CODES) > 50


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_everything_public_has_a_docstring(path: Path) -> None:
    """Every module, class, function and method that somebody else may use says in a sentence what it is."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [] if ast.get_docstring(tree) else [path.stem]
    silent += [node.name for node in _public(tree) if not ast.get_docstring(node)]

    assert silent == []


def _public(tree: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.ClassDef]:
    """The public functions and classes of a module, and the public methods of those classes."""
    found: list[ast.FunctionDef | ast.ClassDef] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not _is_setter(node):
            found.append(node)
            found += _public(node) if isinstance(node, ast.ClassDef) else []
    return found


def _is_setter(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether it sets a property, whose getter has said what it is."""
    return any(isinstance(word, ast.Attribute) and word.attr == "setter" for word in node.decorator_list)
