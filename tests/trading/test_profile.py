"""Tests of the Profile document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.errors import ExitCode
from engine.config.kinds import DocKind
from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.kernel.streams import stream
from engine.trading.profile import Profile, ProfileError, ServiceTime
from engine.trading.stages import ServiceTimes

from .desk_world import QUICK

ROOT = Path(__file__).parents[2]
PROFILE = DocKind("profile", Profile, "scenarios.d")


def shipped() -> Profile:
    """The shipped profile, through the real loader."""
    library = Library(Workspace.find(ROOT), (PROFILE,))
    loaded = library.load(PROFILE, ROOT / "scenarios.d/profiles/default.yaml")
    library.raise_problems()
    assert loaded is not None
    return loaded.value


def times(p50: float, p99: float, p999: float, longest: float) -> ServiceTime:
    """A service time of these points."""
    return ServiceTime(p50_us=p50, p99_us=p99, p999_us=p999, max_us=longest)


def test_points_that_grow_are_in_order() -> None:
    """Equal points are allowed: a fixed time is a distribution too."""
    assert times(10, 10, 10, 10).disorder == ""
    assert times(1, 2, 3, 4).disorder == ""


@pytest.mark.parametrize(
    "points",
    [(10, 9, 20, 30), (10, 20, 19, 30), (10, 20, 30, 29), (0, 1, 2, 3), (-1, 1, 2, 3), (float("nan"), 1, 2, 3)],
)
def test_points_that_do_not_grow_are_out_of_order(points: tuple[float, float, float, float]) -> None:
    """Out of order, zero, negative or NaN: the sentence says what was expected, and nothing can be drawn from it."""
    service = times(*points)

    assert service.disorder.startswith("0 < p50_us <= p99_us <= p999_us <= max_us was expected, was ")
    with pytest.raises(ValueError, match="was expected"):
        ServiceTimes(service, stream(1, "x"))


def test_the_refusal_names_every_stage_and_its_figures() -> None:
    """Whoever wrote the document finds the place, and gets all of them at once; the exit code is that of a document."""
    with pytest.raises(ProfileError) as caught:
        replace(QUICK.stages, governor=times(10, 9, 20, 30), ack_link=times(5, 5, 5, 4))

    assert caught.value.reason == (
        "stages.governor: 0 < p50_us <= p99_us <= p999_us <= max_us was expected, was 10, 9, 20, 30; "
        "stages.ack_link: 0 < p50_us <= p99_us <= p999_us <= max_us was expected, was 5, 5, 5, 4"
    )
    assert caught.value.exit_code is ExitCode.INVALID_DOCUMENT


def test_the_shipped_profile_loads() -> None:
    """It has every stage, and its governor's P99 leaves room below the gate of 10 ms."""
    profile = shipped()

    assert profile.profile == "default"
    assert profile.stages.governor == times(120, 2_500, 6_000, 12_000)


def test_the_shipped_profile_says_that_it_is_modelled() -> None:
    """No figure in it passes for a measured one."""
    text = (ROOT / "scenarios.d/profiles/default.yaml").read_text()

    assert "not measured" in shipped().source
    assert "MODELLED" in text
    assert "stress calibrate governor" in text
