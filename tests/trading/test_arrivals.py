"""Tests of the Arrivals document: what it says, what it refuses, and that the shipped ones say what the tapes do."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.errors import ExitCode
from engine.config.kinds import DocKind
from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.trading.arrivals import Arrivals, ArrivalsError

ROOT = Path(__file__).parents[2]
ARRIVALS = DocKind("arrivals", Arrivals, "scenarios.d")
TAPES = Path(os.environ.get("STRESS_DATA", ROOT.parent / "shared" / "data"))


def shipped(name: str) -> Arrivals:
    """A shipped document, through the real loader."""
    library = Library(Workspace.find(ROOT), (ARRIVALS,))
    loaded = library.load(ARRIVALS, ROOT / f"scenarios.d/profiles/{name}.yaml")
    library.raise_problems()
    assert loaded is not None
    return loaded.value


def two_seconds(**changes: object) -> Arrivals:
    """Two seconds in steps of 50 ms: one of silence but for its last step, and an even one."""
    quiet, even = (0.0,) * 19 + (80.0,), (2.0,) * 20
    fields: dict[str, object] = {
        "arrivals": "two_seconds",
        "title": "Made up",
        "source": "made up for tests",
        "mean_per_s": 10.0,
        "step_ms": 50,
        "peak_to_mean_1s": 4.0,
        "peak_to_mean_100ms": 40.0,
        "weights": (quiet, even),
    }
    return Arrivals(**(fields | changes))  # type: ignore[arg-type]


def test_peaks_are_read_on_the_grid() -> None:
    """A second is a row; 100 ms are two steps of 50 ms."""
    day = two_seconds()

    assert (day.peak(1000), day.peak(100), day.peak(50)) == (4, 40, 80)
    assert day.length_s == 2
    assert len(day.flat) == 40


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"step_ms": 30}, "step_ms: a whole part of 100 ms was expected, was 30"),
        ({"step_ms": 100}, "weights: 10 steps were expected in second 0, were 20"),
        ({"weights": ()}, "rates of 0 or more were expected, and one above 0"),
        ({"weights": ((0.0,) * 20,)}, "rates of 0 or more were expected, and one above 0"),
        ({"weights": ((4.0,) * 19 + (-1.0,),)}, "rates of 0 or more were expected"),
        ({"weights": ((4.0,) * 19 + (float("nan"),),)}, "rates of 0 or more were expected"),
        ({"weights": ((4.0,) * 20, (4.0,) * 19)}, "20 steps were expected in second 1, were 19"),
        ({"peak_to_mean_1s": 4.1}, "peak_to_mean_1s: 4 was expected .* was 4.1"),
        ({"peak_to_mean_100ms": 80.0}, "peak_to_mean_100ms: 40 was expected .* was 80"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, object], says: str) -> None:
    """With the exit code of a document that is invalid."""
    with pytest.raises(ArrivalsError, match=says) as refused:
        two_seconds(**changes)

    assert refused.value.exit_code is ExitCode.INVALID_DOCUMENT


def test_a_stated_peak_may_be_rounded() -> None:
    """Half a percent is for people."""
    assert two_seconds(peak_to_mean_100ms=40.1).peak(100) == 40


@pytest.mark.parametrize(
    ("name", "mean_per_s", "peak_1s", "peak_100ms"),
    [("lobster_amzn", 155_935 / 23_400, 344, 328), ("lobster_aapl", 118_497 / 23_400, 373, 192)],
)
def test_the_shipped_days_reach_the_peaks_of_the_tapes(
    name: str, mean_per_s: float, peak_1s: int, peak_100ms: int
) -> None:
    """Messages in the busiest second and 100 ms of the day (AMZN: x52 and x490), from the weights alone."""
    day = shipped(name)

    assert day.mean_per_s == pytest.approx(mean_per_s, rel=1e-5)
    assert day.length_s == 60
    assert day.peak(1000) * day.mean_per_s == pytest.approx(peak_1s, rel=1e-4)
    assert day.peak(100) * day.mean_per_s / 10 == pytest.approx(peak_100ms, rel=1e-4)
    assert day.peak_to_mean_1s == pytest.approx(day.peak(1000), rel=1e-3)
    assert day.peak_to_mean_100ms == pytest.approx(day.peak(100), rel=1e-3)


def test_amzn_is_as_bursty_as_the_reference_says() -> None:
    """Times 52 in a second, times 490 in a tenth of one."""
    day = shipped("lobster_amzn")

    assert round(day.peak_to_mean_1s) == 52
    assert round(day.peak_to_mean_100ms, -1) == 490


@pytest.mark.parametrize("name", ["amzn", "aapl"])
def test_the_script_derives_the_shipped_document_from_the_tape(name: str) -> None:
    """Byte for byte; only where the tapes lie."""
    tape = TAPES / f"lobster-{name}-2012-06-21"
    if not tape.is_dir():
        pytest.skip(f"no tape {tape.name}: set STRESS_DATA to the folder that holds it")
    script = ROOT / "bench" / "derive_arrivals.py"
    derived = subprocess.run([sys.executable, script, tape], capture_output=True, text=True, check=True, cwd=ROOT)

    assert derived.stdout == (ROOT / f"scenarios.d/profiles/lobster_{name}.yaml").read_text(encoding="utf-8")


def test_documents_that_say_the_same_are_equal() -> None:
    """What was computed on the way is no part of it."""
    day = two_seconds()
    assert day.flat

    assert day == two_seconds() != replace(day, mean_per_s=11.0)
