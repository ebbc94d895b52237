"""The compiler of the inner loops: where machine code is kept, and when it may be used again."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.market import jit as compiler
from engine.market.jit import SOURCES, cache_folder, is_compiled, jit
from tests.house.house import REPOSITORY

ROOM = REPOSITORY / "engine" / "market"
KERNEL = """
from room.jit import jit

@jit
def doubled(number: int) -> int:
    return 2 * number
"""
PROGRAM = """
from room import jit, tiny_kernel
before = jit.is_compiled(tiny_kernel.doubled)
assert jit.has_machine_code() is before
print(before, tiny_kernel.doubled(21), jit.is_compiled(tiny_kernel.doubled), jit.FOLDER, sep="\\n")
assert jit.has_machine_code() is jit.is_compiled(tiny_kernel.doubled)
"""


def half(number: int) -> int:
    """Something to compile."""
    return number // 2


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A package of its own with the compiler's module and a small kernel."""
    made = tmp_path / "room"
    made.mkdir()
    (made / "__init__.py").touch()
    shutil.copy(ROOM / "jit.py", made)
    (made / "tiny_kernel.py").write_text(KERNEL, encoding="utf-8")
    return made


def process_in(room: Path, **settings: str) -> list[str]:
    """What a new process says: compiled before, the value, compiled after, the folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "XDG_"))}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(room.parent / "home"), **settings}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=room.parent, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_the_next_process_finds_the_code(room: Path) -> None:
    """Beside the module; until something that it was made from changes."""
    first, second = process_in(room), process_in(room)
    (room / "other_arrays.py").write_text("MORE = 1\n", encoding="utf-8")
    third = process_in(room)

    assert first[:3] == ["False", "42", "True"]
    assert second == ["True", "42", "True", first[3]]
    assert Path(first[3]).parent == room / "__pycache__"
    assert third[:3] == ["False", "42", "True"]


def test_a_package_that_cannot_be_written_is_compiled_into_the_users_cache(room: Path) -> None:
    """What stands in the way is a file, so that even the superuser cannot write there."""
    (room / "__pycache__").write_text("not a folder", encoding="utf-8")

    first = process_in(room)
    second = process_in(room)
    elsewhere = process_in(room, XDG_CACHE_HOME=str(room.parent / "elsewhere"))

    assert Path(first[3]).parent == room.parent / "home" / ".cache" / "stress"
    assert [first[0], second[0]] == ["False", "True"]
    assert Path(elsewhere[3]).parent == room.parent / "elsewhere" / "stress"


def test_the_user_may_say_where(room: Path) -> None:
    """By numba's own variable."""
    *_, folder = process_in(room, NUMBA_CACHE_DIR=str(room.parent / "said"))

    assert Path(folder).parent == room.parent / "said"


def test_without_a_compiler_nothing_is_waited_for(room: Path) -> None:
    """Plain Python needs no machine code, and leaves no folder."""
    assert process_in(room, NUMBA_DISABLE_JIT="1") == ["True", "42", "True", "None"]


def test_the_first_place_that_can_be_written_is_taken(tmp_path: Path) -> None:
    """A file in the way is passed over; if nothing is left there is no folder."""
    (tmp_path / "file").touch()
    blocked = [tmp_path / "file", tmp_path / "file" / "below"]

    folder = cache_folder([*blocked, tmp_path / "one", tmp_path / "two"], ROOM)

    assert folder is not None
    assert folder.parent == tmp_path / "one"
    assert folder.is_dir()
    assert not (tmp_path / "two").exists()
    assert cache_folder(blocked, ROOM) is None


def test_the_folder_is_named_after_what_the_code_is_made_from(room: Path, tmp_path: Path) -> None:
    """Any kernel and any module of constants; not the other modules of the room."""
    names = [cache_folder([tmp_path], room)]
    for changed in ("tiny_kernel.py", "tiny_arrays.py", "jit.py"):
        with (room / changed).open("a", encoding="utf-8") as file:
            file.write("# changed\n")
        names.append(cache_folder([tmp_path], room))
    (room / "venue.py").write_text("anything", encoding="utf-8")

    assert len(set(names)) == 4
    assert cache_folder([tmp_path], room) == names[-1]


def test_code_is_on_disk_once_it_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of several functions, once all were."""
    monkeypatch.setattr(compiler, "FOLDER", tmp_path)
    halved, again = jit(half), jit(lambda number: number)

    assert not is_compiled(halved)
    assert halved(42) == 21
    assert is_compiled(halved)
    assert is_compiled()
    assert not is_compiled(halved, again)


def test_where_nothing_can_be_written_each_process_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """It works, and says that it will have to be compiled again."""
    monkeypatch.setattr(compiler, "FOLDER", None)
    halved = jit(half)

    assert halved(42) == 21
    assert not is_compiled(halved)


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.stem)
def test_compiled_code_is_made_from_nothing_else(path: Path) -> None:
    """A module with compiled code is a kernel, and takes constants and callees from others that are looked at only."""
    imported = _imported(path)
    hashed = {each.stem for pattern in SOURCES for each in ROOM.glob(pattern)}

    if "engine.market.jit.jit" in imported:
        assert path.stem in hashed
    if path.stem in hashed:
        own = {name for name in imported if name.startswith("engine.")}
        assert {name for name in own if not _is_of(name, hashed)} == set()


def _imported(path: Path) -> set[str]:
    """Everything that a module imports by name, dotted."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {
        f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return names | {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}


def _is_of(name: str, stems: set[str]) -> bool:
    """Whether an imported name is, or comes from, one of these modules of the room, or is as fixed as a unit."""
    if name.startswith("engine.base."):
        return True
    return name.removeprefix("engine.market.").partition(".")[0] in stems
