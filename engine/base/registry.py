"""The one registry: a name in YAML and the thing in code that carries it.

The name is the module's name (``engine/faults/broker_disconnect.py`` is ``broker_disconnect``), so a
folder's listing is the catalogue. Built-ins and third-party plugins (entry points) load by the same path.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Generic, TypeVar

from engine.base.errors import PluginError
from engine.base.words import listing, nearest

T = TypeVar("T")
Plugin = TypeVar("Plugin")


class Registry(Generic[T]):
    """Named things of one *kind*, found in *package* and under the entry point group ``stress.<kind>s``.

    With a *mark*, the decorator that enters a thing, only the modules of the package that say it at the beginning of a
    line are imported: helpers beside them, and what those import (a compiler), are left alone until they are needed.
    """

    def __init__(self, kind: str, package: str, mark: str = "") -> None:
        self.kind = kind
        self.package = package
        self._mark = f"\n{mark}".encode() if mark else b""
        self._things: dict[str, T] = {}
        self._modules: dict[str, str] = {}
        self._loaded = False

    def add(self, name: str, module: str, thing: T) -> T:
        """Enter *thing* under *name*. Raise PluginError if the name is taken or is not the module's."""
        if name in self._things:
            raise PluginError(f"two modules register the {self.kind} '{name}': {self._modules[name]} and {module}")
        if name != module.rpartition(".")[2]:
            raise PluginError(f"{self.kind} '{name}' must stand in a module of that name, was {module}")
        self._things[name] = thing
        self._modules[name] = module
        return thing

    def register(self, make: Callable[[Plugin], T]) -> Callable[[Plugin], Plugin]:
        """A decorator that enters ``make(decorated)`` under the name of the decorated thing's module."""

        def enter(decorated: Plugin) -> Plugin:
            module: str = decorated.__module__
            self.add(module.rpartition(".")[2], module, make(decorated))
            return decorated

        return enter

    def names(self) -> tuple[str, ...]:
        """Every registered name, sorted."""
        self._load()
        return tuple(sorted(self._things))

    def get(self, name: str) -> T:
        """The thing called *name*. Raise PluginError, with the nearest name, if there is none."""
        self._load()
        if name not in self._things:
            close = nearest(name, self._things)
            hint = f"did you mean {close}?" if close else f"known: {listing(self.names())}"
            raise PluginError(f"there is no {self.kind} '{name}'", hint)
        return self._things[name]

    def module_of(self, name: str) -> str:
        """The dotted module that registered *name*."""
        self.get(name)
        return self._modules[name]

    def __contains__(self, name: object) -> bool:
        self._load()
        return name in self._things

    def __iter__(self) -> Iterator[tuple[str, T]]:
        return ((name, self._things[name]) for name in self.names())

    @contextmanager
    def lent(self, name: str, thing: T) -> Iterator[None]:
        """Hold *thing* under *name* for the length of a ``with`` block, for tests."""
        self._load()
        own = {name: self._things[name]} if name in self._things else {}
        own_module = {name: self._modules[name]} if name in self._modules else {}
        self._things[name] = thing
        self._modules[name] = getattr(thing, "__module__", __name__)
        try:
            yield
        finally:
            self.forget(name)
            self._things |= own
            self._modules |= own_module

    def forget(self, name: str) -> None:
        """Take *name* out again, if it is there; for tests that register a plugin of their own."""
        self._things.pop(name, None)
        self._modules.pop(name, None)

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True  # first, since a module may ask for names while it is imported
        try:
            self._load_all()
        except BaseException:
            self._loaded = False  # so that nobody who asks again gets half a catalogue
            raise

    def _load_all(self) -> None:
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            name = f"{self.package}.{module.name}"
            if self._enters(name):
                self._import(name)
        for point in entry_points(group=f"stress.{self.kind}s"):
            self._import(point.module)
            if point.name not in self._things:
                raise PluginError(
                    f"entry point {point.name} = {point.value} registers no {self.kind} of that name",
                    f"the module must register it, and be called {point.name}",
                )

    def _enters(self, module: str) -> bool:
        """Whether the source of *module* has the mark; a module without source to read is imported to find out."""
        if not self._mark:
            return True
        spec = importlib.util.find_spec(module)
        source = Path(spec.origin) if spec is not None and spec.origin is not None else None
        if source is None or source.suffix != ".py":
            return True
        return self._mark in source.read_bytes()

    def _import(self, module: str) -> None:
        try:
            importlib.import_module(module)
        except PluginError:
            raise
        except (Exception, SystemExit) as error:  # a plugin that exits would end the program, perhaps with 0
            raise PluginError(
                f"the {self.kind} module {module} could not be loaded: {type(error).__name__}: {error}",
                "mend or uninstall it; a part that did not load would make a pass worthless",
            ) from error
