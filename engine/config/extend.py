"""Lays a document over what it extends, and that over what it extends in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.config.kinds import DocKind
from engine.config.mark import Mark
from engine.config.merge import merge, take_out
from engine.config.node import Node
from engine.config.problems import Problems
from engine.config.workspace import Workspace

MOST_PARENTS = 10
"""Documents that may extend each other in a row."""


@dataclass(frozen=True)
class Extender:
    """Follows ``extends`` from document to document of one kind."""

    kind: DocKind[Any]
    workspace: Workspace
    problems: Problems
    parent_at: Callable[[Path, Mark], Node | None]
    """Reads and checks a document that others extend; None, with its problems added, if it cannot be used."""

    known: Callable[[], Sequence[str]]
    """The names that may stand behind ``extends``."""

    def merged(self, path: Path, own: Node, chain: tuple[Path, ...] = ()) -> Node | None:
        """*own*, the document at *path*, laid over what it extends; None, with a problem added, if that cannot be."""
        asked = own.entries().get("extends")
        if asked is None:
            self._refuse_without(own)
            return own
        if not isinstance(asked.value, str):
            return own  # the schema says what is wrong
        parent_path = self.workspace.resolve(self.kind.folder, asked.value, asked.mark, self.problems, self.known)
        if parent_path is None or self._is_endless(parent_path, own, (*chain, path)):
            return None
        parent = self.parent_at(parent_path, asked.mark)
        whole = self.merged(parent_path, parent, (*chain, path)) if parent is not None else None
        if whole is None:
            return None
        inherited = take_out(self.kind.cls, _headless(whole, self.kind), own, self.problems)
        return merge(self.kind.cls, inherited, own)

    def _refuse_without(self, own: Node) -> None:
        if own.entries().get("without") is not None and self.kind.base_word:
            what = "'without' takes out what is inherited; this document extends nothing"
            help = "say what it builds on ('extends: base/equity_day'), or take 'without' out"
            self.problems.error("R323", what, own.key_mark("without"), help)

    def _is_endless(self, parent: Path, own: Node, chain: tuple[Path, ...]) -> bool:
        """Whether *parent* is in the *chain* already, or the chain is too long."""
        mark = own.entries()["extends"].mark
        if parent.resolve() in [path.resolve() for path in chain]:
            circle = " -> ".join(self.workspace.shown(path) for path in (*chain, parent))
            self.problems.error(
                "R313", f"documents extend each other in a circle: {circle}", mark, "take one 'extends' out"
            )
            return True
        if len(chain) > MOST_PARENTS:
            self.problems.error(
                "R314", f"more than {MOST_PARENTS} documents extend each other", mark, "put them together"
            )
            return True
        return False


def _headless(parent: Node, kind: DocKind[Any]) -> Node:
    """A parent without what is its own: its kind and name, what it extends, and what it says of itself."""
    own = {*kind.words, "extends", "title", "summary", "known_red"}
    entries = {name: value for name, value in parent.entries().items() if name not in own}
    return Node(entries, parent.mark, {name: mark for name, mark in (parent.keys or {}).items() if name not in own})
