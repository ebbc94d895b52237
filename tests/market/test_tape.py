"""Tests of reading a tape, and of refusing a broken one."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.base.errors import ExitCode, NotReadyError
from engine.market.tape import CHUNK_ROWS, chunks, hashes, last_stamp, last_stamp_ns, tape_in
from engine.market.tape_rows import TapeError

from .samples import CALM, NAME, Row, Say, write_tape

ROWS: list[tuple[Say, Row]] = [
    ((0.5, 1, 100, 100.00, 1), CALM),
    ((1.000000001, 4, 20, 100.02, -1), ((100.02, 280), *CALM[1:])),
    ((2.0, 5, 30, 100.015, 1), ((100.02, 280), *CALM[1:])),
]
MESSAGE, BOOK = f"{NAME}_message_2.csv", f"{NAME}_orderbook_2.csv"


def read(folder: Path) -> None:
    """Read the whole tape."""
    for _ in chunks(tape_in(folder)):
        pass


@pytest.mark.parametrize("zipped", [False, True])
def test_a_tape_is_read_as_it_stands(tmp_path: Path, zipped: bool) -> None:
    """Nanoseconds after midnight, micro-dollars, and where the top moved; plain or gzip."""
    (chunk,) = chunks(tape_in(write_tape(tmp_path, ROWS, zipped=zipped)))

    assert chunk.first_row == 1
    assert chunk.stamp_ns == [34_200_500_000_000, 34_201_000_000_001, 34_202_000_000_000]
    assert chunk.kind == [1, 4, 5]
    assert chunk.qty == [100, 20, 30]
    assert chunk.price_micros == [100_000_000, 100_020_000, 100_015_000]
    assert chunk.direction == [1, -1, 1]
    assert chunk.book[0].tolist() == [100_020_000, 300, 100_000_000, 200, 100_030_000, 400, 99_990_000, 500]
    assert chunk.top_moved == [True, True, False]


def test_the_names_say_what_it_is(tmp_path: Path) -> None:
    """Symbol, day and levels."""
    tape = tape_in(write_tape(tmp_path, ROWS))

    assert (tape.symbol, tape.day, tape.levels) == ("TEST", "2012-06-21", 2)


def test_an_empty_level_is_no_price(tmp_path: Path) -> None:
    """The dummy price of either side becomes 0/0."""
    row: Row = ((0, 0), (100.0, 200), (0, 0), (0, 0))
    (chunk,) = chunks(tape_in(write_tape(tmp_path, [(ROWS[0][0], row)])))

    assert chunk.book[0].tolist() == [0, 0, 100_000_000, 200, 0, 0, 0, 0]


def test_long_tapes_come_in_chunks(tmp_path: Path) -> None:
    """No chunk is longer than the limit, no row is lost, and a top is compared across the cut."""
    rows: list[tuple[Say, Row]] = [((n / 1000, 1, 1, 100.0, 1), CALM) for n in range(CHUNK_ROWS * 2 + 5)]
    lengths = [
        (chunk.first_row, len(chunk.kind), sum(chunk.top_moved))
        for chunk in chunks(tape_in(write_tape(tmp_path, rows)))
    ]

    assert lengths == [(1, CHUNK_ROWS, 1), (CHUNK_ROWS + 1, CHUNK_ROWS, 0), (2 * CHUNK_ROWS + 1, 5, 0)]


def test_a_tape_ends_without_a_newline_as_well(tmp_path: Path) -> None:
    """The last row counts."""
    write_tape(tmp_path, ROWS)
    for name in (MESSAGE, BOOK):
        (tmp_path / name).write_text((tmp_path / name).read_text().rstrip("\n"))

    assert [len(chunk.kind) for chunk in chunks(tape_in(tmp_path))] == [3]
    assert last_stamp_ns(tape_in(tmp_path)) == 34_202_000_000_000


def test_inputs_are_names_and_hashes(tmp_path: Path) -> None:
    """No path, and the hash of the file as it lies there."""
    write_tape(tmp_path, ROWS)
    (tmp_path / MESSAGE).write_bytes(b"")

    assert hashes(tape_in(tmp_path))[0] == (
        MESSAGE,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    )
    assert [name for name, _ in hashes(tape_in(tmp_path))] == [MESSAGE, BOOK]


def line(file: str, row: int, text: str | None) -> Callable[[Path], None]:
    """Put another text in a row of a file, counted from 1; None takes the row out."""

    def change(folder: Path) -> None:
        lines = (folder / file).read_text().splitlines()
        lines[row - 1 : row] = [] if text is None else [text]
        (folder / file).write_text("".join(f"{each}\n" for each in lines))

    return change


GOOD_BOOK = "1000200,280,1000000,200,1000300,400,999900,500"

BROKEN = [
    (line(MESSAGE, 2, "34201,4,1,20,1000200"), f"{MESSAGE} row 2: 6 columns were expected, were 5"),
    (line(MESSAGE, 2, "34201,4,1,20,1000200,-1,7"), f"{MESSAGE} row 2: 6 columns were expected, were 7"),
    (line(MESSAGE, 3, ""), f"{MESSAGE} row 3: 6 columns were expected, were 0"),
    (
        line(MESSAGE, 1, "Time,Type,Order ID,Size,Price,Direction"),
        f"{MESSAGE} row 1: a number was expected, was 'Time'",
    ),
    (line(MESSAGE, 2, "34201,4,1,nan,1000200,-1"), f"{MESSAGE} row 2: a number was expected, was 'nan'"),
    (line(MESSAGE, 2, "inf,4,1,20,1000200,-1"), f"{MESSAGE} row 2: a number was expected, was 'inf'"),
    (line(MESSAGE, 2, "34201,4,1,20.5,1000200,-1"), f"{MESSAGE} row 2: whole numbers were expected"),
    (line(MESSAGE, 2, "34201,4,1,20,1e30,-1"), f"{MESSAGE} row 2: whole numbers were expected"),
    (line(MESSAGE, 3, "1e300,5,1,20,1000200,-1"), f"{MESSAGE} row 3: its time is after the end of the day"),
    (line(BOOK, 2, GOOD_BOOK.replace("280", "280.5")), f"{BOOK} row 2: whole numbers were expected"),
    (line(MESSAGE, 1, "-1,1,1,20,1000200,-1"), f"{MESSAGE} row 1: its time is before midnight"),
    (line(MESSAGE, 2, "34201,8,1,20,1000200,-1"), f"{MESSAGE} row 2: an unknown message type"),
    (line(MESSAGE, 2, "34201,0,1,20,1000200,-1"), f"{MESSAGE} row 2: an unknown message type"),
    (line(MESSAGE, 2, "34201,4,1,20,0,-1"), f"{MESSAGE} row 2: an execution without a price"),
    (line(MESSAGE, 2, "34201,1,1,-20,1000200,-1"), f"{MESSAGE} row 2: less than no shares"),
    (line(MESSAGE, 2, "34201,4,1,20,1000200,0"), f"{MESSAGE} row 2: an execution with a direction other than 1 and -1"),
    (line(MESSAGE, 3, None), f"{MESSAGE} ends after row 2, {BOOK} goes on"),
    (line(BOOK, 3, None), f"{BOOK} ends after row 2, {MESSAGE} goes on"),
    (line(BOOK, 2, "1000200,280,1000000,200"), f"{BOOK} row 2: 8 columns were expected, were 4"),
    (line(BOOK, 2, GOOD_BOOK.replace("280", "x")), f"{BOOK} row 2: a number was expected, was 'x'"),
    (line(BOOK, 2, GOOD_BOOK.replace("280", "-5")), f"{BOOK} row 2: a negative size or price"),
    (line(BOOK, 2, GOOD_BOOK.replace("999900", "0")), f"{BOOK} row 2: a negative size or price"),
    (line(BOOK, 2, GOOD_BOOK.replace("1000300", "1000200")), f"{BOOK} row 2: the levels are not in order"),
    (line(BOOK, 2, GOOD_BOOK.replace("999900", "1000100")), f"{BOOK} row 2: the levels are not in order"),
    (lambda folder: (folder / MESSAGE).write_bytes(b"\x00\xff\x80\n" * 3) and None, f"{MESSAGE} row 1: 6 columns"),
    (lambda folder: (folder / MESSAGE).write_text("") and None, f"{MESSAGE} row 1: the file is empty"),
    (lambda folder: (folder / BOOK).write_text("") and None, f"{BOOK} row 1: the file is empty"),
    (
        lambda folder: [(folder / name).write_text("") for name in (MESSAGE, BOOK)] and None,
        f"{MESSAGE} row 1: the file is empty",
    ),
]


@pytest.mark.parametrize(("breaking", "words"), BROKEN, ids=[words for _, words in BROKEN])
def test_a_broken_tape_is_refused_with_file_and_row(
    tmp_path: Path, breaking: Callable[[Path], None], words: str
) -> None:
    """The first bad row, counted from 1, and what was expected there."""
    write_tape(tmp_path, ROWS)
    breaking(tmp_path)

    with pytest.raises(TapeError) as caught:
        read(tmp_path)

    assert caught.value.reason.startswith(words)
    assert caught.value.exit_code is ExitCode.INVALID_DOCUMENT


@pytest.mark.parametrize("file", [MESSAGE, BOOK])
@pytest.mark.parametrize("keep", [0.5, 0.999])
def test_a_truncated_gzip_is_refused(tmp_path: Path, file: str, keep: float) -> None:
    """With the file and the last row that could be read."""
    rows: list[tuple[Say, Row]] = [((n / 1000, 1, n + 1, 100.0, 1), CALM) for n in range(3_000)]
    write_tape(tmp_path, rows, zipped=True)
    path = tmp_path / f"{file}.gz"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])

    with pytest.raises(TapeError, match=rf"{file}\.gz is cut short or damaged after row \d+: "):
        read(tmp_path)


def test_what_is_no_gzip_is_refused(tmp_path: Path) -> None:
    """A plain file under the name of a compressed one."""
    write_tape(tmp_path, ROWS, zipped=True)
    (tmp_path / f"{BOOK}.gz").write_text(GOOD_BOOK)

    with pytest.raises(TapeError, match="cut short or damaged after row 0"):
        read(tmp_path)


def test_a_missing_folder_is_not_ready(tmp_path: Path) -> None:
    """By name, never by path."""
    with pytest.raises(NotReadyError, match=r"^the tape folder away does not exist"):
        tape_in(tmp_path / "away")


def test_a_folder_without_a_tape_is_not_ready(tmp_path: Path) -> None:
    """With an example of what was expected."""
    (tmp_path / "notes.txt").write_text("nothing")

    with pytest.raises(NotReadyError, match=r"holds no message file\n.*AMZN_2012-06-21"):
        tape_in(tmp_path)


def test_a_tape_without_its_book_is_not_ready(tmp_path: Path) -> None:
    """The missing file is named."""
    write_tape(tmp_path, ROWS)
    (tmp_path / BOOK).unlink()

    with pytest.raises(NotReadyError, match=f"has no book file\n{BOOK}"):
        tape_in(tmp_path)


def test_two_tapes_in_a_folder_are_refused(tmp_path: Path) -> None:
    """Which of the two would be played?"""
    write_tape(tmp_path, ROWS)
    write_tape(tmp_path, ROWS, name=NAME.replace("TEST", "MORE"))

    with pytest.raises(TapeError, match=r"holds 2 tapes: MORE_.*, TEST_"):
        tape_in(tmp_path)


def test_a_book_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """Plain and compressed may differ."""
    write_tape(tmp_path, ROWS)
    (tmp_path / f"{BOOK}.gz").write_bytes(gzip.compress(b""))

    with pytest.raises(TapeError, match="twice, plain and gzip"):
        tape_in(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "row 1: the file is empty"), ("1,2\na,b\n", "row 2: the row does not begin with a time")],
)
def test_a_last_row_without_a_time_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """Nobody could say how long the tape is."""
    write_tape(tmp_path, ROWS)
    (tmp_path / MESSAGE).write_text(text)

    with pytest.raises(TapeError, match=words):
        last_stamp_ns(tape_in(tmp_path))


def test_an_earlier_time_is_played_with_the_row_above(tmp_path: Path) -> None:
    """The file's own times stay beside it, for the checks."""
    write_tape(tmp_path, ROWS)
    line(MESSAGE, 3, "34200.9,5,1,20,1000200,-1")(tmp_path)
    (chunk,) = chunks(tape_in(tmp_path))

    assert chunk.stamp_ns == [34_200_500_000_000, 34_201_000_000_001, 34_201_000_000_001]
    assert chunk.stamps.tolist() == [34_200_500_000_000, 34_201_000_000_001, 34_200_900_000_000]


@pytest.mark.parametrize("bid", ["1000200", "1000300"])
def test_a_crossed_or_locked_row_is_not_sound(tmp_path: Path, bid: str) -> None:
    """Nor has its top moved; the next sound one is compared with the last sound one."""
    write_tape(tmp_path, ROWS)
    line(BOOK, 2, f"1000200,280,{bid},200,1000300,400,999900,500")(tmp_path)
    (chunk,) = chunks(tape_in(tmp_path))

    assert chunk.sound == [True, False, True]
    assert chunk.top_moved == [True, False, True]


def test_soundness_is_carried_across_chunks(tmp_path: Path) -> None:
    """A chunk of crossed rows only does not change what the next is compared with."""
    crossed: Row = ((100.00, 300), (100.02, 200), (100.03, 400), (99.99, 500))
    rows: list[tuple[Say, Row]] = [((n / 1000, 1, 1, 100.0, 1), CALM) for n in range(CHUNK_ROWS)]
    rows += [((10 + n / 1000, 1, 1, 100.0, 1), crossed) for n in range(CHUNK_ROWS)]
    rows += [((20, 1, 1, 100.0, 1), CALM)]
    read_in = list(chunks(tape_in(write_tape(tmp_path, rows))))

    assert [sum(chunk.top_moved) for chunk in read_in] == [1, 0, 0]


@pytest.mark.parametrize("file", [MESSAGE, BOOK])
def test_a_tape_is_found_by_either_of_its_files(tmp_path: Path, file: str) -> None:
    """Also beside another tape, because the name says which."""
    write_tape(tmp_path, ROWS)
    write_tape(tmp_path, ROWS, name=NAME.replace("TEST", "MORE"))

    assert tape_in(tmp_path / file).messages == tmp_path / MESSAGE


def test_the_last_row_is_counted(tmp_path: Path) -> None:
    """Its time and its number."""
    assert last_stamp(tape_in(write_tape(tmp_path, ROWS))) == (34_202_000_000_000, 3)


def test_a_cut_message_file_has_no_end(tmp_path: Path) -> None:
    """The pass over the file notices it too."""
    write_tape(tmp_path, ROWS, zipped=True)
    path = tmp_path / f"{MESSAGE}.gz"
    path.write_bytes(path.read_bytes()[:-9])

    with pytest.raises(TapeError, match="cut short or damaged"):
        last_stamp_ns(tape_in(tmp_path))


def test_a_file_that_cannot_be_read_is_not_ready(tmp_path: Path) -> None:
    """A directory under the name of a message file."""
    write_tape(tmp_path, ROWS)
    (tmp_path / MESSAGE).unlink()
    (tmp_path / MESSAGE).mkdir()

    with pytest.raises(NotReadyError, match=f"^{MESSAGE} cannot be read: "):
        read(tmp_path)
