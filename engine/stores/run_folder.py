"""Run folders: everything one run left behind, written whole or not at all.

A folder is written under a name that begins with ``.part-`` and renamed when every byte is on disk, so a crash at
any instant leaves either no ``results/<run-id>`` or a whole one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.base.errors import NotReadyError

PART = ".part-"


def write_run_folder(results: Path, run_id: str, files: Mapping[str, Callable[[Path], None]]) -> Path:
    """Write ``results/<run_id>`` with one file per entry of *files* and return it.

    Each callable writes its file at the path it is given. Raise NotReadyError if *results* cannot be written,
    FileExistsError if the run id is taken.
    """
    final = results / run_id
    part = results / f"{PART}{os.getpid()}-{run_id}"
    try:
        results.mkdir(parents=True, exist_ok=True)
        sweep_parts(results)
        part.mkdir()
        for name, write in files.items():
            write(part / name)
            _to_disk(part / name)
        _to_disk(part)
        _rename(part, final)
        _to_disk(results)
    except OSError as error:
        if isinstance(error, FileExistsError) and final.exists():
            raise
        raise NotReadyError(
            f"the result cannot be written to {results.name or '.'}/: {error.strerror or error}",
            "make the folder writable, or name another one with --results DIR",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)  # whatever ended it; after the rename it is gone
    return final


def _rename(part: Path, final: Path) -> None:
    """Give the finished folder its name. Raise FileExistsError if the name is taken, or is taken in this moment."""
    try:
        if not final.exists():
            part.rename(final)
            return
    except OSError:
        if not final.exists():
            raise
    raise FileExistsError(f"the run id {final.name} is taken")


def sweep_parts(results: Path) -> None:
    """Remove what runs that died while writing left in *results*."""
    for part in results.glob(f"{PART}*"):
        pid = part.name.removeprefix(PART).partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(part, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _to_disk(path: Path) -> None:
    """Ask the system to put the file's (or folder's) bytes on disk now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
