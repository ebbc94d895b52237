"""Loads documents: read, extended, filled in, checked, bound; each file once, all problems in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

from engine.base.words import listing, nearest
from engine.config.belongs import keys_of_kinds
from engine.config.bind import BindError, bind
from engine.config.check import check
from engine.config.excerpt import echo
from engine.config.extend import Extender
from engine.config.ignored import ignored_documents
from engine.config.kinds import DocKind
from engine.config.loaded import Input, Loaded
from engine.config.mark import Mark
from engine.config.merge import find_duplicate_ids
from engine.config.node import Node, find, nearest_mark, plain
from engine.config.params import Substituted, substitute
from engine.config.problems import DocumentError, Problems
from engine.config.schema import Flavour, schema_of
from engine.config.schema_words import Schema
from engine.config.shape import field_named
from engine.config.shelf import names_of, title_of
from engine.config.source import Source, read_file
from engine.config.validator import resolved
from engine.config.workspace import Workspace

__all__ = ["DocKind", "Input", "Library", "Loaded"]

T = TypeVar("T")

_LOADER_KEYS = ("extends", "without", "params")
"""What the loader has dealt with: no part of the effective document, which stands for itself."""


class Library:
    """The documents of a workspace. Problems are collected; :meth:`raise_problems` ends with all of them."""

    def __init__(self, workspace: Workspace, kinds: Sequence[DocKind[Any]]) -> None:
        self.workspace = workspace
        self.kinds = tuple(kinds)
        self.problems = Problems()
        for kind in self.kinds:
            kind.check()
        self._sources: dict[Path, Source] = {}
        self._inputs: dict[Path, Input] = {}
        self._loaded: dict[tuple[str, Path, tuple[tuple[str, str], ...]], Loaded[Any] | None] = {}
        self._schemas: dict[tuple[str, Flavour], Schema] = {}
        self._checked_alone: set[Path] = set()
        self._trees: dict[Path, Node] = {}

    @property
    def inputs(self) -> list[Input]:
        """Every file that was read for a document, once, by name."""
        return sorted(self._inputs.values())

    def load(
        self,
        kind: DocKind[T],
        name_or_path: str | Path,
        *,
        sets: Mapping[str, str] | None = None,
        asked_at: Mark | None = None,
    ) -> Loaded[T] | None:
        """The document; None, with the problems collected, if it is invalid or not there.

        With *asked_at* it is a name that a document uses, else what a person wrote on the command line.
        """
        if asked_at is None:
            offered = None if kind.base_word else partial(self.names, kind)
            path = self.workspace.on_command_line((kind.folder,), str(name_or_path), self.problems, offered)
        else:
            known = partial(self.names, kind)
            path = self.workspace.resolve(kind.folder, str(name_or_path), asked_at, self.problems, known)
        return self._load(kind, path, sets or {}, asked_at) if path is not None else None

    def tree(self, path: str | Path) -> Node | None:
        """What was read and put together for the document at *path*, even if it is invalid; None if it is no document.

        For a look at what an invalid document names, after it was loaded.
        """
        found = self._find(self._folders, path)
        return self._trees.get(found.absolute()) if found is not None else None

    def load_any(self, path: str | Path) -> Loaded[Any] | None:
        """The document at *path*, whatever its kind; of a base document the value is None."""
        kind = self.kind_of(path)
        return self.load(kind, path) if kind is not None else None

    def kind_of(self, path: str | Path) -> DocKind[Any] | None:
        """The kind that the first key of the document at *path* names; None, with the problem collected, if none."""
        found = self._find(self._folders, path)
        node = self._read(found).node if found is not None else None
        return self._kind_of(node) if node is not None else None

    def is_base(self, path: str | Path) -> bool:
        """Whether the document at *path* is a base, which may be incomplete."""
        found = self._find(self._folders, path)
        node = self._read(found).node if found is not None else None
        first = next(iter(node.entries()), "") if node is not None else ""
        return any(kind.base_word == first for kind in self.kinds if kind.base_word)

    def names(self, kind: DocKind[Any]) -> tuple[str, ...]:
        """The name of every document of *kind* that can be used, sorted; bases apart."""
        return names_of(self.workspace, kind, kind.word)

    def base_names(self, kind: DocKind[Any]) -> tuple[str, ...]:
        """The name of every base document of *kind*, sorted."""
        return names_of(self.workspace, kind, kind.base_word) if kind.base_word else ()

    def title(self, kind: DocKind[Any], name: str) -> str:
        """The ``title`` (else the ``summary``) that the document *name* states itself, or nothing."""
        return title_of(self.workspace, kind, name)

    def ignored(self, asked: str | Path) -> str:
        """One sentence on documents beside the file *asked* that look as if they were used and are not; or nothing."""
        path = self._find(self._folders, asked)
        folders = [folder for folder in self._folders if folder]
        return ignored_documents(self.workspace, path, self._inputs, folders) if path is not None else ""

    def raise_problems(self) -> None:
        """Raise DocumentError if there is an error among the problems."""
        if self.problems.errors:
            raise DocumentError(self.problems)

    @property
    def _folders(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind.folder for kind in self.kinds))

    def _find(self, folders: Sequence[str], name: str | Path) -> Path | None:
        return self.workspace.on_command_line(folders, str(name), self.problems)

    def _read(self, path: Path) -> Source:
        path = path.absolute()
        if path not in self._sources:
            self._sources[path] = read_file(path, self.workspace.shown(path), self.problems)
        return self._sources[path]

    def _use(self, path: Path) -> Source:
        """Read *path* as an input of what is being loaded."""
        source = self._read(path)
        if source.sha256:
            self._inputs[path.absolute()] = Input(self.workspace.recorded(path), source.sha256)
        return source

    def _kind_of(self, node: Node) -> DocKind[Any] | None:
        by_word = {word: kind for kind in self.kinds for word in kind.words}
        keys = list(node.entries())
        if keys and keys[0] in by_word:
            return by_word[keys[0]]
        mark = node.key_mark(keys[0]) if keys else node.mark
        later = next((word for word in keys if word in by_word), None)
        if later is not None:
            self.problems.error(
                "R305", f"the first key names the kind, was '{keys[0][:40]}'", mark, f"move '{later}:' to the top"
            )
            return None
        close = nearest(keys[0], by_word) if keys else None
        was = f"'{keys[0][:40]}' is no kind of document" if keys else "the document is empty"
        self.problems.error(
            "R304",
            was,
            mark,
            f"did you mean '{close}'?" if close else f"the first key is one of {listing(sorted(by_word), 20)}",
        )
        return None

    def _load(self, kind: DocKind[T], path: Path, sets: Mapping[str, str], asked_at: Mark | None) -> Loaded[T] | None:
        key = (kind.word, path.absolute(), tuple(sorted(sets.items())))
        if key not in self._loaded:
            self._loaded[key] = self._load_now(kind, path, sets, asked_at)
        return cast("Loaded[T] | None", self._loaded[key])

    def _load_now(
        self, kind: DocKind[T], path: Path, sets: Mapping[str, str], asked_at: Mark | None
    ) -> Loaded[T] | None:
        own = self._of_kind(kind, path, asked_at)
        if own is None:
            return None
        self._warn_of_name(kind, path, own)
        before = len(self.problems.errors)
        known = partial(self._may_be_extended, kind)
        extender = Extender(kind, self.workspace, self.problems, partial(self._parent_at, kind), known)
        merged = extender.merged(path, own)
        if merged is None:
            return None
        is_base = next(iter(own.entries())) == kind.base_word
        if is_base:
            self._check_alone(kind, path, own)
            filled = Substituted(merged)
        else:
            filled = substitute(merged, sets, self.problems, has_params=kind.has_params)
            self._check(kind, filled)
        self._trees[path.absolute()] = filled.node
        if len(self.problems.errors) > before:
            return None
        try:
            return self._bound(kind, path, filled, merged, is_base)
        except BindError as refused:
            self.problems.error("S212", refused.reason, _place_of(refused, filled.node), refused.instruction)
            return None

    def _of_kind(self, kind: DocKind[Any], path: Path, asked_at: Mark | None) -> Node | None:
        """The document at *path* if it can be read and is of *kind*; else a problem, where it is *asked_at*."""
        node = self._use(path).node
        found = self._kind_of(node) if node is not None else None
        if node is None or found is None:
            return None
        if found.word != kind.word:
            first = next(iter(node.entries()))
            name = f"'{self._name(found, path)}'" if asked_at is not None else "this"
            known = self.base_names(kind) or self.names(kind)
            close = nearest(self._name(found, path), known)
            self.problems.error(
                "R306",
                f"a {' or '.join(kind.words)} document was expected, {name} is a {first} document",
                asked_at or node.key_mark(first),
                f"did you mean '{close}'?" if close else f"there is {listing(known)}" if known else "",
            )
            return None
        return node

    def _may_be_extended(self, kind: DocKind[Any]) -> tuple[str, ...]:
        """What a document of *kind* may extend: the bases, then the others."""
        return self.base_names(kind) + self.names(kind)

    def _parent_at(self, kind: DocKind[Any], path: Path, asked_at: Mark) -> Node | None:
        node = self._of_kind(kind, path, asked_at)
        if node is not None:
            self._check_alone(kind, path, node)
        return node

    def _check_alone(self, kind: DocKind[Any], path: Path, node: Node) -> None:
        """Check a document that others extend by itself: it may be incomplete, not wrong."""
        if path.resolve() in self._checked_alone:
            return
        self._checked_alone.add(path.resolve())
        word = next(iter(node.entries()))
        schema = self._schema(kind, "base" if word == kind.base_word else "written")
        for problem in check(kind.cls, node, schema, word, keys_of_kinds(self.kinds)):
            self.problems.add(problem)
        find_duplicate_ids(kind.cls, node, self.problems)

    def _check(self, kind: DocKind[Any], filled: Substituted) -> None:
        left = {nearest_mark(filled.node, path) for path in filled.unresolved}
        known = {(problem.code, problem.mark) for problem in self.problems.all}  # said of a parent by itself
        notes = {
            nearest_mark(
                filled.node, path
            ): f"${{{name}}} is {echo(filled.values.get(name), name)}{filled.origin(name)}"
            for name, paths in filled.uses.items()
            for path in paths
        }
        for problem in check(
            kind.cls, filled.node, self._schema(kind, "effective"), kind.word, keys_of_kinds(self.kinds)
        ):
            if problem.mark not in left and (problem.code, problem.mark) not in known:
                note = notes.get(problem.mark) if problem.mark else None
                self.problems.add(replace(problem, notes=(note,)) if note else problem)
        find_duplicate_ids(kind.cls, filled.node, self.problems)

    def _schema(self, kind: DocKind[Any], flavour: Flavour) -> Schema:
        key = (kind.word, flavour)
        if key not in self._schemas:
            self._schemas[key] = resolved(schema_of(kind, flavour))
        return self._schemas[key]

    def _bound(self, kind: DocKind[T], path: Path, filled: Substituted, merged: Node, is_base: bool) -> Loaded[T]:
        data = plain(filled.node)
        removed = data.get("without", [])
        declared = data.get("params", {}) if kind.has_params else {}
        changed = any(filled.values[name] != declared[name]["default"] for name in filled.values if not is_base)
        return Loaded(
            value=cast("T", None) if is_base else bind(kind.cls, data),
            name=self._name(kind, path),
            path=self.workspace.shown(path),
            sha256=self._read(path).sha256,
            data={name: value for name, value in data.items() if name not in self._dropped(kind)},
            params=dict(filled.values),
            param_uses=filled.uses,
            removed=tuple(removed),
            changed_by_set=changed,
            node=filled.node,
        )

    def _dropped(self, kind: DocKind[Any]) -> tuple[str, ...]:
        extends = field_named(kind.cls, "extends") is not None
        return _LOADER_KEYS if extends or kind.has_params else ()

    def _name(self, kind: DocKind[Any], path: Path) -> str:
        for root in self.workspace.folders(kind.folder) if kind.folder else ():
            if path.absolute().is_relative_to(root):
                return path.absolute().relative_to(root).with_suffix("").as_posix()
        return path.stem

    def _warn_of_name(self, kind: DocKind[Any], path: Path, own: Node) -> None:
        """Others know a document by its file's name; the name it gives itself must not mislead."""
        first = next(iter(own.entries()))
        name = own.entries()[first]
        stands = kind.folder and any(
            path.absolute().is_relative_to(root) for root in self.workspace.folders(kind.folder)
        )
        is_name = isinstance(name.value, str) and name.value.isidentifier()  # what is none has a problem of its own
        if stands and is_name and name.value != path.stem:
            self.problems.warn(
                "W602",
                f"the file is called '{path.stem}', the document '{str(name.value)[:40]}'",
                name.mark,
                f"others use it as '{path.stem}'; give both one name",
            )


def _place_of(refused: BindError, top: Node) -> Mark:
    """Where the values stand that a class refused: its reason may begin with their place (``stages.governor: ...``)."""
    named = tuple(refused.reason.partition(":")[0].split("."))
    return nearest_mark(top, named if find(top, named) is not None else refused.path)
