"""``stress data check``: what goes to which stream, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stress

BARS = "date,open,high,low,close,volume\n" + "".join(
    f"2020-01-{day:02},100,{high},99,100,{volume}\n" for day, high, volume in ((6, 102, 5), (7, 101, 0), (8, 99, 0))
)


@pytest.fixture
def bars(stress: Stress) -> Path:
    """A file with a bad bar and two without volume."""
    path = stress.folder / "bars.csv"
    path.write_text(BARS, encoding="utf-8")
    return path


def test_findings_stand_before_facts_and_are_no_error(stress: Stress, bars: Path) -> None:
    """The page on standard output, exit 0."""
    done = stress("data", "check", bars)
    lines = done.out.splitlines()

    assert (done.code, done.err) == (0, "")
    assert lines[0] == "bars with volume · 3 rows"
    assert lines[1] == "2020-01-06 00:00:00.000 to 2020-01-08 00:00:00.000 UTC"
    assert lines.index("findings") < lines.index("facts")
    assert "  zero_volume: 2   Nothing was traded in a bar: a halt, or a bar that was made up" in lines
    assert "    first: bars.csv:3: nothing was traded in the bar of 2020-01-07" in lines
    assert "    bars.csv:4: the range does not hold open and close: open 100, high 99, low 99, close 100" in lines
    assert any(line.split()[:3] == ["close_max", "100", "quote"] for line in lines)


def test_all_shows_every_finding_kept(stress: Stress, bars: Path) -> None:
    """Not only the first of each code."""
    done = stress("data", "check", bars, "--all")

    assert "    bars.csv:3: nothing was traded in the bar of 2020-01-07" in done.out.splitlines()
    assert "    bars.csv:4: nothing was traded in the bar of 2020-01-08" in done.out.splitlines()


def test_json_is_one_document_without_paths(stress: Stress, bars: Path) -> None:
    """stress.data/1, and nothing else on either stream."""
    done = stress("data", "check", bars, "--json")

    assert (done.code, done.err) == (0, "")
    assert (done.json["schema"], done.json["name"]) == ("stress.data/1", "bars.csv")
    assert [(each["code"], each["count"]) for each in done.json["tapes"][0]["findings"]] == [
        ("bad_bar", 1),
        ("zero_volume", 2),
    ]
    assert str(stress.folder) not in done.out


def test_a_clean_file_says_that_nothing_was_found(stress: Stress, bars: Path) -> None:
    """And a figure that the data do not define is a dash."""
    bars.write_text("date,open,high,low,close\n2020-01-06,1,2,1,2\n2020-01-07,2,2,1,2\n", encoding="utf-8")
    lines = stress("data", "check", bars).out.splitlines()

    assert "findings: none" in lines
    assert any(line.split()[:2] == ["volume", "–"] for line in lines)


def test_the_folder_one_stands_in_has_a_name(stress: Stress, bars: Path) -> None:
    """A dot is resolved before it is reported."""
    done = stress("data", "check", ".", "--json")

    assert (done.code, done.json["name"]) == (0, stress.folder.name)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (None, 4, "stress: bars.csv does not exist"),
        ("", 3, "stress: bars.csv row 1: the file is empty"),
        ("a,b\n1,2\n", 3, "stress: bars.csv row 1: market data of no known form: 'a,b'"),
        (BARS + "2020-01-09,1,1,1\n", 3, "stress: bars.csv row 5: 6 columns were expected, were 4"),
    ],
)
def test_errors_name_file_and_row(stress: Stress, bars: Path, text: str | None, code: int, said: str) -> None:
    """On standard error; nothing on standard output."""
    bars.unlink() if text is None else bars.write_text(text, encoding="utf-8")
    done = stress("data", "check", bars)

    assert (done.code, done.out, done.err.splitlines()[0]) == (code, "", said)


def test_help_says_that_findings_are_no_errors(stress: Stress) -> None:
    """And what 3 and 4 mean."""
    text = " ".join(stress("data", "check", "--help").out.split())

    assert "the exit code is 0 with and without them" in text
    assert "end in 3, data that are not there in 4" in text
