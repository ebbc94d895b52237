"""Reads one YAML file: values by the rules of YAML 1.2, each with its place, and every trap refused by name.

PyYAML's C parser gives events; the tree is built here, so that depth, size and aliases are bounded while reading
(its own composer recurses and dies on deep nesting). What is accepted is written down in :mod:`engine.config.scalars`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from yaml import YAMLError
from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engine.config.mark import Mark
from engine.config.node import Node
from engine.config.problems import Problems
from engine.config.scalars import Refused, scalar
from engine.config.syntax import explain_syntax

MOST_NODES = 20_000
"""Values in one document, counted after aliases are expanded."""

MOST_DEPTH = 40
"""Mappings and lists inside each other."""

_NO_BREAK_SPACE = "\u00a0"


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
                "Y101", "the file holds no document", Mark(self.file), "begin with a line such as 'scenario: name'"
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
        self._refuse_tag(event, mark, known=event.implicit[0] or event.implicit[1])
        value: Any = event.value
        is_plain = event.style is None or event.style == ""
        if is_plain:
            if _NO_BREAK_SPACE in value:
                self._no_break_space(value, mark)
            if not self._at_key():
                value = self._typed(value, mark)
                self._warn_if_cut(event, value, mark)
            elif value == "<<":
                return self._refuse_key(
                    "Y123", "merge keys (<<) are not accepted", mark, "write 'extends: base/name' instead"
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
        self._refuse_tag(event, mark, known=event.implicit)
        if len(self.stack) >= MOST_DEPTH:
            self._stop("Y131", f"more than {MOST_DEPTH} levels of nesting", mark, "nest less deeply")
        if self._at_key():
            self.problems.error(
                "Y121", "a key must be a text, not a mapping or list", mark, "put ${...} and {...} in quotes"
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
            self._stop("Y126", f"'*{event.anchor}' stands inside the anchor '&{event.anchor}' that it repeats", mark)
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
            self.problems.error(
                "Y122",
                f"'{name[:40]}' stands twice: in line {first.line} and in line {mark.line}",
                mark,
                "take one of them out",
            )
            parent.skip = True
            return
        parent.key = (name, mark)
        keys[name] = mark

    def _refuse_key(self, code: str, message: str, mark: Mark, help: str) -> None:
        self.problems.error(code, message, mark, help)
        self.stack[-1].wants_key = False
        self.stack[-1].skip = True

    def _at_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].wants_key and self.stack[-1].node.keys is not None

    def _count(self, nodes: int, mark: Mark) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            self._stop("Y132", f"more than {MOST_NODES:,} values, aliases counted in full", mark, "split the document")

    def _refuse_tag(self, event: Any, mark: Mark, known: bool) -> None:
        if event.tag is not None or not known:
            tag = (event.tag or "!").replace("tag:yaml.org,2002:", "!!")
            self.problems.error(
                "Y124",
                f"the tag '{tag[:40]}' is not accepted",
                mark,
                "write the plain value; put a text that begins with ! in quotes",
            )

    def _no_break_space(self, text: str, mark: Mark) -> None:
        if text.startswith(_NO_BREAK_SPACE) or f":{_NO_BREAK_SPACE}" in text:
            col = mark.col + text.index(_NO_BREAK_SPACE)
            at = Mark(mark.file, mark.line, col, col + 1)
            self.problems.error(
                "Y115", "a no-break space stands where a space was expected", at, "replace it with a plain space"
            )

    def _warn_if_cut(self, event: Any, value: Any, mark: Mark) -> None:
        """``title: Crash #2`` is cut at `` #``; a comment has two spaces before the # or one after it."""
        if not (isinstance(value, str) or value is None):
            return
        end = event.end_mark.index
        after = self.text[end : end + 3]
        if value is None:
            after = self.text[end : end + 3].lstrip(" ")
            after = " " + after if after.startswith("#") else ""
        if len(after) == 3 and after.startswith(" #") and not after[2].isspace() and after[2] not in "#!":
            col = event.end_mark.column + 2
            at = Mark(self.file, event.end_mark.line + 1, col, col + 1)
            self.problems.warn(
                "W601", "the text ends before this #, the rest is a comment", at, 'put the whole text in "quotes"'
            )

    def _mark(self, event: Any) -> Mark:
        start, end = event.start_mark, event.end_mark
        end_col = end.column + 1 if end.line == start.line else len(self.lines[start.line]) + 1
        return Mark(self.file, start.line + 1, start.column + 1, max(end_col, start.column + 2))

    def _stop(self, code: str, message: str, mark: Mark, help: str = "") -> NoReturn:
        self.problems.error(code, message, mark, help)
        raise _StopReadingError
