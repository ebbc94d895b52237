"""Parameters of a document: figures that a person may change with ``--set``, substituted for ``${name}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.base.keys import key
from engine.base.words import listing, nearest
from engine.config.excerpt import echo
from engine.config.mark import Mark
from engine.config.node import Node, Path
from engine.config.problems import Problems
from engine.config.scalars import Refused, scalar
from engine.config.unit_words import unit_of, with_unit

NAME = re.compile(r"[a-z][a-z0-9_]*")
_USE = re.compile(r"\$\{([^{}]*)\}")


@dataclass(frozen=True, kw_only=True)
class Param:
    """A figure or text that may be changed with ``--set`` and stands wherever the document says ``${name}``."""

    default: float | str = key("Its value unless --set gives another", example=15)
    min: float | None = key("The least that --set may give", default=None)
    max: float | None = key("The most that --set may give", default=None)
    no_effect_at: float | None = key(
        "The value at which what uses it does nothing; a fault is then skipped and says so", default=None
    )
    doc: str = key("What it means, in plain words", default="")


@dataclass(slots=True)
class Substituted:
    """A document with its parameters filled in."""

    node: Node
    values: dict[str, Any] = field(default_factory=dict)
    uses: dict[str, list[Path]] = field(default_factory=dict)
    """Where each parameter stood, as paths in the document."""
    misspelt: set[str] = field(default_factory=set)
    """Parameters that a wrong ``${...}`` most likely means: no word is lost about their not being used."""
    unresolved: set[Path] = field(default_factory=set)
    """Where ``${...}`` is left because it or its parameter is wrong; the problem has been added."""

    def origin(self, name: str) -> str:
        """Where the value of the parameter *name* comes from: its default's line, or nothing if --set gave it."""
        declared = self.node.entries().get("params")
        entry = declared.entries().get(name) if declared is not None else None
        default = entry.entries().get("default") if entry is not None else None
        return (
            f", its default in line {default.mark.line}" if default and default.value == self.values.get(name) else ""
        )


def substitute(top: Node, sets: Mapping[str, str], problems: Problems, *, has_params: bool = True) -> Substituted:
    """*top* with ``${name}`` replaced in its scalars, by the declared defaults and what *sets* gives instead."""
    declared = top.entries().get("params")
    done = Substituted(top)
    if has_params and declared is not None:
        for name, entry in declared.entries().items():
            _declare(name, entry, declared.key_mark(name), done, problems)
    known = list(declared.entries()) if declared is not None else []
    for name, text in sets.items():
        _set(name, text, declared, known, done, problems)
    filling = _Filling(done, known, problems, has_params)
    entries = {
        name: child if name == "params" and has_params else filling.fill(child, (name,))
        for name, child in top.entries().items()
    }
    done.node = Node(entries, top.mark, top.keys)
    for name in known:
        if name not in done.uses and name not in done.misspelt and declared is not None:
            problems.error(
                "P402",
                f"the parameter '{name}' is never used",
                declared.key_mark(name),
                f"write ${{{name}}} where it belongs, or take it out",
            )
    return done


def _declare(name: str, entry: Node, mark: Mark, done: Substituted, problems: Problems) -> None:
    if not NAME.fullmatch(name):
        better = _as_name(name)
        help = f"write {better}" if NAME.fullmatch(better) else "small letters, digits and _, beginning with a letter"
        problems.error("P406", f"'{name[:40]}' is not a parameter's name", mark, help)
        done.misspelt.add(name)
        return
    default = entry.entries().get("default")
    if default is None or not _is_value(default.value):
        return  # the schema says what is wrong with it
    done.values[name] = default.value
    if _is_number(default.value):
        if wrong := _out_of_range(name, default.value, entry):
            problems.error("P405", f"the default of '{name}' {wrong}", default.mark)
    elif any(word in entry.entries() for word in ("min", "max", "no_effect_at")):
        problems.error(
            "P405",
            f"the parameter '{name}' is a text; min, max and no_effect_at need a number",
            default.mark,
            "remove the quotes" if _is_number(scalar(str(default.value))) else "write the default as a number",
        )
        del done.values[name]  # else every use of it would be wrong too


def _set(name: str, text: str, declared: Node | None, known: list[str], done: Substituted, problems: Problems) -> None:
    place = Mark(f"<--set {name}={text if len(text) <= 40 else text[:37] + '...'}>")
    if name not in known or declared is None:
        close = nearest(name, known)
        hint = f"did you mean '{close}'?" if close else f"it has {listing(known)}" if known else "it has no parameters"
        problems.error("P403", f"the document has no parameter '{name[:40]}'", place, hint)
        return
    if name not in done.values:
        return
    if not _is_number(done.values[name]):
        done.values[name] = text
        return
    value = scalar(text.strip())
    if isinstance(value, Refused) or not _is_number(value):
        problems.error("P404", f"a number was expected for '{name}', was {echo(text)}", place, _unit_hint(name))
    elif wrong := _out_of_range(name, value, declared.entries()[name]):
        problems.error("P404", f"'{name}' {wrong}", place)
    else:
        done.values[name] = value


def _out_of_range(name: str, value: Any, entry: Node) -> str:
    bounds = {word: entry.entries()[word].value for word in ("min", "max") if word in entry.entries()}
    unit = unit_of(name)
    low, high = bounds.get("min"), bounds.get("max")
    if isinstance(low, int | float) and not value >= low:
        return f"must be at least {with_unit(low, unit)}, was {echo(value)}"
    if isinstance(high, int | float) and not value <= high:
        return f"must be at most {with_unit(high, unit)}, was {echo(value)}"
    return ""


def _unit_hint(name: str) -> str:
    unit = unit_of(name)
    return f"the unit ({unit}) is in the name; write the number alone" if unit else "write the number alone"


@dataclass(slots=True)
class _Filling:
    done: Substituted
    known: list[str]
    problems: Problems
    has_params: bool

    def fill(self, node: Node, path: Path) -> Node:
        """*node* with its scalars filled in; the same node if there was nothing to fill."""
        value = node.value
        if isinstance(value, str):
            return self.text(node, value, path) if "$" in value else node
        if isinstance(value, dict):
            children = {name: self.fill(child, (*path, name)) for name, child in value.items()}
            changed = any(children[name] is not value[name] for name in value)
            return Node(children, node.mark, node.keys) if changed else node
        if isinstance(value, list):
            items = [self.fill(child, (*path, place)) for place, child in enumerate(value)]
            return (
                Node(items, node.mark) if any(new is not old for new, old in zip(items, value, strict=True)) else node
            )
        return node

    def text(self, node: Node, text: str, path: Path) -> Node:
        if "${" not in text:
            self.done.misspelt |= {name for name in self.known if f"${name}" in text}
            return node
        names = _USE.findall(text)
        for name in names:
            self.use(name, node, path)
        if text.count("${") != len(names):
            name = nearest(text.rpartition("${")[2], self.known) or "name"
            self.problems.error("P401", "${ is not closed by }", node.mark, f"write ${{{name}}}")
            self.done.misspelt.add(name)
            self.done.unresolved.add(path)
        if path in self.done.unresolved:
            return node
        if len(names) == 1 and text == f"${{{names[0]}}}":
            return Node(self.done.values[names[0]], node.mark)
        return Node(_USE.sub(lambda use: str(self.done.values[use[1]]), text), node.mark)

    def use(self, name: str, node: Node, path: Path) -> None:
        if name in self.known and self.has_params:
            self.done.uses.setdefault(name, []).append(path)
            if name not in self.done.values:
                self.done.unresolved.add(path)
            return
        self.done.unresolved.add(path)
        if name in {_as_name(known) for known in self.done.misspelt}:
            return  # its declaration is refused
        close = nearest(name, self.known)
        hint = f"did you mean ${{{close}}}?" if close else "declare it under params:"
        if close:
            self.done.misspelt.add(close)
        if not self.has_params:
            hint = "this kind of document has no parameters; write the value"
        self.problems.error("P401", f"there is no parameter '{name[:40]}'", node.mark, hint)


def _as_name(text: str) -> str:
    """*text* as the name of a parameter, as far as it can be made one."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_value(value: object) -> bool:
    return _is_number(value) or isinstance(value, str)
