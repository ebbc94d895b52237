"""The venue observer stands alone: it shares nothing with governor and ledger but plain types."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.house.house import REPOSITORY

OBSERVER = REPOSITORY / "engine" / "trading" / "observer"
LINTER = Path(sys.executable).with_name("lint-imports")
ALLOWED = ("engine.domain.", "engine.trading.observer", "numpy")


def contract() -> dict[str, Any]:
    """The contract in pyproject.toml."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    (found,) = [one for one in settings["tool"]["importlinter"]["contracts"] if one.get("id") == "observer"]
    return dict(found)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """The observer's contract, kept or broken in *folder*."""
    words = [str(LINTER), "--contract", "observer", "--no-cache"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True)


def imported(path: Path) -> list[str]:
    """Every module that *path* imports from."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.append(node.module or "")
    return found


def test_the_contract_stands_in_the_settings() -> None:
    """Against everything else in the room: governor, ledger, books, broker, and what will be written next."""
    found = contract()

    assert (found["type"], found["source_modules"]) == ("forbidden", ["engine.trading.observer"])
    assert "engine.trading.*" in found["forbidden_modules"]
    assert (found["allow_indirect_imports"], found["ignore_imports"]) == (False, [])


@pytest.mark.parametrize("path", sorted(OBSERVER.glob("*.py")), ids=lambda path: path.stem)
def test_the_observer_imports_plain_types_only(path: Path) -> None:
    """Read from the source, without the linter: the domain, itself, numpy, and the standard library."""
    ours = [name for name in imported(path) if name.partition(".")[0] not in sys.stdlib_module_names]

    assert [name for name in ours if not f"{name}.".startswith(ALLOWED)] == []


@pytest.mark.skipif(not LINTER.exists(), reason="import-linter is not installed")
@pytest.mark.parametrize("module", ["ledger", "reference"])
def test_the_contract_bites(module: str, tmp_path: Path) -> None:
    """An observer that looks at ledger or governor breaks it, by name; as it stands it does not."""
    shutil.copytree(REPOSITORY / "engine", tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    assert lint(tmp_path).returncode == 0

    with (tmp_path / "engine" / "trading" / "observer" / "seen.py").open("a", encoding="utf-8") as planted:
        planted.write(f"\nimport engine.trading.{module}\n")
    done = lint(tmp_path)

    assert done.returncode == 1
    assert f"not allowed to import engine.trading.{module}" in done.stdout
