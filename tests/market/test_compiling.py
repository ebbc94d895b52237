"""Who is told that the compiler begins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from engine.market.compiling import compiler_began, told_of_compiling


def test_who_asks_is_told_once() -> None:
    """A compiler begins with many functions; one line is enough."""
    told: list[str] = []
    with told_of_compiling(lambda: told.append("began")):
        assert told == []
        compiler_began()
        compiler_began()

    assert told == ["began"]


def test_nobody_is_told_outside_of_his_block() -> None:
    """Neither before nor after it; an inner block hears for itself."""
    told: list[str] = []
    compiler_began()
    with told_of_compiling(lambda: told.append("outer")):
        with told_of_compiling(lambda: told.append("inner")):
            compiler_began()
        assert told == ["inner"]
        compiler_began()
    compiler_began()

    assert told == ["inner", "outer"]


PROGRAM = """
from engine.market.compiling import told_of_compiling
with told_of_compiling(lambda: print("began")):
    from engine.market.limit_book import LimitBook
    book = LimitBook(100)
    book.submit(0, 2, 1, 1, 100, 99, rests=True)
    print(book.left(1))
"""


def test_the_compiler_tells_when_it_begins_and_not_when_all_is_on_disk(tmp_path: Path) -> None:
    """Two processes, one folder for machine code."""
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "PATH": ""}
    repository = Path(__file__).parents[2]
    said = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], cwd=repository, env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]

    assert said == [["began", "100"], ["100"]]
