"""A schema's error with its place in the document, in the words of the person who wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.config.mark import Mark
from engine.config.node import Node, Path, find, nearest_mark
from engine.config.place import Place, place_of
from engine.config.problems import Problem


@dataclass(slots=True)
class At:
    """A schema error with its place in the document *top* of *cls*, whose first key is *kind*."""

    cls: type
    top: Node
    path: Path
    kind: str
    error: Any
    elsewhere: Mapping[str, str]
    """Keys that only one kind of document has, with that kind's word."""

    @property
    def place(self) -> Place:
        """What the place is called."""
        return place_of(self.cls, self.top, self.path, self.kind)

    @property
    def key(self) -> str:
        """The key whose value is wrong; for a list's item, the list's."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def node(self) -> Node:
        """The value that is wrong."""
        return find(self.top, self.path) or self.top

    @property
    def in_name(self) -> bool:
        """Whether the name of a mapping's key is wrong, not a value."""
        return "propertyNames" in self.error.absolute_schema_path

    @property
    def mark(self) -> Mark:
        """Where it stands."""
        return self.node.key_mark(str(self.error.instance)) if self.in_name else nearest_mark(self.top, self.path)

    @property
    def subject(self) -> str:
        """``'drop_pct' in fault 'price_shock' (timeline item 'crash')``."""
        if self.in_name:
            return f"the name '{str(self.error.instance)[:40]}' in '{self.key}'"
        if not self.path:
            return f"the {self.kind}"
        if self.path == (self.kind,):
            return f"the name of the {self.kind}"
        item, last = self.place.around, self.path[-1]
        if isinstance(last, int):
            return f"an item of {item}"
        return f"'{last}' in {item}" if item else f"'{last}'"

    def problem(self, code: str, message: str, help: str = "", mark: Mark | None = None) -> Problem:
        """The problem that this error is."""
        return Problem(code, message, mark or self.mark, help, self.place.around or self.place.inside)
