"""What every room's tests share: hypothesis that gives the same examples everywhere, and the command itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from tests.cli.command import Stress

settings.register_profile("stress", derandomize=True, deadline=None)
settings.load_profile("stress")


@pytest.fixture
def stress(tmp_path: Path) -> Stress:
    """The command ``stress`` as a user starts it, in an empty folder."""
    return Stress(tmp_path)
