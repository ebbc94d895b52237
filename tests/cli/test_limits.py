"""``stress limits diff``: what changed between two limits documents, for people, programs and shells."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import REPOSITORY, Stress

SHIPPED = (REPOSITORY / "scenarios.d" / "limits" / "equity_day.yaml").read_text(encoding="utf-8")


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Path, Path]:
    """The shipped limits, and the same with a tighter position and without a leverage."""
    tighter = SHIPPED.replace("      hard: 8000\n", "      hard: 7900\n").replace("  leverage:\n    hard: 2.3\n", "")
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(SHIPPED, encoding="utf-8")
    new.write_text(tighter, encoding="utf-8")
    return old, new


def test_no_difference_is_exit_0(stress: Stress) -> None:
    """By name, with or without its folder."""
    done = stress("limits", "diff", "equity_day", "limits/equity_day")

    assert (done.code, done.out, done.err) == (0, "no difference\n", "")


def test_each_difference_is_a_line_and_exit_1(stress: Stress, documents: tuple[Path, Path]) -> None:
    """What it was, what it is, and what that means."""
    done = stress("limits", "diff", *documents)

    assert (done.code, done.err) == (1, "")
    assert [line.split() for line in done.out.splitlines() if not line.startswith("warning")] == [
        ["removed", "firm.leverage.hard", "2.3", "->", "none"],
        ["tightened", "instrument.SPY.position_shares.hard", "8,000", "->", "7,900"],
    ]


def test_json_is_one_document(stress: Stress, documents: tuple[Path, Path]) -> None:
    """Nothing else on standard output; what does not exist is left out."""
    done = stress("limits", "diff", *documents, "--json")

    assert done.code == 1
    assert done.json["schema"] == "stress.limits_diff/1"
    assert done.json["old"]["sha256"] != done.json["new"]["sha256"]
    assert done.json["differences"] == [
        {"limit": "firm.leverage.hard", "old": 2.3, "change": "removed"},
        {"limit": "instrument.SPY.position_shares.hard", "old": 8000, "new": 7900, "change": "tightened"},
    ]


def test_a_document_that_is_not_there_or_wrong_is_exit_3(stress: Stress, tmp_path: Path) -> None:
    """Each problem at its place."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SHIPPED.replace("  - risk.two\n", ""), encoding="utf-8")

    assert stress("limits", "diff", "equity_day", "no_such").code == 3
    done = stress("limits", "diff", "equity_day", wrong)
    assert (done.code, done.out) == (3, "")
    assert "R354" in done.err
