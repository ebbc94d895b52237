"""Digests: the sha256 of a file, whatever its size."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from engine.stores.digests import sha256_of

MIB = 1 << 20


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7])
def test_a_digest_is_of_every_byte(tmp_path: Path, size: int) -> None:
    """Also where the file ends on, before or after a chunk."""
    content = bytes(place % 251 for place in range(size))
    path = tmp_path / "file"
    path.write_bytes(content)

    assert sha256_of(path) == sha256(content).hexdigest()


def test_the_digest_of_abc_is_the_published_one(tmp_path: Path) -> None:
    """FIPS 180-2, appendix B.1."""
    (tmp_path / "abc").write_bytes(b"abc")

    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_missing_file_has_no_digest(tmp_path: Path) -> None:
    """None is made up."""
    with pytest.raises(FileNotFoundError):
        sha256_of(tmp_path / "nowhere")
