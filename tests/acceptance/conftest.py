"""Runs of the shipped scenarios that several tests look at, each played once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.governors import module
from tests.cli.command import Done, Stress


@dataclass(frozen=True)
class Ran:
    """One run of the command, with the result that it left."""

    done: Done
    folder: Path

    @property
    def result(self) -> Any:
        """``result.json`` of the run."""
        return json.loads((self.folder / "result.json").read_text(encoding="utf-8"))

    @property
    def log(self) -> list[Any]:
        """``log.jsonl`` of the run."""
        return [json.loads(line) for line in (self.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


FlashCrash = Callable[..., Ran]


def governed_by(text: str, target: str) -> str:
    """The scenario *text* with a governor of somebody's own in its desk, by its structure.

    Raise ValueError if it has no desk, or a governor already: nothing would be exchanged, or something else.
    """
    document = yaml.safe_load(text)
    desk = document.get("desk")
    if not isinstance(desk, dict) or "governor" in desk:
        raise ValueError(f"a desk that leaves the governor to its base was expected, was {desk}")
    desk["governor"] = {"kind": "python", "target": target}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


@pytest.fixture(scope="session")
def flash_crash(tmp_path_factory: pytest.TempPathFactory) -> FlashCrash:
    """``stress run scenarios.d/flash_crash.yaml`` in a process of its own; the same words are run only once."""

    @cache
    def run(*words: str, hash_seed: str = "random") -> Ran:
        stress = Stress(tmp_path_factory.mktemp("flash_crash"), {"PYTHONHASHSEED": hash_seed})
        done = stress("run", "scenarios.d/flash_crash.yaml", *words)
        (folder,) = stress.results()
        return Ran(done, folder)

    return run


@pytest.fixture(scope="session")
def with_governor(tmp_path_factory: pytest.TempPathFactory) -> FlashCrash:
    """``flash_crash`` in a workspace made by ``stress init``, with a governor of somebody's own put in."""
    stress = Stress(tmp_path_factory.mktemp("desk"))
    assert stress("init", ".").code == 0
    (stress.folder / "my_desk.py").write_text(module(), encoding="utf-8")
    scenario = stress.folder / "scenarios.d/flash_crash.yaml"
    shipped = scenario.read_text(encoding="utf-8")

    @cache
    def run(name: str) -> Ran:
        scenario.write_text(governed_by(shipped, f"my_desk:{name}"), encoding="utf-8")
        before = set(stress.results())
        done = stress("run", "scenarios.d/flash_crash.yaml")
        (folder,) = set(stress.results()) - before
        return Ran(done, folder)

    return run
