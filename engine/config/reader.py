"""Reads one YAML file: values by the rules of YAML 1.2, each with its place, and every trap refused by name.

PyYAML's C parser gives events; the tree is built here, so that depth, size and aliases are bounded while reading
(its own composer recurses and dies on deep nesting). What is accepted is written down in :mod:`engine.config.scalars`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engine.base.errors import NotReadyError
from engine.config.mark import Mark
from engine.config.node import Node
from engine.config.problems import Problems
from engine.config.scalars import Refused, scalar
from engine.config.syntax import explain_syntax
from engine.config.traps import refuse_no_break_space, refuse_tag, warn_if_cut

try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]
except ImportError as _error:
    raise NotReadyError(
        "PyYAML was installed without its C parser", "install its wheel: pip install --force-reinstall pyyaml"
    ) from _error

MOST_NODES = 20_000
"""Values in one document, counted after aliases are expanded."""

MOST_DEPTH = 40
"""Mappings and lists inside each other."""


def read_text(text: str, file: str, problems: Problems) -> Node | None:
    """The document in *text*, shown to the user as *file*; None with *problems* added if it cannot be used."""
    before = len(problems.errors)
    problems.remember(file, text)
    reading = _Reading(text, file, problems, problems.sources[file])
    try:
        top = reading.document()
    except _StopReadingError:
        return None
    except YAMLError as error:
        explain_syntax(error, text, file, problems)
        return None
    return top if len(problems.errors) == before else None


class _StopReadingError(Exception):
    """A limit is passed or there is nothing to read; the problem has been added."""


@dataclass(slots=True)
class _Anchor:
    node: Node | None
    nodes: int
    depth: int


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    node: Node
    anchor: str | None
    first_node: int
    deepest: int
    key: tuple[str, Mark] | None = None
    wants_key: bool = True
    skip: bool = False
    """The value about to come belongs to a key that was refused."""
    lost_dash: bool = False
    """A list's item whose first key came again: what follows is most likely the next item."""


@dataclass(slots=True)
class _Reading:
    text: str
    file: str
    problems: Problems
    lines: tuple[str, ...]
    nodes: int = 0
    anchors: dict[str, _Anchor] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    top: Node | None = None

    def document(self) -> Node:
        """The whole document. Raise _StopReadingError if there is none or a limit is passed."""
        documents = 0
        for event in self._events():
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent:
                self._open(event, {})
            elif kind is SequenceStartEvent:
                self._open(event, [])
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close()
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    self._stop(
                        "Y105", "a second document begins here", self._mark(event), "keep one document in a file"
                    )
        return self._checked_top()

    def _checked_top(self) -> Node:
        top = self.top
        if top is None or top.value is None:
            self._stop(
                "Y101",
                "the file is empty or holds only comments",
                Mark(self.file),
                "begin with a line such as 'scenario: name'",
            )
        if not isinstance(top.value, dict):
            what = "a list" if isinstance(top.value, list) else "a single text"
            self._stop(
                "Y106",
                f"'key: value' lines were expected, was {what}",
                top.mark,
                "begin with the kind: 'scenario: name'",
            )
        return top

    def _events(self) -> Iterator[Any]:
        parser = CParser(self.text)
        while parser.check_event():
            yield parser.get_event()

    def _scalar(self, event: Any) -> None:
        mark = self._mark(event)
        refuse_tag(event.tag, mark, self.problems, known=event.implicit[0] or event.implicit[1])
        value: Any = event.value
        is_plain = event.style is None or event.style == ""
        if is_plain:
            refuse_no_break_space(value, mark, self.problems)
            if not self._at_key():
                value = self._typed(value, mark)
                warn_if_cut(value, self.text, event.end_mark, mark, self.problems)
            elif value == "<<":
                return self._refuse_key(
                    "Y123",
                    "merge keys (<<) are not accepted",
                    mark,
                    "write the keys out; a whole document builds on another by 'extends: base/name'",
                )
            else:
                typed = scalar(value)
                if typed != value or not isinstance(typed, str):
                    help = f'write "{value}" in quotes if it is a name' if value else "write a name before the colon"
                    return self._refuse_key("Y121", "a key must be a text", mark, help)
        self._put(Node(value, mark, None, is_plain), event.anchor, 1, 0)
        return None

    def _typed(self, text: str, mark: Mark) -> Any:
        value = scalar(text)
        if isinstance(value, Refused):
            self.problems.error(value.code, value.message, mark, value.help)
            return 0
        return value

    def _open(self, event: Any, value: Any) -> None:
        mark = self._mark(event)
        refuse_tag(event.tag, mark, self.problems, known=event.implicit)
        if len(self.stack) >= MOST_DEPTH:
            self._stop("Y131", f"more than {MOST_DEPTH} levels of nesting", mark, "nest less deeply")
        if self._at_key():
            self.problems.error(
                "Y121", "a key must be a text, not a mapping or list", mark, _brace_help(self.lines[mark.line - 1])
            )
            raise _StopReadingError
        self._count(1, mark)
        node = Node(value, mark, {} if isinstance(value, dict) else None)
        if event.anchor:
            self.anchors[event.anchor] = _Anchor(None, 0, 0)
        self.stack.append(_Open(node, event.anchor, self.nodes - 1, len(self.stack) + 1))

    def _close(self) -> None:
        done = self.stack.pop()
        depth = done.deepest - len(self.stack)
        if done.anchor:
            self.anchors[done.anchor] = _Anchor(done.node, self.nodes - done.first_node, depth)
        if done.node.keys:
            first = next(iter(done.node.keys.values()))
            if (first.line, first.col) == (done.node.mark.line, done.node.mark.col):
                done.node.mark = first
        self._place(done.node, depth)

    def _alias(self, event: Any) -> None:
        mark = self._mark(event)
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            self._stop(
                "Y125",
                f"'*{event.anchor}' names no anchor above",
                mark,
                "write the text in quotes if no alias is meant",
            )
        if anchor.node is None:
            self._stop(
                "Y126",
                f"'*{event.anchor}' stands inside the anchor '&{event.anchor}' that it repeats",
                mark,
                "write the value out",
            )
        if len(self.stack) + anchor.depth > MOST_DEPTH:
            self._stop("Y131", f"more than {MOST_DEPTH} levels of nesting", mark, "nest less deeply")
        if self._at_key():
            if isinstance(anchor.node.value, str):
                self._put(anchor.node, None, 1, 0)
                return
            self._stop("Y121", "a key must be a text", mark, "write the key out")
        self._count(anchor.nodes, mark)
        self._place(anchor.node, anchor.depth)

    def _put(self, node: Node, anchor: str | None, nodes: int, depth: int) -> None:
        self._count(nodes, node.mark)
        if anchor:
            self.anchors[anchor] = _Anchor(node, nodes, depth)
        self._place(node, depth)

    def _place(self, node: Node, depth: int) -> None:
        """Hang *node* where it belongs: as the document, an item, a key or a value."""
        if not self.stack:
            self.top = node
            return
        parent = self.stack[-1]
        parent.deepest = max(parent.deepest, len(self.stack) + depth)
        if isinstance(parent.node.value, list):
            parent.node.value.append(node)
        elif parent.wants_key:
            self._take_key(parent, str(node.value), node.mark)
        else:
            parent.wants_key = True
            if not parent.skip and parent.key and isinstance(parent.node.value, dict):
                parent.node.value[parent.key[0]] = node
            parent.skip = False

    def _take_key(self, parent: _Open, name: str, mark: Mark) -> None:
        parent.wants_key = False
        keys = parent.node.keys
        if keys is None:
            return
        if name in keys:
            first = keys[name]
            if not parent.lost_dash:
                parent.lost_dash = name == next(iter(keys)) and self._is_item()
                self.problems.error(
                    "Y122",
                    f"'{name[:40]}' stands twice: in line {first.line} and in line {mark.line}",
                    mark,
                    f"begin the next item with a dash: '- {name[:40]}: ...'"
                    if parent.lost_dash
                    else "take one of them out",
                )
            parent.skip = True
            return
        parent.key = (name, mark)
        keys[name] = mark

    def _is_item(self) -> bool:
        """Whether the innermost open mapping is an item of a list."""
        return len(self.stack) > 1 and isinstance(self.stack[-2].node.value, list)

    def _refuse_key(self, code: str, message: str, mark: Mark, help: str) -> None:
        self.problems.error(code, message, mark, help)
        self.stack[-1].wants_key = False
        self.stack[-1].skip = True

    def _at_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].wants_key and self.stack[-1].node.keys is not None

    def _count(self, nodes: int, mark: Mark) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            self._stop(
                "Y132",
                f"more than {MOST_NODES:,} values, aliases counted in full",
                mark,
                "write less into one document",
            )

    def _mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        end_col = end.column + 1 if end.line == start.line else len(self.lines[start.line]) + 1
        return Mark(self.file, start.line + 1, start.column + 1, max(end_col, start.column + 2))

    def _stop(self, code: str, message: str, mark: Mark, help: str = "") -> NoReturn:
        self.problems.error(code, message, mark, help)
        raise _StopReadingError


def _brace_help(line: str) -> str:
    if "{{" in line:
        return "a parameter is written ${name}"
    return "put ${...} and {...} in quotes" if "{" in line else "write a plain name"
