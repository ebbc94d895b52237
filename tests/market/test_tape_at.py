"""Tests of telling what kind of tape lies at a place."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.errors import ExitCode, NotReadyError
from engine.market.bars import BarTape
from engine.market.tape import Tape
from engine.market.tape_at import tape_at
from engine.market.tape_rows import TapeError

from .bar_samples import still, write_bars
from .samples import CALM, NAME, write_tape

ROWS = [((0.5, 1, 100, 100.00, 1), CALM)]


def test_a_folder_or_a_file_may_be_named(tmp_path: Path) -> None:
    """Messages by their file's name, bars by what the file holds."""
    day, year = tmp_path / "day", tmp_path / "year"
    day.mkdir()
    year.mkdir()
    write_tape(day, ROWS)
    (year / "README.md").write_text("not data")
    file = write_bars(year / "bars.csv.gz", still([0, 60]))

    assert isinstance(tape_at(day), Tape)
    assert isinstance(tape_at(day / f"{NAME}_orderbook_2.csv"), Tape)
    assert isinstance(tape_at(year), BarTape)
    assert tape_at(file) == tape_at(year)


def test_a_folder_with_two_tapes_is_refused(tmp_path: Path) -> None:
    """Two files of bars, or bars beside messages: exit 3, all of them named."""
    write_bars(tmp_path / "a.csv", still([0, 60]))
    write_bars(tmp_path / "b.csv", still([0, 60]))
    with pytest.raises(TapeError, match=r"holds 2 tapes: a\.csv, b\.csv") as caught:
        tape_at(tmp_path)
    (tmp_path / "b.csv").unlink()
    write_tape(tmp_path, ROWS)

    assert caught.value.exit_code is ExitCode.INVALID_DOCUMENT
    with pytest.raises(TapeError, match=rf"holds 2 tapes: {NAME}_message_2\.csv, a\.csv"):
        tape_at(tmp_path)


def test_nothing_is_not_ready(tmp_path: Path) -> None:
    """A missing place and an empty folder: exit 4."""
    with pytest.raises(NotReadyError, match="the tape away does not exist") as caught:
        tape_at(tmp_path / "away")
    with pytest.raises(NotReadyError, match="holds no message file"):
        tape_at(tmp_path)

    assert caught.value.exit_code is ExitCode.NOT_READY
