"""The documentation runner itself: it must catch a page that lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import blocks, differences, run_console, validate_yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted([REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *(REPOSITORY / "docs").rglob("*.md")])

NOT_RUN = {
    "CONTRIBUTING.md": ["the whole suite, by .ci/run"],
    "README.md": [
        "installs from the network; .ci/run does it",
        "installs from the network; .ci/run does it",
    ],
    "docs/flash-crash-2010.md": ["takes more than a minute"],
    "docs/real-data.md": ["needs market data that is not shipped"],
    "docs/reference/governor.md": ["tests/docs/test_examples.py does"],
    "docs/selftest.md": ["half an hour"],
    "docs/realism.md": [
        "takes minutes",
        "needs market data that is not shipped",
        "takes minutes",
        "needs market data that is not shipped",
        "needs market data that is not shipped",
    ],
}
"""Every block that is not run, by page: a new one is a decision."""


def test_a_page_that_promises_something_else_is_caught() -> None:
    """A wrong line is a difference; the right one and ``...`` are not."""
    said = "first\nsecond\nthird\n"

    assert differences("first\nsecond\nthird\n", said) == ""
    assert differences("first\n...\n", said) == ""
    assert "-zweite" in differences("first\nzweite\nthird\n", said)
    assert differences("first\n", said) != ""


def test_a_command_is_really_run(tmp_path: Path) -> None:
    """The runner prints what the command prints, and where it runs is its own folder."""
    (tmp_path / "x.txt").write_text("here\n", encoding="utf-8")

    assert run_console("cat x.txt; exit 3", tmp_path, {"PATH": "/usr/bin:/bin"}) == "here\n"


def test_a_wrong_document_is_caught(tmp_path: Path) -> None:
    """A YAML block with a misspelt key does not pass."""
    assert "S201" in validate_yaml("gate_set: x\ntitel: oops\ngates: []\n", tmp_path)


def test_blocks_are_found_with_their_reasons() -> None:
    """Fences, languages and the not-run remark are read off a page."""
    page = "a\n```console\n$ echo x\nx\n```\n\n<!-- not run: why -->\n```yaml\na: 1\n```\n"

    found = list(blocks(page))

    assert [(block.language, block.not_run) for block in found] == [("console", ""), ("yaml", "why")]
    assert list(found[0].commands()) == [("echo x", "x\n")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_what_is_not_run_is_listed(page: Path) -> None:
    """A block that looks like a command or a document is run, or stands in the list with its reason."""
    name = page.relative_to(REPOSITORY).as_posix()
    found = list(blocks(page.read_text(encoding="utf-8")))

    assert [block.not_run for block in found if block.not_run] == NOT_RUN.get(name, [])
    unmarked = [block for block in found if block.language in ("sh", "bash", "shell", "") and not block.not_run]
    assert [block.text for block in unmarked if block.text.lstrip("$ ").startswith(("stress", "pip", "python"))] == []
