"""The small scenario's workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runs.small import Desk, Run


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty workspace for the small scenario."""
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The small scenario as it stands, played and judged once."""
    return Desk(tmp_path_factory.mktemp("small")).run()
