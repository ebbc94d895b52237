"""The ``desk.governor`` documents: our reference governor, or somebody's own Python class."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from engine.base.errors import PluginError
from engine.base.keys import key
from engine.base.words import nearest
from engine.domain.orders import Instrument
from engine.domain.ports import Governor
from engine.trading import defects
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

METHODS = ("decide", "on_fill", "on_market", "on_control", "on_timer")
"""What a governor must offer."""


@dataclass(frozen=True, kw_only=True)
class ReferenceGovernorDocument:
    """The reference governor of this program."""

    kind: Literal["reference"] = key("Which governor", default="reference")

    def build(
        self, limits: Limits, instruments: tuple[Instrument, ...], day: str, search_path: Path | None
    ) -> Governor:
        """A fresh reference governor; *search_path* is not used."""
        return ReferenceGovernor(limits, instruments, day)


@dataclass(frozen=True, kw_only=True)
class PythonGovernorDocument:
    """A governor of your own: a Python class that is built as ``Class(limits=…, instruments=…, **options)``."""

    kind: Literal["python"] = key("Which governor", default="python")
    target: str = key(
        "Module and class of the governor",
        pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$",
        pattern_help="package.module:Class",
        example="my_desk.governor:MyGovernor",
    )
    options: dict[str, Any] = key("What the class takes besides limits and instruments", default={})

    def build(
        self, limits: Limits, instruments: tuple[Instrument, ...], day: str, search_path: Path | None
    ) -> Governor:
        """A fresh governor of the target class, its module looked for in *search_path* first.

        Raise PluginError if module or class is missing, cannot be built, or lacks one of the contract's methods.
        """
        maker = _class(self.target, search_path)
        try:
            governor = maker(limits=limits, instruments=instruments, **self.options)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too
            taken = ", ".join(["limits", "instruments", *self.options])
            raise PluginError(
                f"the governor '{self.target}' could not be built: {type(error).__name__}: {error}",
                f"it is called with the keywords {taken}; let the class take them",
            ) from error
        for method in METHODS:
            if not callable(getattr(governor, method, None)):
                raise PluginError(*_missing_method(self.target, maker, method))
        return governor  # type: ignore[no-any-return]  # just checked


@dataclass(frozen=True, kw_only=True)
class DefectGovernorDocument:
    """A governor that is broken on purpose, to see which gate catches it."""

    kind: Literal["defect"] = key("Which governor", default="defect")
    name: str = key("The defect", choices=defects.names, example="forgets_the_stop")

    def build(
        self, limits: Limits, instruments: tuple[Instrument, ...], day: str, search_path: Path | None
    ) -> Governor:
        """A fresh broken governor; *search_path* is not used."""
        return defects.defect(self.name)(limits, instruments, day)


GovernorDocument = ReferenceGovernorDocument | PythonGovernorDocument | DefectGovernorDocument

GOVERNORS: dict[str, type[GovernorDocument]] = {
    "reference": ReferenceGovernorDocument,
    "python": PythonGovernorDocument,
    "defect": DefectGovernorDocument,
}
"""The document of each ``kind``."""


def _class(target: str, search_path: Path | None) -> Any:
    module_name, _, class_name = target.partition(":")
    if not module_name or not class_name:
        raise PluginError(f"a governor target package.module:Class was expected, was '{target}'")
    module = _module(target, module_name, search_path)
    maker = getattr(module, class_name, None)
    if inspect.isclass(maker):
        return maker
    classes = [name for name, thing in vars(module).items() if inspect.isclass(thing)]
    close = nearest(class_name, classes)
    hint = f"did you mean {close}?" if close else f"write the class {class_name} in it, or correct the target"
    what = "has no class" if maker is None else "has no class but something else named"
    raise PluginError(f"the governor '{target}' was not found: {module_name} {what} '{class_name}'", hint)


def _module(target: str, name: str, search_path: Path | None) -> ModuleType:
    try:
        with _searching(name, search_path):
            return importlib.import_module(name)
    except PluginError:
        raise
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise PluginError(*_broken_module(target, name, error)) from error
        where = f"in {search_path.name or 'the workspace'} or among the installed packages" if search_path else ""
        close = nearest(name, _modules_in(search_path))
        hint = f"did you mean {close}?" if close else "put the file into the workspace or install the package"
        raise PluginError(
            f"the governor '{target}' was not found: no module '{error.name}' {where}".strip(), hint
        ) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit too: it must not end the program, least of all with exit 0
        raise PluginError(*_broken_module(target, name, error)) from error


def _broken_module(target: str, name: str, error: BaseException) -> tuple[str, str]:
    reason = f"the governor '{target}' could not be loaded: importing {name} raised {type(error).__name__}: {error}"
    return reason, "mend the module, or install what it needs"


def _missing_method(target: str, maker: type, method: str) -> tuple[str, str]:
    close = nearest(method, [name for name in dir(maker) if not name.startswith("_")])
    hint = f"did you mean {close}?" if close and close not in METHODS else f"it needs {', '.join(METHODS)}"
    return f"the governor '{target}' has no method '{method}'", hint


@contextmanager
def _searching(name: str, search_path: Path | None) -> Iterator[None]:
    """Look in *search_path* first, load what lies there afresh, and leave no compiled files in it.

    Afresh, because a module kept from an earlier run would bring its variables along, or be another folder's.
    """
    if search_path is None:
        yield
        return
    folder = search_path.resolve()
    _forget_earlier()
    _refuse_taken(name.partition(".")[0], folder)
    before = set(sys.modules)
    kept_path, kept_switch = list(sys.path), sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path[:] = kept_path
        sys.dont_write_bytecode = kept_switch
        for loaded in sorted(set(sys.modules) - before):
            module = sys.modules[loaded]
            if _lies_in(module, folder) and loaded.partition(".")[0] != _OURS:
                vars(module)[_MARK] = True


_OURS = __name__.partition(".")[0]
_MARK = "__loaded_as_governor__"
"""Set in each module that a governor brought along, so that the next one does not inherit it."""


def _forget_earlier() -> None:
    for loaded in [name for name, module in sys.modules.items() if getattr(module, "__dict__", {}).get(_MARK)]:
        del sys.modules[loaded]


def _refuse_taken(top: str, folder: Path) -> None:
    """Raise PluginError if the folder has a module of a name that another one has in this program already."""
    loaded = sys.modules.get(top)
    here = (folder / f"{top}.py").is_file() or (folder / top / "__init__.py").is_file()
    if loaded is not None and here and not _lies_in(loaded, folder):
        raise PluginError(
            f"the governor's module '{top}' has the name of a module that this program uses itself",
            f"rename {top} in the workspace",
        )


def _lies_in(module: ModuleType, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(folder)


def _modules_in(search_path: Path | None) -> list[str]:
    return sorted(file.stem for file in search_path.glob("*.py")) if search_path and search_path.is_dir() else []
