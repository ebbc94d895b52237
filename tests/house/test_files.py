"""The repository's files: nothing in them belongs to one machine, and every line can be read."""

from __future__ import annotations

import re

import pytest

from tests.house.house import committed, name_of

HOMES = ("home", "root", "Users", "work", "private", "mnt", "scratch")
MACHINE = re.compile(rf"(?<![\w.$}}*~/-])/(?:{'|'.join(HOMES)})/\w|[A-Z]:\\Users\\", re.ASCII)
"""The beginning of an absolute path into somebody's machine (not of a URL, not of a relative path)."""
TEXTS = [path for path in committed() if b"\0" not in path.read_bytes()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"/{'home'}/ann/stress", True),
        (f'"/{"root"}/venv/bin"', True),
        (f"File /{'work'}/main/x.py", True),
        (f"C:{chr(92)}Users{chr(92)}ann", True),
        ("https://example.org/home/ann", False),
        ("scenarios.d/home/ann", False),
        ("$DIR/home/ann", False),
        ("/dev/full /usr/bin /etc/passwd", False),
    ],
)
def test_a_machines_path_is_known_when_it_is_seen(text: str, found: bool) -> None:
    """The pattern below can fail, and does not cry at a URL."""
    assert bool(MACHINE.search(text)) is found


def test_no_file_names_a_machine() -> None:
    """A clone elsewhere has no such path, and nobody needs to know where it was written."""
    named = [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for path in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE.search(line)
    ]

    assert named == []


def test_every_python_file_is_plain_utf_8() -> None:
    """No byte order mark, no carriage return, one line end at the end."""
    odd = []
    for path in committed():
        content = path.read_bytes()
        if path.suffix == ".py" and content:
            content.decode("utf-8")
            if content.startswith(b"\xef\xbb\xbf") or b"\r" in content or not content.endswith(b"\n"):
                odd.append(name_of(path))

    assert odd == []


def test_there_are_files_to_look_at() -> None:
    """An empty list would let everything pass."""
    names = {name_of(path) for path in TEXTS}

    assert len(names) > 200
    assert {"README.md", "pyproject.toml", "engine/base/units.py", "scenarios.d/flash_crash.yaml"} <= names
