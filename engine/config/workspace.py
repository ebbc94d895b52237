"""Where documents stand: the workspace (the folder with ``stress.yaml``), else the documents that are shipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.base.errors import NotReadyError
from engine.base.keys import key
from engine.base.words import listing, nearest
from engine.config.bind import bind
from engine.config.check import check
from engine.config.kinds import DocKind
from engine.config.mark import Mark
from engine.config.node import plain
from engine.config.problems import DocumentError, Problems
from engine.config.schema import schema_of
from engine.config.source import read_file
from engine.config.validator import resolved

SETTINGS_FILE = "stress.yaml"
SUFFIX = ".yaml"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What holds for everything in a workspace."""

    settings: str = key("Name of the workspace", example="desk")
    environment: Literal["demo", "test", "production"] = key(
        "What the workspace is for; only a demo may certify the reference governor", default="demo"
    )
    data_dirs: tuple[str, ...] = key("Folders outside of the workspace that documents may read from", default=())
    results: str = key("The folder that run folders go to, relative to the workspace", default="results")


SETTINGS: DocKind[Settings] = DocKind("settings", Settings, "")


def share(name: str) -> Path:
    """The folder *name* (``scenarios.d``) of the shipped documents: in the wheel, else beside the package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "share" / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True)
class Workspace:
    """A folder of documents. Names are looked for in it first, then among the shipped documents."""

    root: Path
    """The workspace; without one, the current folder."""
    settings: Settings
    has_settings: bool
    cwd: Path = field(default_factory=Path.cwd)

    @classmethod
    def find(cls, start: Path, explicit: Path | None = None) -> Workspace:
        """The workspace at or above *start*, or the *explicit* one; without any, the shipped documents.

        Raise NotReadyError if *explicit* has no ``stress.yaml``, DocumentError if that file is invalid.
        """
        start = start.resolve()
        folders = [explicit.resolve()] if explicit is not None else [start, *start.parents]
        for folder in folders:
            if (folder / SETTINGS_FILE).is_file():
                return cls(folder, _read_settings(folder, start), True, start)
        if explicit is not None:
            raise NotReadyError(
                f"{explicit} is no workspace: it has no {SETTINGS_FILE}", f"make one: stress init {explicit}"
            )
        return cls(start, Settings(settings="none"), False, start)

    @property
    def results(self) -> Path:
        """Where run folders go."""
        return self.root / self.settings.results

    def folder(self, name: str) -> Path:
        """The folder *name* (``scenarios.d``) of this workspace, else the shipped one."""
        own = self.root / name
        return own if self.has_settings and own.is_dir() else share(name)

    def folders(self, name: str) -> tuple[Path, ...]:
        """Every folder in which a name of that kind is looked for, first to last."""
        if not name:
            return (self.root,)
        own = self.root / name
        found = [folder for folder in ([own] if self.has_settings else []) + [share(name)] if folder.is_dir()]
        return tuple(dict.fromkeys(found))

    def resolve(
        self,
        folder: str,
        name: str,
        at: Mark | None,
        problems: Problems,
        known: Callable[[], Sequence[str]] | None = None,
    ) -> Path | None:
        """The document *name* of a ``.d`` *folder*; None, with the problem added, if it is not there or not allowed.

        *known* gives the names that are offered instead; without it every name of the folder.
        """
        if reason := _refused(name):
            problems.error(
                "R311",
                f"the name '{name[:40]}' {reason}",
                at,
                f"write the name of a document in {folder or 'the workspace'}, without .. and without extension",
            )
            return None
        if name.endswith((".yaml", ".yml")):
            bare = name.rpartition(".")[0]
            problems.error("R312", f"a name has no extension, was '{name[:40]}'", at, f"write {bare}")
            return None
        for root in self.folders(folder):
            path = root / f"{name}{SUFFIX}"
            if path.exists():
                if not path.resolve().is_relative_to(root.resolve()):
                    problems.error(
                        "R311",
                        f"'{name[:40]}' is a link that leaves the workspace",
                        at,
                        "copy the document into the workspace",
                    )
                    return None
                return path
        help_ = self._instead(folder, name, self.names(folder) if known is None else known())
        problems.error("R310", f"there is no document '{name[:40]}' in {folder or 'the workspace'}", at, help_)
        return None

    def _instead(self, folder: str, name: str, offered: Sequence[str]) -> str:
        """What to write or do instead of the document *name*, which is not there."""
        if not self.has_settings and (self.root / folder / f"{name}{SUFFIX}").is_file():
            makes = f"a {SETTINGS_FILE} with 'settings: desk' makes it one"
            return f"the file is there, but this folder is no workspace; {makes}"
        if len(name.split()) > 1 and set(name.replace(",", " ").split()) & set(offered):
            return "put a comma between two names"
        below = [each for each in self.names(folder) if each.rpartition("/")[2] == name]  # of whatever kind, or of none
        close = below[0] if below else nearest(name, offered)
        if close:
            return f"did you mean '{close}'?"
        return f"there is {listing(offered)}" if offered else ""

    def on_command_line(
        self, folders: Sequence[str], text: str, problems: Problems, known: Callable[[], Sequence[str]] | None = None
    ) -> Path | None:
        """The document that a person names: a file, else one of the workspace, else a shipped one, else a name.

        *known* gives the names that are offered instead; without it any name of the folders, or where to find them.
        """
        given = Path(text)
        for path in self._places(given):
            if path.is_file() or (path.is_dir() and path.suffix in {".yaml", ".yml"}):
                return path
        bare = text.removesuffix(SUFFIX)
        for folder in folders if not _refused(bare) else ():
            for root in self.folders(folder):
                for name in (bare, bare.removeprefix(f"{folder}/")):
                    if name and (root / f"{name}{SUFFIX}").is_file():
                        return root / f"{name}{SUFFIX}"
        self._not_found(folders, given, bare, problems, known)
        return None

    def _places(self, given: Path) -> list[Path]:
        """Where a file written on the command line may be: as given, in the workspace, among the shipped documents."""
        if not given.parts or "\0" in str(given):
            return []
        places = [self.cwd / given, self.root / given]
        return places if ".." in given.parts else [*places, share(given.parts[0]).joinpath(*given.parts[1:])]

    def _not_found(
        self,
        folders: Sequence[str],
        given: Path,
        bare: str,
        problems: Problems,
        known: Callable[[], Sequence[str]] | None,
    ) -> None:
        names = [name for folder in folders for name in self.names(folder)] if known is None else known()
        of_last = {Path(name).name: name for name in names}
        close = nearest(Path(bare).name, of_last)
        elsewhere = "'stress list scenarios' shows what there is" if known is None else f"there is {listing(names)}"
        hint = f"did you mean '{of_last[close]}'?" if close else elsewhere
        name = self.shown(given) if given.is_absolute() else str(given)
        problems.error("R301", f"there is no document '{name[:80]}'", None, hint)

    def names(self, folder: str) -> tuple[str, ...]:
        """The name of every YAML file below the ``.d`` *folder*, of the workspace and shipped, sorted."""
        if not folder:
            return ()
        found = {
            path.relative_to(root).with_suffix("").as_posix()
            for root in self.folders(folder)
            for path in root.rglob(f"*{SUFFIX}")
        }
        return tuple(sorted(found))

    def data(self, name: str) -> Path | None:
        """A file or folder of data that a document names: in the workspace, the shipped documents or a ``data_dirs``
        folder; None if there is none there.
        """
        given = Path(name)
        if _refused(name):
            return None
        shipped = share(given.parts[0]).parent if given.parts else self.root
        roots = [self.root, shipped, *((self.root / folder) for folder in self.settings.data_dirs)]
        for root in roots:
            path = root / given
            if path.exists() and path.resolve().is_relative_to(root.resolve()):
                return path
        return None

    def shown(self, path: Path) -> str:
        """*path* for people: relative to the current folder, else to the workspace or the shipped documents."""
        path = Path(os.path.abspath(self.cwd / path))  # noqa: PTH100  (resolve() would follow links)
        for root in (self.cwd, self.root, *_share_roots()):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return Path(os.path.relpath(path, self.cwd)).as_posix()

    def recorded(self, path: Path) -> str:
        """*path* as a result names it, whatever the current folder: inside the workspace, else its last part."""
        path = Path(os.path.abspath(self.cwd / path))  # noqa: PTH100  (resolve() would follow links)
        for root in (self.root, *_share_roots()):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return path.name


def _share_roots() -> tuple[Path, ...]:
    return tuple(dict.fromkeys((share("scenarios.d").parent, share("gates.d").parent)))


def _refused(name: str) -> str:
    """Why a document may not use *name*, or nothing."""
    if not name or "\0" in name:
        return "is empty" if not name else "holds a NUL character"
    if name.startswith(("/", "~", "\\")) or Path(name).is_absolute() or name[1:2] == ":":
        return "is an absolute path"
    if ".." in Path(name.replace("\\", "/")).parts:
        return "leaves the workspace with .."
    return ""


def _read_settings(folder: Path, cwd: Path) -> Settings:
    problems = Problems()
    path = folder / SETTINGS_FILE
    file = path.relative_to(cwd).as_posix() if path.is_relative_to(cwd) else SETTINGS_FILE
    node = read_file(path, file, problems).node
    if node is not None:
        schema = resolved(schema_of(SETTINGS, "effective"))
        for problem in check(Settings, node, schema, "settings"):
            problems.add(problem)
    if problems.errors or node is None:
        raise DocumentError(problems)
    return bind(Settings, plain(node))
