"""Where the house's files are."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SCHEMAS = REPOSITORY / "schemas"


@cache
def committed() -> tuple[Path, ...]:
    """Every file of the repository that is committed or about to be; without git, everything but caches."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in REPOSITORY.rglob("*") if not _is_cache(path)]
    else:
        found = [REPOSITORY / name for name in done.stdout.split("\0") if name]
    return tuple(sorted(path for path in found if path.is_file()))


def _is_cache(path: Path) -> bool:
    parts = path.relative_to(REPOSITORY).parts
    return any(part.startswith(".") or part in ("__pycache__", "results", "dist", "build") for part in parts)


def documents() -> list[Path]:
    """Every YAML document that is shipped."""
    return [
        path
        for path in committed()
        if path.suffix == ".yaml" and path.relative_to(REPOSITORY).parts[0] in ("scenarios.d", "gates.d", "runbooks.d")
    ]


def name_of(path: Path) -> str:
    """A path below the repository, as a test's id."""
    return path.relative_to(REPOSITORY).as_posix()
