"""The compiler of the market's inner loops. Only this module knows numba, and only the order book imports it.

With ``NUMBA_DISABLE_JIT=1`` in the environment the same source runs as plain Python: slowly, and with the same
results to the last bit (a test compares them).

Machine code is kept on disk for the next process, in ``__pycache__`` beside this module, or in the user's cache if
that cannot be written (a package installed for everybody); where neither can, each process compiles for itself. The
folder is named after what the code was made from: numba itself looks only at the file of each function, and would go
on using code with a constant or a callee of yesterday.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
from llvmlite import binding
from numba.core import event

from engine.market.compiling import compiler_began

P = ParamSpec("P")
R = TypeVar("R")

SOURCES = ("jit.py", "compiling.py", "*_arrays.py", "*_kernel.py", "tape_rows.py")
"""The modules of this room that compiled code is made from: kernels, and what they take their constants from.

A test holds every kernel to it.
"""


def cache_folder(places: Iterable[Path], sources: Path) -> Path | None:
    """Where code made from the kernels in *sources* is kept: in the first of *places* that can be written, if any."""
    for place in places:
        folder = place / f"kernels-{_made_from(sources)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError:
            continue
        return folder
    return None


def _places() -> list[Path]:
    """Where the user says, beside this module, in the user's cache."""
    said = os.environ.get("NUMBA_CACHE_DIR")
    users = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - never raises
    return [*([Path(said)] if said else []), Path(__file__).parent / "__pycache__", Path(users) / "stress"]


def _made_from(sources: Path) -> str:
    """A hash of the kernels' source, of the compiler, and of the machine that the code is for."""
    made_from = hashlib.blake2b(digest_size=8)
    machine = (binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten())
    for text in (numba.__version__, platform.python_version(), *machine):
        made_from.update(f"{text}\n".encode())
    for path in sorted({path for pattern in SOURCES for path in sources.glob(pattern)}):
        made_from.update(path.name.encode() + b"\n" + path.read_bytes())
    return made_from.hexdigest()


FOLDER = None if numba.config.DISABLE_JIT else cache_folder(_places(), Path(__file__).parent)
"""Where this process keeps machine code; None if nowhere."""


def jit(function: Callable[P, R]) -> Callable[P, R]:
    """Compile *function* at its first call, and keep the machine code on disk for the next process.

    No fast mathematics: sums keep their order, so that a run has the same fingerprint everywhere on one platform.
    Callees become part of their callers: to hand on a book in a call costs more than most of what is asked for.
    """
    kept, numba.config.CACHE_DIR = numba.config.CACHE_DIR, str(FOLDER or "")
    try:
        compiler = numba.njit(cache=FOLDER is not None, error_model="numpy", forceinline=True)
        return cast("Callable[P, R]", compiler(function))
    finally:
        numba.config.CACHE_DIR = kept


class _Ear(event.Listener):  # type: ignore[misc]
    """Hears when the compiler begins with a function whose machine code is not on disk."""

    def on_start(self, event: event.Event) -> None:
        """It begins."""
        compiler_began()

    def on_end(self, event: event.Event) -> None:
        """It is done."""


event.register("numba:compile", _Ear())


def has_machine_code() -> bool:
    """Whether machine code for this machine is on disk, or none is needed: many may start at once."""
    if numba.config.DISABLE_JIT:
        return True
    return FOLDER is not None and next(FOLDER.rglob("*.nbc"), None) is not None


def is_compiled(*functions: Callable[..., object]) -> bool:
    """Whether machine code of all *functions* for this machine is on disk already, or none is needed."""
    return all(_on_disk(function) for function in functions)


def _on_disk(function: Any) -> bool:
    if numba.config.DISABLE_JIT:
        return True
    folder = function.stats.cache_path
    made = function.py_func
    name = f"{made.__module__.rpartition('.')[2]}.{made.__qualname__}-*.nbc"
    return folder is not None and any(Path(folder).glob(name))
