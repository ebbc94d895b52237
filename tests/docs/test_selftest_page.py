"""The page about the self-test lists what the defects say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.trading import defects

PAGE = (Path(__file__).resolve().parents[2] / "docs/selftest.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_stands_on_the_page_with_what_catches_it(name: str) -> None:
    """In the words of its own file."""
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    caught = "; ".join(f"`{each.gate}` in `{each.scenario}`" for each in defects.caught_by(name))
    live = "live only: " if defects.live_only(name) else ""

    assert row == f"| `{name}` | {defects.story(name).partition('.' + chr(10))[0]} | {live}{caught} |"
