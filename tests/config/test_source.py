"""Files as bytes: bounded, hashed, decoded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.source import MOST_BYTES, read_file, text_of


def code_of(path: Path) -> list[str]:
    """The codes of the problems of a file."""
    problems = Problems()
    assert read_file(path, path.name, problems).node is None
    return [problem.code for problem in problems.all]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xef\xbb\xbfa: 1", "Y102"),
        ("a: 1".encode("utf-16"), "Y102"),
        (b"a: 1\0", "Y104"),
        (b"\x89PNG\r\n\x1a\n\0\0", "Y104"),
        (b"a: \xff", "Y104"),
        (b"a: " + b"x" * MOST_BYTES, "Y103"),
        (b"a: " + b"x" * 10_000_000, "Y103"),
        (b"", "Y101"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    """Each with a code of its own."""
    path = tmp_path / "x.yaml"
    path.write_bytes(data)

    assert code_of(path) == [code]


def test_a_directory_called_like_a_document_is_refused(tmp_path: Path) -> None:
    """A directory x.yaml is no document."""
    (tmp_path / "x.yaml").mkdir()

    assert code_of(tmp_path / "x.yaml") == ["R302"]


def test_a_missing_file_is_a_problem_and_no_exception(tmp_path: Path) -> None:
    """It is reported with all the others."""
    assert code_of(tmp_path / "x.yaml") == ["R301"]


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    """A link to itself is one that not even root can open."""
    (tmp_path / "x.yaml").symlink_to("x.yaml")

    assert code_of(tmp_path / "x.yaml") == ["R303"]


def test_the_size_of_a_large_file_is_told(tmp_path: Path) -> None:
    """A person wants to know how far it is off."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"#" * 12_345_678)
    problems = Problems()
    read_file(path, "x.yaml", problems)

    assert problems.all[0].message == "the file is larger than 1 MB (12.3 MB)"


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    """Also of a file that is invalid."""
    path = tmp_path / "x.yaml"
    path.write_bytes(b"a: 1\r\n")

    assert read_file(path, "x.yaml", Problems()).sha256 == hashlib.sha256(b"a: 1\r\n").hexdigest()


@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    """A document, or a problem that can be shown."""
    problems = Problems()
    text = text_of(data, "f.yaml", problems)
    node = read_text(text, "f.yaml", problems) if text is not None else None

    assert (node is None) == bool(problems.errors)
    assert problems.render()
